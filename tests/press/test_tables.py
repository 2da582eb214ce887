"""The directives: tables and pictures that say what the records say, with links that fit the page they stand on."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from docutils.parsers.rst import DirectiveError
from nuem.press import tables
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
    found = records.Book(bounds=[located(bound("one", "today", "age"))])
    page = shown(tables.Dependencies, app, found, docname=docname)
    assert page.div["class"] == ["nuem-table", "tex2jax_process"]  # or its mathematics would stay TeX
    assert {link["href"] for link in page.find_all("a")} == {
        f"{to_root}reference/inputs.html#input-age",
        f"{to_root}chapters/stars/suns.html",
        f"{to_root}chapters/stars/suns.html#bound-one",
    }


def test_a_source_leads_to_its_entry(labels):
    soup = shown(tables.VerdictsTable, labels, docname="a/b/c")
    assert soup.tbody.a["href"] == "../../reference/bibliography.html#cite-made-up"
    assert soup.tbody.a.string == "Doe & van der Waals 1992"


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


def test_the_ledger_has_a_row_for_each_claim_with_its_parts(labels):
    soup = shown(tables.LedgerTable, labels, VERDICTS)
    assert "nuem-ledger" in soup.table["class"]
    table = {row[2].split()[-1]: row for row in rows(soup)}
    assert list(table) == ["power", "digits", "formula", "statement", "pair"]
    assert table["power"][3:6] == ["< 10⁻³", "2.0 × 10⁻³", "2.0"]
    assert table["digits"][4:] == ["—", "—", "open"]
    assert table["pair"][3:6] == ["2.0 keV 4.0 keV", "2.00 −8.00", "1.0 −2.0"]
    assert table["pair"][6] == r"discrepant (minor) why a sign: \(a < b\)"
    assert table["formula"][3] == r"\((x+1)^2\)"


def test_a_settled_claim_leads_to_its_card_and_an_open_one_nowhere(labels):
    soup = shown(tables.LedgerTable, labels, VERDICTS)
    links = {row.find_all("td")[2].code.string: row.find_all("td")[6].a for row in soup.tbody.find_all("tr")}
    assert links["power"]["href"] == "../chapters/stars/suns.html#claim-made-up-power"
    assert links["power"].span["class"] == ["nuem-badge", "nuem-good"]
    assert links["pair"]["href"] == "../chapters/stars/suns.html#claim-made-up-pair-low"
    assert links["digits"] is None


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


def test_the_times_are_those_of_the_stamps(executed):
    soup = shown(tables.TimesTable, executed)
    assert rows(soup) == [["stars/suns", "1.3", "3.0", "210"]]
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
    assert {head.string for head in soup.find_all("h3")} == {file.removesuffix(".yml") for file, _ in names.values()}
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
        ["the \\(width\\) width", "1.00 ± 0.10 keV, published", "from memory; Doe & van der Waals 1992", "one , two"],
        ["the age age", "3.00 ± 0.10 s, published and today", "not verified; Miller Müller 2001", "none"],
    ]
    assert soup.p.string.startswith("2 of 3 inputs have a value that nobody could verify")
    assert soup.p.string.endswith("2 of 3 bounds rest on such a value.")
    addresses = [link["href"] for link in soup.tbody.tr.find_all("a")]
    assert {"#input-width", "../chapters/stars/suns.html#bound-two"} < set(addresses)


def test_the_count_leads_to_the_list_from_any_page(some_inputs):
    soup = shown(tables.UnverifiedCount, some_inputs, RESTING, docname="index")
    assert "2 of 3 inputs" in soup.get_text() and "2 of 3 bounds" in soup.get_text()
    assert soup.a["href"] == "reference/inputs.html"


# -- the picture of the dependencies ---------------------------------------------------------------------------------


def bound(name, vintage, *used):
    return bound_of(name, vintage, dict.fromkeys(used, "source"))


def test_the_picture_joins_inputs_chapters_and_bounds(app):
    found = records.Book(
        bounds=[
            located(bound("one", "recomputed", "width")),
            located(bound("one", "today", "width", "age")),
            located(bound("two", "today", "age"), "chapters/laboratory/lamps"),
        ]
    )
    soup = shown(tables.Dependencies, app, found)
    edges = {(path["data-from"], path["data-to"]) for path in soup.find_all("path")}
    assert edges == {
        ("width", "suns"),
        ("age", "suns"),
        ("suns", "bound:one"),
        ("age", "lamps"),
        ("lamps", "bound:two"),
    }
    assert len(soup.find_all("path")) == len(edges), "two vintages of a bound are one line"
    addresses = {link["data-name"]: link["href"] for link in soup.find_all("a")}
    assert addresses == {
        "width": "../reference/inputs.html#input-width",
        "age": "../reference/inputs.html#input-age",
        "suns": "../chapters/stars/suns.html",
        "lamps": "../chapters/laboratory/lamps.html",
        "bound:one": "../chapters/stars/suns.html#bound-one",
        "bound:two": "../chapters/laboratory/lamps.html#bound-two",
    }
    assert soup.svg["aria-label"] == "Dependencies: 2 inputs enter 2 chapters, which publish 2 bounds"
    places = [(text["x"], text["y"]) for text in soup.find_all("text")]
    assert len(set(places)) == len(places), "two names stand on each other"
