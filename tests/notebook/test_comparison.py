"""A reader's run beside the published one: what moved, how strongly, why nothing did, and what is refused."""

import re

import pytest
from nuem.errors import NuemError
from nuem.notebook.chapter import Chapter
from nuem.notebook.comparison import value_of
from nuem.review import reads
from nuem.review.bounds import of_kind
from nuem.review.records import VIEW_MIME

THEORY, CHARGE, FOREIGN = "muon_anomaly_theory_error", "muon_calibration_error", "gemma_background"


def limit(inputs):
    return 2.0 * inputs.muon_anomaly_theory_error**0.5 + 0.0 * inputs.muon_calibration_error


@pytest.fixture
def shown(monkeypatch):
    outputs = []
    monkeypatch.setattr("nuem.notebook.chapter.display", lambda data, raw, metadata=None: outputs.append(data))
    return outputs


def run_of(outputs):
    """What a reader's copy would carry of these outputs."""
    from nuem.press import copies
    from nuem.view import cards

    executed = {"cells": [{"outputs": [{"data": data} for data in outputs]}]}
    return {
        "chapter": "made-up",
        "inputs": [THEORY, CHARGE],
        "numbers": {key: list(number) for key, number in copies._numbers(executed).items()},
        "shown": [cards.fingerprint(view) for view in copies._views(executed)],
        "sources": {},
        "places": {},
    }


@pytest.fixture
def read(shown, monkeypatch):
    """Runs a small chapter and says what moved: rows and remarks."""

    def chapter(overrides, published=None):
        shown.clear()
        monkeypatch.setattr(reads, "_named", {"inputs": set(), "claims": set(), "files": set()})
        opened = Chapter(overrides, published)
        opened.publish("made-up", limit, title="A limit", parameter="ε", cl=0.9, cl_method="sensitivity", sided=2)
        opened.number("ratio", opened.today.muon_anomaly_theory_error / 1e-10, "a ratio")
        opened.text("words", "constant", "words")
        if not published:
            return run_of(shown)
        opened.what_moved()
        view = shown[-1][VIEW_MIME]
        return {row[0]: row for row in view["rows"]}, " ".join(view["remarks"])

    return chapter


def test_what_moved_has_both_texts_and_its_elasticity(read):
    published = read({})
    before = published["numbers"]["made-up.today"][1]
    rows, remarks = read({THEORY: 4 * (before / 2) ** 2}, published)
    assert set(rows) == {"made-up.today", "ratio"}
    assert list(rows) == ["ratio", "made-up.today"], "what moved most stands first"
    assert rows["made-up.today"][2] == published["numbers"]["made-up.today"][0] != rows["made-up.today"][3]
    assert (rows["made-up.today"][4], rows["ratio"][4]) == ("+0.50", "+1.00")
    assert remarks == ""


def test_with_several_own_inputs_each_has_the_elasticity_of_its_own(read):
    rows, _ = read({THEORY: 1e-7, CHARGE: 1e-4}, read({}))
    assert rows["made-up.today"][4] == f"+0.50 ({THEORY})" and rows["ratio"][4] == "—"


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({}, "The published inputs were used"),
        ({CHARGE: "9e-4"}, f"{CHARGE}: the bound that follows it most, made-up/.*, has the elasticity .0.00"),
        ({THEORY: None}, "yours is the book's value"),
    ],
)
def test_where_nothing_moved_it_says_why(read, overrides, words):
    published = read({})
    if overrides.get(THEORY, 0) is None:
        overrides = {THEORY: (published["numbers"]["made-up.today"][1] / 2) ** 2}
    rows, remarks = read(overrides, published)
    assert rows == {}
    assert re.search(words, remarks), remarks


def test_what_has_not_run_yet_is_said(read, shown, monkeypatch):
    published = read({})
    monkeypatch.setattr(reads, "_named", {"inputs": set(), "claims": set(), "files": set()})
    opened = Chapter({THEORY: 1e-7}, published)
    opened.what_moved()
    remarks = " ".join(shown[-1][VIEW_MIME]["remarks"])
    assert "Not run yet: the cells of 4 of 4 numbers" in remarks and f"{THEORY}: no cell has read it yet" in remarks


def test_an_input_of_another_chapter_is_refused_with_its_name(read):
    with pytest.raises(NuemError, match=f"override of {FOREIGN}: made-up doesn't read it.*reactor-magnetic-moment"):
        Chapter({FOREIGN: 1.0}, read({}))
    Chapter({FOREIGN: 1.0})  # a source that carries no published run can't know


def test_cards_that_own_inputs_change_are_marked_and_others_are_not(read, shown):
    published = read({})
    read({THEORY: 1e-7}, published)
    bound, ratio, words = (
        next(data["text/html"] for data in shown if data.get(VIEW_MIME, {}).get(name) == value)
        for name, value in (("kind", "bound"), ("key", "ratio"), ("key", "words"))
    )
    assert "With your inputs:" in bound and "your inputs</span>" in bound
    assert f"The published run has {published['numbers']['ratio'][0]}:" in ratio
    assert "published run has" not in words
    read({}, published)
    assert not any('nuem-mark">' in data.get("text/html", "") for data in shown)


def test_papermill_s_text_is_read_as_yaml(shown):
    assert Chapter(f"{{{THEORY}: 1e-7}}").inputs.overrides == {THEORY: "1e-7"}
    with pytest.raises(NuemError, match="overrides is not a mapping"):
        Chapter("nonsense")


def test_without_a_published_run_there_is_nothing_to_compare_with(shown):
    with pytest.raises(NuemError, match="open its reader's copy"):
        Chapter().what_moved()


def test_a_region_counts_by_its_lowest_edge():
    curve = {"x": [1.0, 2.0], "lower": [None, 3e-9], "upper": [1.0, 1.0], "units": {"x": "eV", "y": "1"}}
    common = {"id": "a/today", "title": "a", "parameter": "ε", "unit": "1", "vintage": "today"}
    assert value_of(of_kind("region", curve=curve, **common)) == 3e-9
    assert value_of(of_kind("limit", value=2.0, **common)) == 2.0
