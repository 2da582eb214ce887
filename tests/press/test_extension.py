"""The Sphinx extension: executed copies become pages, numbers lead to their origin, nothing private is published."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from nuem.errors import NuemError
from nuem.press import (
    errata,
    extension,
    layers,
    ledger,
    provenance,
    questions,
    reading,
    sheet,
    syllabus,
    symbols,
    tables,
    ways,
)
from nuem.review import records
from nuem.review.bounds import Limit
from nuem.review.reads import METADATA
from sphinx.errors import ExtensionError

ORIGINS = {"limit": provenance.Origin("the-cell", ("muon_mass", "electron_mass"))}


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.delenv("NUEM_BOOK", raising=False)
    (tmp_path / "CITATION.cff").write_text("title: T\nversion: '1'\nauthors: [{name: us}]\n")
    (tmp_path / "references.bib").write_text("@article{doe, author = {Doe, J.}, title = {T}, year = {1992}}\n")
    environment = SimpleNamespace(
        doc2path=lambda name: f"{name}.md" if name == "index" else f"{name}.ipynb",
        found_docs={"index", "reference/inputs"},
        note_dependency=lambda _: None,
    )
    return SimpleNamespace(srcdir=str(tmp_path), outdir=str(tmp_path / "out"), env=environment)


# -- numbers in the text ---------------------------------------------------------------------------------------------


def test_a_number_leads_to_its_line_and_a_bound_to_its_card():
    text = "see {glue:text}`limit`, {glue:text}`muon.today` and {glue:text}`stranger`"
    linked = extension._link_numbers(text, ORIGINS)
    assert '<a class="nuem-traced" href="#number-limit">{glue:text}`limit`</a>' in linked
    assert '<a class="nuem-traced" href="#bound-muon">{glue:text}`muon.today`</a>' in linked
    assert linked.endswith("and {glue:text}`stranger`")


@pytest.fixture
def links(app):
    return tables.PageLinks(app, "chapters/stars/suns", ORIGINS)


def output(view, metadata=None):
    """What a cell shows, with the HTML that it had in the notebook."""
    return {"metadata": metadata or {}, "data": {"text/html": "<p>of the notebook</p>", records.VIEW_MIME: view}}


def number(key):
    return {"kind": "number", "key": key, "label": "x", "text": "1"}


def of_site(view, links):
    """The HTML that the site makes of a view."""
    first = next(extension._rendered(output(view), links))
    return BeautifulSoup(first["data"]["text/html"], "html.parser")


def test_the_line_of_a_number_says_which_cell_and_inputs_made_it(links):
    line = of_site(number("limit"), links).p
    assert line["id"] == "number-limit"
    assert line.small.get_text() == "made by the cell “the cell” from: muon mass; electron mass"
    assert [link["href"] for link in line.find_all("a")] == [
        "../../reference/inputs.html#input-muon_mass",
        "../../reference/inputs.html#input-electron_mass",
    ]


def test_without_a_page_of_inputs_their_names_are_no_links(app, links):
    app.env.found_docs.clear()
    line = of_site(number("limit"), links)
    assert line.a is None and "muon mass" in line.get_text()


@pytest.mark.parametrize("other", [{"data": {"text/html": "<p >x</p>"}}, {"name": "stdout"}])
def test_other_outputs_stay_as_they_are(links, other):
    before = json.dumps(other)
    assert [json.dumps(shown) for shown in extension._rendered(other, links)] == [before]


def test_links_of_figures_lead_to_pages_where_the_notebook_has_notebooks(links):
    links_of_figure = '<a xlink:href="../stars/suns.ipynb#bound-x"/><a xlink:href="https://x.org/a.ipynb"/>'
    (shown,) = extension._rendered({"data": {"text/html": links_of_figure}}, links)
    expected = '<a href="../stars/suns.html#bound-x"/><a href="https://x.org/a.ipynb"/>'
    assert shown["data"]["text/html"] == expected


# -- outputs ---------------------------------------------------------------------------------------------------------


def listing(source):
    return {"kind": "table", "title": "", "head": ["source"], "rows": [[{"source": source}]]}


def test_views_become_the_html_of_the_site_and_nothing_private_remains(links):
    notes = {METADATA: {"reads": []}, "scrapbook": {"name": "x"}}
    (shown,) = extension._rendered(output(listing("doe"), notes), links)
    assert shown["metadata"] == {"scrapbook": {"name": "x"}} and set(shown["data"]) == {"text/html"}
    link = BeautifulSoup(shown["data"]["text/html"], "html.parser").a
    assert (link["href"], link.string) == ("../../reference/bibliography.html#cite-doe", "Doe 1992")
    assert "of the notebook" not in shown["data"]["text/html"]


def test_a_source_outside_the_bibliography_stops_the_build(links):
    with pytest.raises(ExtensionError, match=r"suns: the source 'nobody' is not in references\.bib; add it"):
        of_site(listing("nobody"), links)


def test_the_text_can_place_the_card_of_a_bound(links):
    bound = Limit(id="made-up/today", title="a", parameter="ε", unit="1", vintage="today", value=2e-6)
    view = {"kind": "bound", "bounds": [records.to_json(bound)], "verdict": None}
    card, short = extension._rendered(output(view), links)
    assert "scrapbook" not in card["metadata"] and 'id="bound-made-up"' in card["data"]["text/html"]
    name, prefix = short["metadata"]["scrapbook"].values()
    assert name == "made-up.card"
    assert "2.0 × 10⁻⁶" in short["data"][f"{prefix}text/html"] and "id=" not in short["data"][f"{prefix}text/html"]


# -- pages -----------------------------------------------------------------------------------------------------------


def cell(kind, source, *tags, outputs=()):
    return {
        "cell_type": kind,
        "id": "the-cell",
        "source": [source],
        "metadata": {"tags": [*tags]},
        "outputs": [*outputs],
    }


def of_book(monkeypatch, executed_copy, **overrides):
    monkeypatch.setattr(
        extension,
        "the_book",
        lambda _: SimpleNamespace(executed_copy=executed_copy, overrides=overrides, copy_of=Path),
    )


def test_the_executed_copy_takes_the_place_of_the_source(app, monkeypatch):
    cells = [
        cell("markdown", "it is {glue:text}`limit`"),
        cell("code", "overrides = {'a': 1}", "injected-parameters"),
        cell(
            "code",
            "chapter.number('limit', 1)",
            outputs=[output(number("limit"), {"scrapbook": {"name": "limit", "mime_prefix": ""}})],
        ),
    ]
    of_book(monkeypatch, lambda name: {"cells": cells, "metadata": {"chapter": name}})
    source = ["the source"]
    extension.source_read(app, "chapters/stars/suns", source)
    page = json.loads(source[0])
    language = {"name": "python", "pygments_lexer": "python"}
    assert page["metadata"] == {"chapter": "chapters/stars/suns", "language_info": language}
    assert 'href="#number-limit"' in page["cells"][0]["source"]
    assert [("remove-cell" in c["metadata"]["tags"]) for c in page["cells"]] == [False, True, False]
    assert page["cells"][2]["outputs"][0]["data"].keys() == {"text/html"}
    assert 'id="number-limit"' in page["cells"][2]["outputs"][0]["data"]["text/html"]


def test_a_page_of_text_is_left_alone(app, monkeypatch):
    of_book(monkeypatch, lambda _: pytest.fail("a page of text has no executed copy"))
    source = ["# Index"]
    extension.source_read(app, "index", source)
    assert source == ["# Index"]


def test_what_the_book_refuses_stops_sphinx_with_the_same_words(app, monkeypatch):
    def refuse(name):
        raise NuemError(f"{name}: the executed copy is stale; run `make book` again")

    of_book(monkeypatch, refuse)
    source = ["the source"]
    with pytest.raises(ExtensionError, match="chapters/stars/suns: the executed copy is stale; run `make book` again"):
        extension.source_read(app, "chapters/stars/suns", source)
    assert source == ["the source"]


# -- settings --------------------------------------------------------------------------------------------------------


def test_only_a_readers_copy_is_announced_as_one(app, monkeypatch):
    config = SimpleNamespace(html_context={})
    of_book(monkeypatch, None)
    extension.config_inited(app, config)
    assert config.html_context == {}
    of_book(monkeypatch, None, muon_mass="1", age="2")
    extension.config_inited(app, config)
    said = config.html_context["announcement"]
    assert "own inputs for age, muon_mass" in said and "not the published book" in said


def test_the_extension_registers_every_directive_role_and_step():
    connected, directives, roles, transforms = [], {}, {}, []
    app = SimpleNamespace(
        connect=lambda *step, priority=500: connected.append(step),
        add_directive=lambda name, one, override=False: directives.update({name: one}),
        add_role=roles.__setitem__,
        add_transform=transforms.append,
        add_post_transform=transforms.append,
    )
    assert extension.setup(app) == {"parallel_read_safe": True, "parallel_write_safe": True}
    known = (tables, errata, ledger, symbols, ways, syllabus, sheet)
    asking = {"exercise": questions.ExerciseOfBook, "guess": questions.Guess}
    assert directives == asking | {name: one for module in known for name, one in module.DIRECTIVES.items()}
    assert transforms == [reading.AnswerFirst, reading.FoldCode, reading.Subscripts, layers.TwoLayers]
    assert {name: type(role) for name, role in roles.items()} == errata.ROLES
    steps = {
        "config-inited",
        "builder-inited",
        "env-before-read-docs",
        "env-get-outdated",
        "source-read",
        "env-updated",
    }
    assert {event for event, _ in connected} == steps | {"build-finished", "html-page-context", "html-collect-pages"}
