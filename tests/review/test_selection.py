"""Choosing bounds, and what they give to others: tables, text, citations."""

import csv
import io

import numpy as np
import pytest
from nuem import NuemError
from nuem.review.bounds import Limit, Region
from nuem.review.selection import COLUMNS, Bounds

COMMON = {"title": "a bound, of a star", "unit": "1", "vintage": "today", "chapter": "chapters/stars/made-up"}
USED = {"name": "mass", "value": 2.0, "error": 0.1, "unit": "keV", "where": "p. 1", "checked": "source"}
USED |= {"elasticity": 0.5, "contribution": 0.025, "overridden": False}


def limit(name, **fields):
    return Limit(**{**COMMON, "id": f"{name}/today", "parameter": "|ε|", "value": 1e-9, **fields})


def region(name, x, lower, upper):
    curve = {"x": x, "lower": lower, "upper": upper, "units": {"x": "eV", "y": "1"}}
    return Region(**COMMON, id=f"{name}/today", parameter="ε", curve=curve)


MOMENT = limit("moment", parameter="μ_ν", unit="mu_B", flavour="ν_e", inputs=({**USED, "source": "doe-2001"},))
CHARGE = limit("charge", claim="roe-2002/eq-1")
OPEN = region("open", [1.0, 10.0, 100.0], [1e-9, 2e-9, 3e-9], [None, None, 1e-6])
FAR = region("far", [1e6, 1e7], [1e-5, 1e-5], [1e-3, 1e-3])
BOUNDS = Bounds(
    [MOMENT, CHARGE, OPEN, FAR], {"book": "@misc{nuem,\n}", "sources": {"doe-2001": "DOE", "roe-2002": "ROE"}}
)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"parameter": "μ_ν"}, [MOMENT]),
        ({"parameter": "ε"}, [CHARGE, OPEN, FAR]),
        ({"parameter": "|ε|"}, [CHARGE, OPEN, FAR]),
        ({"flavour": "ν_e"}, [MOMENT]),
        ({"vintage": "published"}, []),
        ({"mass": (50, 60)}, [OPEN]),
        ({"mass": (100, 1e6)}, [OPEN, FAR]),
        ({"mass": (101, 9e5)}, []),
        ({"parameter": "ε", "mass": (2e6, 2e6)}, [FAR]),
        ({}, [MOMENT, CHARGE, OPEN, FAR]),
    ],
)
def test_bounds_are_chosen_by_all_that_is_given(wanted, found):
    assert BOUNDS.only(**wanted) == found


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"parameter": "mu_nu"}, "no bound has the parameter 'mu_nu'. .*Allowed are: ε, μ_ν"),
        ({"flavour": "tau"}, "no bound has the flavour 'tau'. Allowed are: ν_e"),
        ({"vintage": "tomorrow"}, "no bound has the vintage 'tomorrow'"),
        ({"mass": (2, 1)}, "the lowest and the highest mass in eV, in this order"),
        ({"mass": (-1, 1)}, "the lowest and the highest mass in eV"),
        ({"mass": (float("nan"), 1)}, "the lowest and the highest mass in eV"),
    ],
)
def test_what_no_bound_has_is_refused(wanted, message):
    with pytest.raises(NuemError, match=message):
        BOUNDS.only(**wanted)


def test_csv_gives_back_what_went_in():
    rows = list(csv.DictReader(io.StringIO(BOUNDS.csv())))
    assert tuple(rows[0]) == COLUMNS
    assert [row["id"] for row in rows] == ["moment/today", "charge/today", "open/today", "far/today"]
    assert float(rows[1]["value"]) == CHARGE.value and rows[1]["title"] == "a bound, of a star"
    assert rows[2]["value"] == "" and rows[2]["kind"] == "region"


def test_a_table_has_the_same_rows_as_the_csv():
    pandas = pytest.importorskip("pandas")
    table, text = BOUNDS.table(), pandas.read_csv(io.StringIO(BOUNDS.csv()))
    assert list(table.columns) == list(text.columns)
    assert list(table["id"]) == list(text["id"])
    assert table["value"].tolist()[:2] == text["value"].tolist()[:2]


def test_the_sources_of_a_bound_and_of_its_claim_are_cited():
    assert BOUNDS.cite() == "@misc{nuem,\n}\n\nDOE\n\nROE\n"
    assert BOUNDS.only(parameter="μ_ν").cite() == "@misc{nuem,\n}\n\nDOE\n"
    with pytest.raises(NuemError, match=r"no citations\.json beside these bounds"):
        Bounds([MOMENT]).cite()


def test_an_outline_follows_the_edge_there_and_back_and_leaves_out_what_is_open():
    assert OPEN.outline().tolist() == [[1, 1e-9], [10, 2e-9], [100, 3e-9], [100, 1e-6]]
    assert FAR.outline().tolist() == [[1e6, 1e-5], [1e7, 1e-5], [1e7, 1e-3], [1e6, 1e-3]]


def test_a_curve_reads_back_as_two_columns_and_says_what_it_is():
    text = OPEN.text()
    assert np.loadtxt(io.StringIO(text)) == pytest.approx(OPEN.outline(), rel=1e-6)
    head = [line for line in text.splitlines() if line.startswith("#")]
    assert "# columns: mass in eV; ε" in head
    assert any(line.startswith("# confidence level: ") for line in head)
