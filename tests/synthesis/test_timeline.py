"""The line of time: which bounds stand on it, and at which year."""

import pytest
from nuem import NuemError
from nuem.notebook import figures
from nuem.synthesis import listings, overview, timeline
from nuem.synthesis.compared import Compared
from records_made_up import PLACE, claim, limit

HERE = "chapters/stars/made-up"


def test_a_chapter_belongs_to_the_paper_that_it_settles_most_of():
    ledger = [
        claim("gemma-2014/one", chapter=HERE),
        claim("studenikin-2014/one", chapter=HERE),
        claim("studenikin-2014/two", chapter=HERE),
        claim("gemma-2014/two"),
    ]
    assert timeline.main_papers(ledger) == {HERE: "studenikin-2014"}


def test_a_bound_stands_at_the_year_of_its_inputs():
    then = limit(id="charge/recomputed", vintage="recomputed")
    assert timeline.year_of(then, {HERE: "doe-2001"}) == 2001
    assert timeline.year_of(limit(), {}) == timeline.NOW


def test_a_bound_without_a_year_is_named():
    then = limit(id="charge/recomputed", vintage="recomputed")
    with pytest.raises(NuemError, match=PLACE + ": charge/recomputed .* settles no claim.*; settle one there"):
        timeline.year_of(then, {"chapters/stars/other": "doe-2001"})


@pytest.mark.parametrize(
    "fields, prop, stands",
    [
        ({"parameter": "q_ν"}, overview.CHARGE, True),
        ({"flavour": "ν_τ"}, overview.CHARGE, True),
        ({}, overview.CHARGE, False),  # of any milli-charged particle
        ({"parameter": "m_γ", "unit": "eV"}, overview.PHOTON, True),
        ({"parameter": "q_ν"}, overview.MOMENT, False),
        ({"parameter": "q_ν"}, None, False),
    ],
)
def test_only_bounds_on_the_same_property_of_neutrinos_stand_on_its_line(fields, prop, stands):
    assert timeline.stands_on(limit(**fields), prop) is stands


def entry(**fields):
    known = {"who": "Doe", "year": 2001, "doi": "10.1/x", "cl": 90, "how": "reactor", "technique": "", "is_limit": True}
    rest = {"text": "<3", "unit": "cm", "ends": (0.0, 3e-32), "used": True, "notes": ()}
    return listings.Entry(**{**known, **rest, **fields})


def test_marks_lie_at_the_larger_end_and_the_book_s_in_the_convention_of_the_table(monkeypatch):
    shown = {}
    monkeypatch.setattr(figures, "show", lambda figure, alt, tips: shown.update(figure=figure, alt=alt, tips=tips))
    radius = limit(id="radius/today", parameter="|⟨r²⟩|", unit="cm^2", value=4e-32)
    entries = [entry(), entry(ends=(-5e-32, 1e-32), doi=None, used=False), entry(ends=None)]
    timeline.timeline("S066CRD", entries, Compared([radius], []), overview.RADIUS, "r²")
    marks = {line.get_gid(): line for line in shown["figure"].axes[0].lines}
    places = {gid: (line.get_xdata()[0], line.get_ydata()[0]) for gid, line in marks.items()}
    assert places == {
        "S066CRD-0": (2001, 3e-32),
        "S066CRD-1": (2001, 5e-32),
        "book-radius-today": (timeline.NOW, pytest.approx(2e-32, rel=1e-12, abs=0)),
    }
    assert [marks[gid].get_marker() for gid in marks] == ["o", "s", "D"]
    assert marks["S066CRD-1"].get_markerfacecolor() == "none"
    assert set(shown["tips"]) == set(marks) and "3 marks" in shown["alt"]
    assert shown["tips"]["S066CRD-0"].url == "https://doi.org/10.1/x" and not shown["tips"]["S066CRD-1"].url
