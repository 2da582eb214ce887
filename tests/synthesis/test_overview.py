"""Tables of all bounds: what stands together, in which unit and order."""

import pytest
from nuem import NuemError
from nuem.review.bounds import Interval, Measurement
from nuem.synthesis import overview
from nuem.synthesis.compared import Compared
from records_made_up import COMMON, PLACE, claim, limit, region


def test_a_property_is_compared_in_its_own_unit():
    assert overview.size(limit(unit="e0", value=2e-9)) == 2e-9
    assert overview.size(limit(parameter="m_γ", unit="GeV", value=1.0)) == pytest.approx(1e9)  # eV


def test_a_bound_in_a_unit_that_its_property_does_not_have_is_refused():
    with pytest.raises(NuemError, match=PLACE + ".* has the unit 'C', but a charge is compared in 1 or e0"):
        overview.size(limit(unit="C"))


def test_the_size_is_the_larger_end_without_its_sign():
    fields = {**COMMON, "id": "radius/today", "parameter": "⟨r²⟩", "unit": "cm^2"}
    assert overview.size(Interval(**fields, lower=-3e-32, upper=2e-32)) == 3e-32
    assert overview.size(Measurement(**fields, value=-1e-32, error=3e-32)) == 4e-32
    assert overview.size(limit(value=2e-9, error=1e-9)) == 2e-9, "what inputs do to a limit makes it no larger"


@pytest.mark.parametrize(
    "fields, title",
    [
        ({"chapter": "chapters/laboratory/neutrality-of-matter"}, overview.NEUTRAL),
        ({"chapter": "chapters/laboratory/muon-g-2"}, overview.LABORATORY),
        ({"chapter": "chapters/cosmology/nucleosynthesis"}, overview.SKY),
        ({"parameter": "μ_ν", "unit": "mu_B"}, "Magnetic moment"),
        ({"parameter": "ΔN"}, overview.OTHERS),
    ],
)
def test_charges_stand_by_where_they_were_looked_for(fields, title):
    assert overview.group_of(limit(**fields)) == title


def test_a_charge_from_a_new_part_of_the_book_asks_for_a_table():
    with pytest.raises(NuemError, match=r"satellites/made-up \(cell result\): no table has charges of the part"):
        overview.group_of(limit(chapter="chapters/satellites/made-up"))


def test_tables_are_sorted_by_size_and_leave_out_symbols():
    bounds = [
        limit(id="large/today", value=1e-6, cl=0.9, sided=1),
        limit(id="small/recomputed", vintage="recomputed", value=2e-9),
        limit(id="small/today", value=1e-9),
        limit(id="moment/today", parameter="μ_ν", unit="mu_B", value=3e-11),
        region(),
    ]
    found = overview.tables(Compared(bounds, []))
    assert list(found) == [overview.SKY, "Magnetic moment"]
    small, large = found[overview.SKY]
    assert small[0][0] == {"text": "a bound", "bound": "small"}
    assert small[1:4] == ["—", {"text": "< 2.0 × 10⁻⁹", "whole": True}, {"text": "< 1.0 × 10⁻⁹", "whole": True}]
    assert large[0][0]["bound"] == "large" and large[0][1]["text"] == "90 % CL, one-sided"


def test_only_what_is_printed_and_recomputed_has_a_ratio():
    printed = "davidson-hannestad-raffelt-2000/con-range-5kev"
    bounds = [
        limit(id="weak/published", vintage="published", value=1e-9, claim=printed),
        limit(id="weak/recomputed", vintage="recomputed", value=3e-9),
        limit(id="strong/published", vintage="published", value=1e-9, claim=printed),
        limit(id="strong/recomputed", vintage="recomputed", value=5e-10),
        limit(id="alone/recomputed", vintage="recomputed"),
    ]
    found = overview.ratios(Compared(bounds, []))
    assert list(found) == ["strong", "weak"]
    assert found == pytest.approx({"strong": 0.5, "weak": 3.0})


def test_a_summary_says_what_the_paper_prints_and_how_it_came_out():
    printed = "davidson-hannestad-raffelt-2000/con-range-5kev"
    bounds = [
        limit(id="charge/published", vintage="published", claim=printed),
        limit(id="charge/recomputed", vintage="recomputed", value=2e-9),
        limit(id="other/today"),
    ]
    [row] = overview.summaries(Compared(bounds, [claim(printed, "discrepant")]))
    paper, where, title, as_printed, recomputed, today, verdict = row
    assert (paper, where, verdict) == ({"source": "davidson-hannestad-raffelt-2000"}, "eq. (1)", "discrepant")
    assert title == {"text": "a bound", "bound": "charge"}
    assert "|ε|" not in as_printed["text"] and (recomputed, today) == ({"text": "< 2.0 × 10⁻⁹", "whole": True}, "—")


def test_what_was_measured_stands_before_larger_and_smaller_predictions():
    theory = {"chapter": "chapters/theory/made-up", "parameter": "μ_ν", "unit": "mu_B"}
    bounds = [
        limit(id="predicted/today", value=1e-20, cl_method="prediction", **theory),
        limit(id="star/today", value=1e-12, parameter="μ_ν", unit="mu_B"),
        limit(id="beam/today", value=1e-10, **{**theory, "chapter": "chapters/laboratory/made-up"}),
        limit(id="one-sigma/today", value=1e-11, cl=0.68, sided=1, **{**theory, "chapter": "chapters/laboratory/x"}),
    ]
    rows = overview.tables(Compared(bounds, []))["Magnetic moment"]
    assert [row[0][0]["bound"] for row in rows] == ["beam", "one-sigma", "star", "predicted"]
    assert [row[4][1]["together"][0]["text"] for row in rows] == ["measured", "measured", "star model", "predicted"]
    assert rows[0][4][1]["together"][0]["page"] == "chapters/laboratory/made-up.html#what-could-be-wrong"
