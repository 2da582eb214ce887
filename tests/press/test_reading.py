"""How a chapter reads: the live formula first, code folded with the lines of its numbers, indices below the line."""

from types import SimpleNamespace

import pytest
from conftest import ROOT
from docutils import nodes
from docutils.utils import new_document
from nuem.press import reading


def section(name, *content):
    made = nodes.section("", nodes.title(name, name), *content, ids=[name], names=[name])
    return made


def raw(html):
    return nodes.raw("", html, format="html")


def applied(kind, document, monkeypatch, chapters=("chapters/stars/suns",), docname="chapters/stars/suns"):
    monkeypatch.setattr(reading, "the_book", lambda _: SimpleNamespace(chapters=lambda: list(chapters), root=ROOT))
    monkeypatch.setattr(kind, "env", SimpleNamespace(docname=docname), raising=False)
    monkeypatch.setattr(kind, "app", None, raising=False)
    transform = kind.__new__(kind)
    transform.document = document
    transform.run() if hasattr(transform, "run") else transform.apply()
    return document


def chapter(*sections):
    document = new_document("chapter")
    document += section("Suns", nodes.paragraph("", "the answer"), *sections)
    return document


LIVE = '<div class="nuem-card nuem-live tex2jax_process" id="live-1"></div>'


def titles(document):
    return [node.astext() for node in document.findall(nodes.title)]


def test_the_live_formula_stands_before_all_other_sections_and_the_panel_before_it(monkeypatch):
    document = chapter(section("Before you start"), section("Derivation"), section("Try it", raw(LIVE)))
    applied(reading.AnswerFirst, document, monkeypatch)
    assert titles(document) == ["Suns", "Try it", "Before you start", "Derivation"]
    _, answer, panel, live, *_ = document[0].children
    assert answer.astext() == "the answer" and "nuem-run" in panel.astext() and live["names"] == ["Try it"]


def test_without_a_live_formula_the_order_stays(monkeypatch):
    document = chapter(section("Before you start"), section("Derivation"))
    applied(reading.AnswerFirst, document, monkeypatch)
    assert titles(document) == ["Suns", "Before you start", "Derivation"]
    assert "nuem-run" in document[0][2].astext()


def test_a_page_of_text_is_left_alone(monkeypatch):
    document = chapter(section("Before you start"), section("Try it", raw(LIVE)))
    before = document.pformat()
    applied(reading.AnswerFirst, document, monkeypatch, docname="reference/api")
    assert document.pformat() == before


def test_the_panel_names_both_commands_and_the_notebook():
    panel = reading.run_panel("chapters/stars/suns")
    assert "make lab" in panel and "make book" in panel
    assert 'href="../../_static/notebooks/chapters/stars/suns.ipynb" download="suns.ipynb"' in panel
    assert "http" not in panel, "no address that isn't set"


def test_binder_is_offered_once_the_repository_has_an_address():
    panel = reading.run_panel("chapters/stars/suns", {"url": "https://github.com/us/book", "branch": "trunk"})
    assert 'href="https://mybinder.org/v2/gh/us/book/trunk?labpath=chapters/stars/suns.ipynb"' in panel
    assert "mybinder" not in reading.run_panel("chapters/stars/suns", {"url": "https://example.org/us/book"})


def cell(*outputs, code="x = 1\n# confirms: a, b", name="loop-integral"):
    source = nodes.container("", nodes.literal_block(code, code), nb_element="cell_code_source")
    output = nodes.container("", *outputs, nb_element="cell_code_output")
    metadata = {reading.CELL_ID: name}
    return nodes.container("", source, output, nb_element="cell_code", cell_metadata=metadata, hide_mode="input")


NUMBER = '<p id="number-x" class="nuem-number">label: 3</p>'


def folded(*outputs, monkeypatch, **keywords):
    document = new_document("chapter")
    document += cell(*outputs, **keywords)
    return applied(reading.FoldCode, document, monkeypatch)[0]


def test_code_and_the_lines_of_its_numbers_stand_in_the_fold_and_cards_outside(monkeypatch):
    found = folded(raw(NUMBER), raw("<div>card</div>"), raw(NUMBER), monkeypatch=monkeypatch)
    texts = [node.astext() for node in found.children]
    assert texts[0].startswith('<details class="nuem-code"><summary>') and "loop integral" in texts[0]
    assert texts[1:5] == ["x = 1\n# confirms: a, b", NUMBER, NUMBER, "</details>"]
    assert texts[5:] == ["<div>card</div>"]
    assert "hide_mode" not in found.attributes, "MyST-NB must not fold it once more"


def test_a_cell_that_shows_only_numbers_leaves_nothing_between_two_paragraphs(monkeypatch):
    found = folded(raw(NUMBER), monkeypatch=monkeypatch)
    assert found.children[-1].astext() == "</details>"


@pytest.mark.parametrize(
    "code, numbers, words",
    [
        ("# confirms: a (the factor: x, y)", 0, "Code: some cell, confirms 1 formula"),
        ("# confirms: a, b\n# confirms: b, c", 2, "Code: some cell, confirms 3 formulas, 2 numbers"),
        ("plain", 0, "Code: some cell"),
    ],
)
def test_the_line_of_a_fold_says_what_its_code_does(code, numbers, words):
    assert reading.summary("some-cell", code, numbers) == words


def test_indices_in_the_text_stand_below_the_line_but_not_in_code(monkeypatch):
    document = new_document("page")
    document += nodes.paragraph("", "", nodes.Text("3 μ_B and ν_e, muon_mass"), nodes.literal("a_b", "a_b"))
    document += nodes.paragraph("", "", nodes.math("a_b", "a_b"))
    applied(reading.Subscripts, document, monkeypatch)
    assert [node.astext() for node in document.findall(nodes.subscript)] == ["B", "e"]
    assert document[0].astext() == "3 μB and νe, muon_massa_b" and document[1].astext() == "a_b"


def test_upper_indices_of_docstrings_stand_above_the_line(monkeypatch):
    document = new_document("page")
    document += nodes.paragraph(
        "", "", nodes.Text("σ^{μν}q_ν over e^{ω/T} − 1, (p + p')^μ"), nodes.literal("a^b", "a^b")
    )
    applied(reading.Subscripts, document, monkeypatch)
    assert [node.astext() for node in document.findall(nodes.superscript)] == ["μν", "ω/T", "μ"]
    assert document[0].astext() == "σμνqν over eω/T − 1, (p + p')μa^b"
