"""The own writer of HTML: cells name their column, cards are typeset, a formula that can't be stops the build."""

from types import SimpleNamespace

import docutils.nodes
import docutils.utils
import pytest
from nuem.press import translator
from sphinx.errors import ExtensionError


def page(html):
    document = docutils.utils.new_document("page")
    document += docutils.nodes.raw("", html, format="html")
    return document


def test_formulas_of_cards_are_typeset_and_comments_go():
    document = page(r"<p>below \(m_e\)</p><svg><!-- $x$ --><path/></svg>")
    translator.typeset_raw(SimpleNamespace(), document, "page")
    done = document.astext()
    assert "<msub>" in done and r"\(" not in done and done.endswith("<svg><path/></svg>")


def test_a_formula_that_cant_be_typeset_names_its_page():
    with pytest.raises(ExtensionError, match=r"chapters/x: the formula \$\\nosuchthing\$"):
        translator.typeset_raw(SimpleNamespace(), page(r"<p>\(\nosuchthing\)</p>"), "chapters/x")


def test_the_words_of_a_column_are_words():
    head = docutils.nodes.entry()
    head += docutils.nodes.paragraph("", "", docutils.nodes.Text("limit on "), docutils.nodes.math("", r"\mu_\nu"))
    assert translator._words(head) == "limit on μν"


def test_no_two_solutions_share_a_name():
    document = docutils.utils.new_document("page")
    document += [docutils.nodes.section(ids=["solution-content"]), docutils.nodes.section(ids=["own"])]
    translator.drop_twin_names(SimpleNamespace(), document, "page")
    assert [section["ids"] for section in document] == [[], ["own"]]
