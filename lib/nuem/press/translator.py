"""How Sphinx writes what its own writer leaves unreadable for a phone, a screen reader or a browser without scripts."""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator
from sphinx_exercise.nodes import solution_node

from nuem.errors import NuemError
from nuem.press import drawings, marks, mathematics
from nuem.press.questions import NAMES

RENDERER = "mathml"


class Translator(HTML5Translator):
    """Sphinx's writer of HTML, with cells that name their column and with entries of a bibliography that are a list."""

    def visit_table(self, node: nodes.table) -> None:
        """A table whose rows a narrow screen may stack."""
        if next(iter(node.findall(nodes.thead)), None):
            node["classes"].append("stacks")
        super().visit_table(node)

    def visit_entry(self, node: nodes.entry) -> None:
        """A cell; where a narrow screen stacks the cells of a row, each shows the head of its column."""
        column = node.parent.column
        super().visit_entry(node)
        group = node.parent.parent.parent
        head = next(iter(group.findall(nodes.thead)), None)
        if isinstance(node.parent.parent, nodes.thead) and not node.astext().strip():
            self.body[-1], self.context[-1] = "<td>", "</td>\n"  # no head of anything
        elif head is not None and not isinstance(node.parent.parent, nodes.thead):
            label = escape(_words(head[-1][column]))
            self.body[-1] = self.body[-1].replace("<td", f'<td data-label="{label}"', 1)

    def visit_hint(self, node: nodes.hint) -> None:
        """A hint stays closed until a reader wants it."""
        self.body.append(f"{self.starttag(node, 'details', CLASS='nuem-hint')}<summary>Hint</summary>\n")

    def depart_hint(self, node: nodes.hint) -> None:
        """The end of a hint."""
        self.body.append("</details>\n")

    def visit_comment(self, node: nodes.comment) -> None:
        """Nothing, but for the marks that say where a text belongs on slides."""
        if node.astext().startswith(marks.BEGIN):
            self.body.append(f"<!-- {escape(node.astext())} -->")
        raise nodes.SkipNode

    def visit_citation(self, node: nodes.citation) -> None:
        """An entry of the bibliography; docutils gives it a role that no longer exists."""
        if not isinstance(node.previous_sibling(), nodes.citation):
            self.body.append('<div role="list" class="citation-list">\n')
        self.body.append(self.starttag(node, "div", classes=["citation"], role="listitem"))


def _words(node: nodes.Node) -> str:
    """A text without its marks; a formula as the letters it shows."""
    if isinstance(node, nodes.math):
        return mathematics.letters(node.astext())
    return "".join(map(_words, node.children)) if node.children else node.astext()


def _typeset(self: HTML5Translator, tex: str, *, display: bool) -> str:
    try:
        return mathematics.mathml(tex, display=display)
    except NuemError as error:
        raise ExtensionError(f"{self.builder.current_docname}: {error}") from error


def _visit_math(self: HTML5Translator, node: nodes.math) -> None:
    formula = mathematics.together(_typeset(self, node.astext(), display=False), node.get("behind", ""))
    alone = isinstance(node.parent, nodes.TextElement) and len(node.parent) == 1
    names = isinstance(node.parent.parent, nodes.entry) or NAMES in node.parent.get("classes", ())
    self.body.append(mathematics.named(formula) if alone and names else formula)
    raise nodes.SkipNode


def _visit_math_block(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", CLASS="formula"))
    self.body.append(_typeset(self, node.astext(), display=True))
    if node["number"]:
        self.body.append('<span class="eqno">')
        self.add_permalink_ref(node, f"Link to formula {get_node_equation_number(self, node)}")
        self.body.append("</span>")
    self.body.append("</div>")
    raise nodes.SkipNode


def _visit_solution(self: HTML5Translator, node: solution_node) -> None:
    """A solution stays closed until a reader wants it: an element of HTML, without a script."""
    title = escape(node.pop(0).astext())  # without the link to the exercise, which stands right above
    self.body.append(f"{self.starttag(node, 'details', CLASS='solution')}<summary>{title}</summary>\n")


def _depart_solution(self: HTML5Translator, node: solution_node) -> None:
    self.body.append("</details>\n")


def drop_twin_names(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Exercises and solutions come with names that are the same on each of them."""
    for section in doctree.findall(nodes.section):
        section["ids"] = [name for name in section["ids"] if name not in ("exercise-content", "solution-content")]


def keep_punctuation(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Hand the punctuation behind a formula to the formula; no line shall begin with it."""
    for formula in list(doctree.findall(nodes.math)):
        following = formula.next_node(descend=False, siblings=True)
        if isinstance(following, nodes.Text):
            formula["behind"], rest = mathematics.split_behind(following.astext())
            formula.parent.replace(following, nodes.Text(rest))


_COMMENT = re.compile("<!--.*?-->", re.S)


def typeset_raw(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Typeset the formulas of cards and tables, which are HTML already, and make figures lighter."""
    for node in list(doctree.findall(nodes.raw)):
        if "html" not in node.get("format", ""):
            continue
        try:
            done = mathematics.in_html(drawings.light(_COMMENT.sub("", node.astext())))
        except NuemError as error:
            raise ExtensionError(f"{docname}: {error}") from error
        node.replace_self(nodes.raw("", done, format="html", classes=node["classes"], ids=node["ids"]))


def setup(app: Sphinx) -> dict[str, bool]:
    """Give Sphinx the writer and its parts."""
    app.set_translator("html", Translator)
    app.add_html_math_renderer(RENDERER, (_visit_math, None), (_visit_math_block, None))
    app.add_node(solution_node, override=True, html=(_visit_solution, _depart_solution))
    app.connect("doctree-resolved", drop_twin_names)
    app.connect("doctree-resolved", keep_punctuation)
    app.connect("doctree-resolved", typeset_raw)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
