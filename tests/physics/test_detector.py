"""The detector: what it takes from the inputs, and that a kilogram has the electrons that chemistry gives it."""

import pytest
from nuem import Chapter, NuemError
from nuem.physics.detector import gemma
from nuem.physics.units import HOUR

THEN = Chapter().published


def test_a_kilogram_of_germanium_by_avogadros_number():
    germanium = gemma(THEN)
    assert germanium.atoms_per_kg == pytest.approx(6.02214e23 * 1000 / 72.63, rel=1e-4)
    assert germanium.electrons_per_kg == 32 * germanium.atoms_per_kg


def test_plans_change_what_they_name_and_nothing_else():
    built, second, third = (gemma(THEN, phase) for phase in (1, 2, 3))
    assert (built.flux, built.threshold, built.on) == (
        THEN.gemma_flux,
        THEN.gemma_threshold,
        THEN.gemma_hours_on * HOUR,
    )
    assert (second.flux, second.mass, second.background) == (THEN.gemma2_flux, THEN.gemma2_mass, THEN.gemma2_background)
    assert second.threshold == THEN.gemma2_threshold
    assert {**vars(third), "threshold": None} == {**vars(second), "threshold": None}
    assert third.threshold == THEN.gemma3_threshold
    for one in (second, third):
        assert (one.on, one.off, one.upper) == (built.on, built.off, built.upper)


def test_a_threshold_can_be_tried():
    assert gemma(THEN, threshold=1.5).threshold == 1.5


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: gemma(THEN, 4), ("phase = '4'", "1, 2, 3")),
        (lambda: gemma(THEN, threshold=0.0), ("threshold = 0.0", "> 0")),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(NuemError) as caught:
        call()
    assert all(word in str(caught.value) for word in words)
