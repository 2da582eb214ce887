"""The directives: tables and pictures that say what the records say, with links that fit the page they stand on."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from docutils.parsers.rst import DirectiveError
from nuem.press import ledger, tables
from nuem.review import claims, inputs, records
from nuem.review.bounds import Limit
from nuem.review.place import at
from nuem.review.records import Verdict
from sphinx.errors import ExtensionError

BIBLIOGRAPHY = """
@article{made-up, author = {Doe, Jane and van der Waals, J. D.}, title = {A}, year = {1992}}
@article{alone, author = {Miller M{\\"u}ller, Eva}, title = {B}, year = {2001}}
@article{three, author = {Doe, Jane and Roe, R. and Low, L.}, title = {C}, year = {2002}}
@article{more, author = {Doe, Jane and others}, title = {D}, year = {2003}}
@article{group, author = {Doe, Jane}, collaboration = {{GEMMA}}, title = {E}, year = {2012}}
"""


@pytest.fixture
def app(tmp_path, monkeypatch):
    """Of Sphinx what the directives use: a source folder with a bibliography."""
    monkeypatch.delenv("NUEM_BOOK", raising=False)
    (tmp_path / "references.bib").write_text(BIBLIOGRAPHY)
    followed = []
    environment = SimpleNamespace(note_dependency=followed.append, followed=followed)
    return SimpleNamespace(srcdir=str(tmp_path), env=environment)


@pytest.fixture
def labels(app, made_up_claims):
    """As `app`, with claims of a paper that stands in its bibliography."""
    return app


def directive(kind, app, found=None, arguments=(), docname="reference/page"):
    """A directive as Sphinx would make it for a page."""
    app._nuem_records = found or records.Book()
    environment = SimpleNamespace(app=app, docname=docname)
    state = SimpleNamespace(document=SimpleNamespace(settings=SimpleNamespace(env=environment)))
    machine = SimpleNamespace(reporter=None)
    return kind("name", list(arguments), {}, None, 1, 0, "", state, machine)


def shown(*arguments, **keywords):
    [node] = directive(*arguments, **keywords).run()
    assert node["format"] == "html"
    return BeautifulSoup(node.astext(), "html.parser")


def rows(soup):
    return [[" ".join(cell.stripped_strings) for cell in row.find_all("td")] for row in soup.tbody.find_all("tr")]


def bound_of(name, vintage, used):
    """A limit, and how each of the inputs it uses was checked."""
    common = {"value": 1.0, "error": 0.0, "unit": "1", "source": "s", "elasticity": None, "contribution": 0.0}
    row = tuple({"name": name, "checked": checked, **common} for name, checked in used.items())
    return Limit(id=f"{name}/{vintage}", title="t", parameter="ε", unit="1", vintage=vintage, value=1.0, inputs=row)


def located(record, chapter="chapters/stars/suns"):
    return at(record, chapter, "cell")


# -- authors and years -----------------------------------------------------------------------------------------------


def test_labels_have_authors_as_a_text_names_them(app):
    labels = tables.citation_labels(app)
    assert labels == {
        "made-up": "Doe & van der Waals 1992",
        "alone": "Miller Müller 2001",
        "three": "Doe et al. 2002",
        "more": "Doe et al. 2003",
        "group": "GEMMA 2012",
    }


@pytest.mark.parametrize("docname, to_root", [("index", ""), ("reference/page", "../"), ("a/b/c", "../../")])
def test_links_lead_to_the_root_from_any_depth(app, docname, to_root):
    links = tables.PageLinks(app, docname)
    assert links.page("chapters/stars/suns.html#doubts") == f"{to_root}chapters/stars/suns.html#doubts"
    assert links.page("") == ""


def test_a_source_leads_to_its_entry(labels):
    soup = BeautifulSoup(tables.PageLinks(labels, "a/b/c").source("made-up"), "html.parser")
    assert soup.a["href"] == "../../reference/bibliography.html#cite-made-up"
    assert soup.a.string == "Doe & van der Waals 1992"


def test_a_page_knows_where_bounds_and_verdicts_stand(labels):
    suns = located(bound("one", "today", "age"))
    labels._nuem_records = records.Book(bounds=[suns], verdicts=VERDICTS.verdicts)
    links = tables.PageLinks(labels, "a/b")
    assert links.bound("one") == "../chapters/stars/suns.html#bound-one"
    assert links.claim("made-up/power") == "../chapters/stars/suns.html#claim-made-up-power"
    assert links.claim("made-up/pair") == links.claim("made-up/pair#low")
    assert links.claim("made-up/statement") == "#"  # not settled
    with pytest.raises(ExtensionError, match="a/b: no chapter publishes the bound 'two'"):
        links.bound("two")


# -- verdicts --------------------------------------------------------------------------------------------------------

VERDICTS = records.Book(
    verdicts=[
        located(Verdict(claim="made-up/power", verdict="reproduced", recomputed=2e-3, factor=2.0)),
        located(Verdict(claim="made-up/pair#low", verdict="reproduced", recomputed=2.0, factor=1.0)),
        located(
            Verdict(
                claim="made-up/pair#high",
                verdict="discrepant",
                recomputed=-8.0,
                factor=-2.0,
                severity="minor",
                explanation="a sign: $a < b$",
            )
        ),
    ]
)


def test_verdicts_are_counted_by_paper(labels):
    soup = shown(tables.VerdictsTable, labels, VERDICTS)
    head = [cell.string for cell in soup.thead.find_all("th")]
    row, *_ = rows(soup)
    counts = dict(zip(head, row, strict=True))
    assert counts.pop("paper").startswith("Doe &") and counts.pop("claims") == "5"
    # The pair is as good as its worst part, and counts once.
    assert {name for name, count in counts.items() if count != "0"} == {
        "reproduced",
        "discrepant",
        "open",
        "independent errors",
    }
    assert (counts["reproduced"], counts["discrepant"], counts["independent errors"]) == ("1", "1", "1")
    # the other three have no verdict: a row adds up
    assert counts["open"] == "3"


def test_a_name_and_a_count_lead_to_the_claims_that_they_are_about(labels):
    soup = shown(tables.VerdictsTable, labels, VERDICTS)
    links = {cell.string: cell["href"] for cell in soup.tbody.tr.find_all("a")}
    ledger = "../chapters/synthesis/errata.html"
    assert links["Doe & van der Waals 1992"] == f"{ledger}?paper=made-up#the-ledger"
    assert f"{ledger}?paper=made-up&verdict=discrepant#the-ledger" in [a["href"] for a in soup.tbody.tr.find_all("a")]
    assert "quoted" not in " ".join(links.values()), "nothing to show behind a zero"


def test_where_every_claim_has_a_verdict_there_is_no_column_for_open_ones(labels):
    whole = records.Book(
        verdicts=[
            located(Verdict(claim=part.id, verdict="quoted", recomputed="as printed", checked="source"))
            for claim in claims.load().values()
            for part in claim.parts or [claim]
        ]
    )
    soup = shown(tables.VerdictsTable, labels, whole)
    assert "open" not in [cell.string for cell in soup.thead.find_all("th")]
    for _, count, *verdicts, _ in rows(soup):
        assert sum(map(int, verdicts)) == int(count)


@pytest.fixture
def ledger_rows(labels):
    """The rows of the ledger by the name of their claim."""
    nodes = directive(ledger.Ledger, labels, VERDICTS, docname="chapters/synthesis/errata").run()
    soup = BeautifulSoup("".join(node.astext() for node in nodes), "html.parser")
    assert soup.script["src"] == "../../_static/ledger.js" and soup.script.has_attr("defer")
    return {row["data-id"].partition("/")[2]: row for row in soup.ol.find_all("li", recursive=False)}


def facts(row):
    """Pairs of what a row compares, in its order."""
    return [
        tuple(" ".join(part.stripped_strings) for part in pair.find_all(["dt", "dd"])) for pair in row.select("div")
    ]


def test_a_row_of_the_ledger_begins_with_the_verdict_and_sets_printed_beside_found(ledger_rows):
    assert list(ledger_rows) == ["power", "digits", "formula", "statement", "pair"]
    power = ledger_rows["power"]
    first, *_ = power.p.stripped_strings
    assert first == "reproduced" and power.strong.string == "eq. (1)"
    assert facts(power) == [("printed", "< 10⁻³"), ("found here", "2.0 × 10⁻³"), ("ratio", "2.0")]
    assert facts(ledger_rows["formula"])[0] == ("printed", r"\((x+1)^2\)")
    assert "made-up" not in power.get_text(), "the name of a claim is for machines"


def test_parts_of_a_claim_are_compared_one_by_one_and_its_reason_is_folded(ledger_rows):
    pair = ledger_rows["pair"]
    assert [part.find_previous("p").string for part in pair.find_all("dl")] == ["lower end:", "upper end:"]
    assert facts(pair) == [
        ("printed", "2.0 keV"),
        ("found here", "2.00 keV"),
        ("ratio", "1.0"),
        ("printed", "4.0 keV"),
        ("found here", "−8.00 keV"),
        ("ratio", "−2.0"),
    ]
    assert " ".join(pair.details.stripped_strings) == r"why a sign: \(a < b\)"


def test_a_row_has_an_address_and_a_settled_one_leads_to_its_card(ledger_rows):
    hrefs = {name: [link["href"] for link in row.find_all("a")] for name, row in ledger_rows.items()}
    assert hrefs["power"][0] == "../../chapters/stars/suns.html#claim-made-up-power"
    assert hrefs["pair"][0] == "../../chapters/stars/suns.html#claim-made-up-pair-low"
    assert all(hrefs[name][-1] == f"#{row['id']}" for name, row in ledger_rows.items())
    assert len({row["id"] for row in ledger_rows.values()}) == 5
    assert not any("#claim" in href for href in hrefs["digits"])


def test_a_row_carries_what_the_script_chooses_and_sorts_by(ledger_rows):
    chosen = {
        name: [row[f"data-{key}"] for key in ("paper", "verdict", "severity")] for name, row in ledger_rows.items()
    }
    assert chosen["pair"] == ["made-up", "discrepant", "minor"] and chosen["digits"] == ["made-up", "open", ""]
    assert float(ledger_rows["power"]["data-off"]) == pytest.approx(0.693147, rel=1e-5)
    assert float(ledger_rows["pair"]["data-off"]) == 1e9, "a wrong sign is farther off than any factor"
    assert ledger_rows["digits"]["data-off"] == ""


@pytest.mark.parametrize("paper", {claim.paper for claim in claims.load().values()})
def test_claims_stand_in_the_order_of_the_paper_s_equations(paper):
    places = [re.match(r"eqs?\. \((\d+)\)$", claim.where) for claim in claims.load().values() if claim.paper == paper]
    numbers = [int(place[1]) for place in places if place]
    assert numbers == sorted(numbers)


# -- executed copies -------------------------------------------------------------------------------------------------


@pytest.fixture
def executed(app, monkeypatch):
    """A book of one executed chapter whose cell `figure` shows a picture and whose cell `words` shows text."""
    cells = [
        {"id": "figure", "outputs": [{"data": {"text/html": ["<svg>", "</svg>"]}}]},
        {"id": "words", "outputs": [{"data": {"text/plain": "x"}}]},
    ]
    stamp = {"compute_seconds": 1.26, "seconds": 3.04, "megabytes": 210}
    notebook = {"cells": cells, "metadata": {"nuem": stamp}}
    book = SimpleNamespace(
        chapters=lambda: ["chapters/stars/suns"], executed_copy=lambda chapter: notebook, copy_of=Path
    )
    monkeypatch.setattr(tables, "the_book", lambda _: book)
    return app


def test_the_times_are_those_of_the_stamps(executed, monkeypatch):
    monkeypatch.setattr(tables, "title_of", lambda *_: "On suns: how they shine")
    soup = shown(tables.TimesTable, executed)
    assert rows(soup) == [["On suns: how they shine", "1.3", "3.0", "210"]]
    assert soup.tbody.a["href"] == "../chapters/stars/suns.html"


def test_a_figure_is_the_html_of_its_cell(executed):
    soup = shown(tables.FigureOf, executed, arguments=("chapters/stars/suns", "figure"))
    assert soup.div.svg is not None


@pytest.mark.parametrize("cell", ["words", "nowhere"])
def test_a_cell_without_a_figure_is_refused(executed, cell):
    with pytest.raises(DirectiveError) as error:
        directive(tables.FigureOf, executed, arguments=("chapters/stars/suns", cell)).run()
    assert f"chapters/stars/suns.ipynb has no cell '{cell}' that shows a figure" in error.value.msg


# -- inputs ----------------------------------------------------------------------------------------------------------


def test_every_input_of_the_book_has_its_line_and_its_source(app, monkeypatch):
    app.srcdir = str(ROOT)
    soup = shown(tables.InputsTable, app)
    names = inputs.read_files()
    assert {tag["id"] for tag in soup.select("code[id]")} == {f"input-{name}" for name in names}
    heads = [head.string for head in soup.find_all("h3")]
    assert len(heads) == len({file for file, _ in names.values()}) and "Constants" in heads
    assert "Supernova 1987A" in " ".join(heads)
    keys = {link["href"].partition("#cite-")[2] for link in soup.select("a.nuem-source")}
    assert keys and keys <= set(tables.citation_labels(app))
    assert all(link["href"].startswith("../reference/bibliography.html#cite-") for link in soup.find_all("a"))


def test_the_inputs_of_a_readers_copy_are_the_readers(app, tmp_path, monkeypatch):
    app.srcdir = str(ROOT)
    told = tmp_path / "book.json"
    told.write_text(json.dumps({"root": str(ROOT), "build": "", "overrides": {"muon_anomaly_error": "3.3e-10"}}))
    monkeypatch.setenv("NUEM_BOOK", str(told))
    soup = shown(tables.InputsTable, app)
    today = soup.find(id="input-muon_anomaly_error").find_parent("tr").find_all("td")[2].get_text(" ")
    assert "3.3 × 10⁻¹⁰" in today and "set by the reader" in today


MADE_UP_INPUTS = """
width:
  describe: the $width$
  unit: keV
  published: {value: "1.0(1)", source: made-up, where: p. 1, checked: memory}
  today: {value: "2.0", source: alone, where: p. 2}
spread: {describe: its error, unit: keV, published: {error_of: width}}
age:
  describe: the age
  unit: s
  published: {value: "3.0(1)", source: alone, where: p. 3, checked: none}
  today: {value: "3.0(1)", source: alone, where: p. 3, checked: none}
height: {describe: the height, unit: cm, today: {value: "4", source: three, where: p. 4, checked: secondhand}}
"""


@pytest.fixture
def some_inputs(app, tmp_path, monkeypatch):
    """As `app`, with a few inputs of which nobody could verify two, and bounds that use them."""
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "made-up.yml").write_text(MADE_UP_INPUTS)
    given = inputs.Inputs
    monkeypatch.setattr(inputs, "Inputs", lambda overrides: given(overrides, tmp_path / "inputs"))
    return app


RESTING = records.Book(
    bounds=[
        at(bound_of(name, vintage, used), "chapters/stars/suns", "cell")
        for name, vintage, used in (
            ("one", "recomputed", {"spread": "memory", "height": "secondhand"}),
            ("one", "today", {"width": "source"}),
            ("two", "recomputed", {"width": "memory"}),
            ("three", "today", {"height": "secondhand"}),
        )
    ]
)


def test_inputs_that_nobody_could_verify_stand_with_the_bounds_that_rest_on_them(some_inputs):
    soup = shown(tables.Unverified, some_inputs, RESTING)
    assert rows(soup) == [
        ["the \\(width\\)", "1.00 ± 0.10 keV, published", "from memory; Doe & van der Waals 1992", "t t"],
        ["the age", "3.00 ± 0.10 s, published and today", "not verified; Miller Müller 2001", "none"],
    ]
    assert soup.p.string.startswith("2 of 3 inputs have a value that nobody could verify")
    assert soup.p.string.endswith("2 of 3 bounds rest on such a value.")
    addresses = [link["href"] for link in soup.tbody.tr.find_all("a")]
    assert {"#input-width", "../chapters/stars/suns.html#bound-two"} < set(addresses)


def test_the_count_leads_to_the_list_from_any_page(some_inputs):
    soup = shown(tables.UnverifiedCount, some_inputs, RESTING, docname="index")
    assert "2 of 3 inputs" in soup.get_text() and "2 of 3 bounds" in soup.get_text()
    assert soup.a["href"] == "reference/inputs.html"


# -- the lists of the dependencies ---------------------------------------------------------------------------------


def bound(name, vintage, *used):
    return bound_of(name, vintage, dict.fromkeys(used, "source"))


def test_a_chapter_lists_what_enters_it_and_what_it_publishes_once(labels, monkeypatch):
    monkeypatch.setattr(tables, "title_of", lambda _, name: f"On {name.rpartition('/')[2]}")
    found = records.Book(
        bounds=[
            located(bound("one", "recomputed", "muon_mass")),
            located(bound("one", "today", "muon_mass", "electron_mass")),
            located(bound("two", "today", "electron_mass"), "chapters/laboratory/lamps"),
        ]
    )
    labels.env.found_docs = {"reference/inputs"}
    suns, lamps = shown(tables.Dependencies, labels, found).find_all("details")
    assert (
        suns.summary.string == "On suns (2 inputs, 1 bound)" and lamps.summary.string == "On lamps (1 inputs, 1 bound)"
    )
    assert [link["href"] for link in suns.find_all("a")] == [
        "../chapters/stars/suns.html",
        "../reference/inputs.html#input-muon_mass",
        "../reference/inputs.html#input-electron_mass",
        "../chapters/stars/suns.html#bound-one",
    ]
    assert [link.string for link in suns.find_all("a")][1:3] == ["muon mass", "electron mass"]
