"""Analyses of public data: what the experiments themselves found must come out before anything else is concluded."""

import re

import house_rules
import pytest
from nuem.review.inputs import Inputs

NOW = Inputs().today


@pytest.fixture(scope="module")
def argon(book):
    return house_rules.glued(book.executed_copy("chapters/laboratory/coherent-scattering-in-argon"))


def numbers(text):
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)]


def test_the_fit_to_argon_finds_the_collaborations_events(argon):
    """With the collaboration's own shape of the signal, to a tenth of its uncertainty; ours is statistical."""
    events, above, below = numbers(argon["closure"])
    printed = NOW.value("argon_fitted")
    assert abs(events - printed.nominal) < 0.1 * printed.error
    assert {above, below} <= {round(printed.error) + step for step in (-2, -1, 0, 1, 2)}
    assert numbers(argon["closure-significance"])[0] > 3, "the abstract says more than three"


@pytest.mark.parametrize("background", ["neutrons", "late_neutrons", "steady"])
def test_so_do_the_backgrounds(argon, background):
    printed = NOW.value(f"argon_{background}_fitted")
    assert abs(numbers(argon[f"fit-{background}"])[0] - printed.nominal) < 0.25 * printed.error


def test_the_prediction_for_argon_is_the_collaborations(argon):
    """Nothing is adjusted, so it may differ by the uncertainty that the collaboration gives for its own."""
    printed = NOW.value("argon_predicted")
    assert abs(numbers(argon["predicted"])[0] - printed.nominal) < printed.error
