"""The chapters that compare others refuse records that can't be compared, and say whose they are."""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from nuem import NuemError
from nuem.review import claims, reader
from nuem.review.bounds import Limit, Region

CHAPTERS = Path(__file__).parent.parent / "chapters" / "synthesis"
COMMON = {"title": "a bound", "vintage": "today", "chapter": "chapters/stars/made-up", "cell": "result"}
PLACE = r"chapters/stars/made-up \(cell result\)"


def run(chapter, cells, bounds, monkeypatch, ledger=()):
    """Run cells of a chapter with these bounds and claims in place of the book's."""
    monkeypatch.setattr(reader, "other_chapters", lambda: (bounds, list(ledger)))
    sources = {c["id"]: "".join(c["source"]) for c in json.loads((CHAPTERS / f"{chapter}.ipynb").read_text())["cells"]}
    names = {}
    for cell in cells:
        exec(compile(sources[cell], f"{chapter}/{cell}", "exec"), names)
    plt.close("all")
    return names


def limit(**fields):
    common = {"id": "charge/today", "parameter": "|ε|", "unit": "1", "value": 1e-9}
    return Limit(**{**COMMON, **common, **fields})


def region(x="eV", y="1"):
    curve = {"x": [1.0, 2.0], "lower": [1e-9, 1e-9], "upper": [1e-8, 1e-8], "units": {"x": x, "y": y}}
    return Region(**COMMON, id="plane/today", parameter="ε", unit=y, curve=curve)


def test_a_bound_in_a_unit_that_its_property_does_not_have_is_refused(monkeypatch):
    cells = ("parameters", "imports", "tables")
    sizes = run("bounds-then-and-now", cells, [limit(), limit(id="b/today", unit="e0", value=2e-9)], monkeypatch)
    assert sizes["size"](limit(unit="e0", value=2e-9)) == 2e-9
    assert sizes["size"](limit(parameter="m_γ", unit="GeV")) == pytest.approx(1.0)  # in eV
    with pytest.raises(NuemError, match=PLACE + ".* has the unit 'C', but a charge is compared in 1 or e0"):
        run("bounds-then-and-now", cells, [limit(unit="C")], monkeypatch)


@pytest.mark.parametrize("units", [("keV", "1"), ("eV", "mu_B")])
def test_a_region_in_other_units_is_not_drawn(units, monkeypatch):
    run("mass-charge-plane", ("parameters", "imports"), [region()], monkeypatch)
    with pytest.raises(NuemError, match=PLACE + f".* is in {units[0]} and {units[1]}; the plane needs eV and 1"):
        run("mass-charge-plane", ("parameters", "imports"), [region(*units)], monkeypatch)


def test_a_bound_that_no_chapter_publishes_any_more_is_named(monkeypatch):
    with pytest.raises(NuemError, match=r"no chapter publishes the bound eps-[a-z-]+/recomputed"):
        run("errata", ("parameters", "imports", "abstract-summary"), [limit()], monkeypatch)


def test_a_bound_of_a_new_paper_stands_in_the_year_of_its_key(monkeypatch):
    cells = ("parameters", "imports", "tables", "listings", "timeline")
    moment = {"parameter": "μ_ν", "unit": "mu_B", "flavour": "ν_e"}
    bounds = [limit(**moment), limit(**moment, id="charge/recomputed", vintage="recomputed")]
    claim = {"chapter": COMMON["chapter"], "paper": "doe-2001"}
    names = run("bounds-then-and-now", cells, bounds, monkeypatch, [claim])
    assert [names["year_of"](bound) for bound in bounds] == [names["NOW"], 2001]
    with pytest.raises(NuemError, match=PLACE + ": charge/recomputed .* settles no claim.*; settle one there"):
        run("bounds-then-and-now", cells, bounds, monkeypatch)


def test_readers_are_told_every_kind_of_verdict():
    """The head of the errata counts each, and the index says what it means."""
    errata = json.loads((CHAPTERS / "errata.ipynb").read_text())
    head = "".join(errata["cells"][0]["source"])
    index = (CHAPTERS.parent.parent / "index.md").read_text().replace("*", "")
    for verdict in claims.VERDICTS:
        assert f"{{glue:text}}`{verdict}`" in head, f"the head of the errata doesn't count {verdict}"
        assert verdict.replace("-", " ") in index, f"the index doesn't say what {verdict} means"
