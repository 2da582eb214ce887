"""Two layers of a chapter: the physics, and what judges the papers, folded in its place.

Verdict cards belong to the second layer wherever they are shown, and so do the cells tagged `papers`: a cell of code
with its outputs, a cell of text, or, if the text begins with a heading, the whole section below it. What stands in a
row folds under one line that says how many claims are judged there and how they came out. The page's script opens all
of them at once, remembers it, and puts them at the end of the chapter on paper.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

from nuem.press.book import is_synthesis
from nuem.press.tables import the_book

TAG = "papers"
_BEGIN, _END = "nuem-papers-begin", "nuem-papers-end"
_VERDICT = re.compile(r'class="nuem-card nuem-verdict[ "].*?<span class="nuem-badge [^"]*">([^<]+)</span>', re.S)
_HEADING = re.compile(r"^#+ .*$", re.M)


def mark(cell: dict[str, Any]) -> None:
    """Mark the text of a tagged cell for the transform, which doesn't see the tags of a text.

    Raises:
        ExtensionError: the cell has a heading that doesn't stand at its beginning.
    """
    if cell["cell_type"] != "markdown" or TAG not in cell["metadata"].get("tags", []):
        return
    text = "".join(cell["source"])
    heading = _HEADING.match(text)
    if _HEADING.search(text, heading.end() if heading else 0):
        raise ExtensionError(f"cell {cell['id']}: a text tagged {TAG} has a heading inside; begin a new cell there")
    begin = f"% {_BEGIN}\n\n"
    if heading:
        cell["source"] = f"{heading[0]}\n\n{begin}{text[heading.end() :].lstrip()}"
    else:
        cell["source"] = f"{begin}{text}\n\n% {_END}\n"


class TwoLayers(SphinxPostTransform):
    """Fold what judges the papers."""

    default_priority = 196  # after the types of the outputs are chosen and the code is folded
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Gather what belongs to the second layer, wrap each row of it; a synthesis has one layer only."""
        if self.env.docname not in the_book(self.app).chapters() or is_synthesis(self.env.docname):
            return
        sections = list(self._sections())
        inside = [node for section in sections for node in section.findall() if node is not section]
        judged = [*sections, *self._texts(), *self._cells(inside)]
        judged = [node for node in judged if not _among(node, inside)]  # one fold holds all of a section
        for parent in dict.fromkeys(node.parent for node in judged):
            for row in _rows(parent, judged):
                words = summary(
                    "".join(node.astext() for node in _raws(row)),
                    [section[0].astext() for section in row if isinstance(section, nodes.section)],
                )
                opening = nodes.raw("", f'<details class="nuem-papers"><summary>{words}</summary>', format="html")
                parent.insert(parent.index(row[0]), opening)
                parent.insert(parent.index(row[-1]) + 1, nodes.raw("", "</details>", format="html"))

    def _comments(self, words: str) -> Iterator[nodes.comment]:
        yield from [node for node in self.document.findall(nodes.comment) if node.astext().strip() == words]

    def _sections(self) -> Iterator[nodes.Node]:
        """Sections whose first words are the mark."""
        for comment in self._comments(_BEGIN):
            section = comment.parent
            if isinstance(section, nodes.section) and section.index(comment) == 1:
                section.remove(comment)
                yield section

    def _texts(self) -> Iterator[nodes.Node]:
        """What stands between two marks."""
        for begin in self._comments(_BEGIN):
            parent = begin.parent
            start = parent.index(begin)
            end = next(
                place
                for place in range(start, len(parent))
                if isinstance(parent[place], nodes.comment) and parent[place].astext().strip() == _END
            )
            found = parent[start + 1 : end]
            for node in (parent[end], begin):
                parent.remove(node)
            yield from found

    def _cells(self, inside: Sequence[nodes.Node]) -> Iterator[nodes.Node]:
        """Tagged cells, and the verdict cards of all others, moved behind their cell."""
        for cell in list(_containers(self.document, "cell_code")):
            if _among(cell, inside):
                continue
            if TAG in cell.get("cell_metadata", {}).get("tags", []):
                yield cell
                continue
            cards = [raw for raw in cell.findall(nodes.raw) if _VERDICT.search(raw.astext())]
            for card in cards:
                card.parent.remove(card)
            if cards:
                moved = nodes.container("", *cards, classes=["nuem-judged"])
                cell.parent.insert(cell.parent.index(cell) + 1, moved)
                yield moved
            for output in list(_containers(cell, "cell_code_output")):
                if not output.children:
                    cell.remove(output)


def _containers(node: nodes.Element, name: str) -> Iterator[nodes.container]:
    return (found for found in node.findall(nodes.container) if found.get("nb_element") == name)


def _among(node: nodes.Node, found: Sequence[nodes.Node]) -> bool:
    """Whether the list holds this very node; nodes with the same content are equal."""
    return any(node is other for other in found)


def _rows(parent: nodes.Element, judged: list[nodes.Node]) -> list[list[nodes.Node]]:
    """The children of a node that are judged, in rows of neighbours."""
    rows: list[list[nodes.Node]] = [[]]
    for child in parent.children:
        if _among(child, judged):
            rows[-1].append(child)
        elif rows[-1]:
            rows.append([])
    return [row for row in rows if row]


def _raws(row: list[nodes.Node]) -> Iterator[nodes.raw]:
    return (raw for node in row for raw in node.findall(nodes.raw))


def summary(html: str, titles: Sequence[str] = ()) -> str:
    """The line under which a row folds, as HTML.

    >>> card = '<div class="nuem-card nuem-verdict x" id="a"><p><span class="nuem-badge nuem-good">reproduced</span>'
    >>> summary(card + card)
    'The papers here: 2 claims, all reproduced'
    >>> summary("", ["Where the factor was lost"])
    'The papers here: Where the factor was lost'
    """
    found = Counter(_VERDICT.findall(html))
    said = list(titles)
    if found:
        how = ", ".join(f"{n} {words}" for words, n in found.items()) if len(found) > 1 else f"all {next(iter(found))}"
        said.append(f"{found.total()} claims, {how}" if found.total() > 1 else f"1 claim, {next(iter(found))}")
    return "The papers here: " + ("; ".join(said) or "what is printed, and how it was read")
