"""How a chapter reads: its answer first, with the live formula and how to run it; code folded until asked for.

A cell's code and the lines of its numbers stand in one `<details>`; what is left between two paragraphs is what a
reader came for: cards, tables, figures and formulas. The page's script opens all of them at once, and remembers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from nuem import typeset
from nuem.press import copies
from nuem.press.book import settings
from nuem.press.tables import the_book

CELL_ID = "nuem_id"  # where the metadata of a cell on the page keep its id
LIVE, NUMBER = '<div class="nuem-card nuem-live', 'class="nuem-number'
_CONFIRMS = re.compile(r"^\s*# confirms: (.+)$", re.M)


def _of_element(document: nodes.Element, name: str) -> Iterator[nodes.container]:
    return (node for node in document.findall(nodes.container) if node.get("nb_element") == name)


def _shows(node: nodes.Node, words: str) -> bool:
    return any(words in raw.astext() for raw in node.findall(nodes.raw))


class AnswerFirst(SphinxTransform):
    """Put the section of the live formula, and above it how to run the chapter, before all other sections."""

    default_priority = 700

    def apply(self, **kwargs: object) -> None:
        """Move the section, insert the panel."""
        if not self.env.docname.startswith("chapters/") or self.env.docname not in the_book(self.app).chapters():
            return
        chapter = next(self.document.findall(nodes.section), None)
        sections = [node for node in chapter.children if isinstance(node, nodes.section)] if chapter else []
        if not sections:
            return
        live = next((section for section in sections if _shows(section, LIVE)), None)
        if live:
            chapter.remove(live)
            sections = [live, *(section for section in sections if section is not live)]
            chapter.insert(len(chapter) - len(sections) + 1, live)
        panel = run_panel(self.env.docname, settings(the_book(self.app).root / "_config.yml").get("repository"))
        chapter.insert(chapter.index(sections[0]), nodes.raw("", panel, format="html"))


_DISPLAYED = re.compile(r"\$\$(.+?)\$\$ *\(([\w-]+)\)", re.S)


def displayed_formulas(notebook: Mapping[str, Any]) -> dict[str, str]:
    r"""The TeX of the displayed formulas that have a name, by it.

    >>> cell = {"cell_type": "markdown", "source": ["So\n\n$$\n", "a = b\n$$ (equal)"]}
    >>> displayed_formulas({"cells": [cell]})
    {'equal': 'a = b'}
    """
    texts = ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    return {name: tex.strip() for text in texts for tex, name in _DISPLAYED.findall(text)}


def run_panel(docname: str, repository: Mapping[str, str] | None = None) -> str:
    """What one types to run the chapter, the notebook as a file, and the places of the switches for code and papers.

    Args:
        repository: `url` and `branch`, once the settings have them; Binder then opens the notebook.
    """
    to_root, name = "../" * docname.count("/"), docname.rpartition("/")[2]
    return (
        '<div class="nuem-reading"><button type="button" class="nuem-switch" data-layer="nuem-code" hidden>'
        'Show the code</button><button type="button" class="nuem-switch" data-layer="nuem-papers" hidden>'
        "Show what judges the papers</button>"
        '<details class="nuem-run"><summary>Run this chapter</summary>'
        "<p>In the book’s folder, with Python 3.11 or newer, git and make:</p>"
        f"<pre>make lab      # opens JupyterLab: notebooks/{escape(docname)}.ipynb\n"
        "make book     # runs every chapter and builds these pages</pre>"
        f'<p><a href="{to_root}{copies.address(docname)}" download="{escape(name)}.ipynb">The notebook as a '
        "file</a>; put your own inputs into the cell <code>overrides</code>, and every number on the page follows."
        f"{_launch(docname, repository or {})}</p></details></div>"
    )


def _launch(docname: str, repository: Mapping[str, str]) -> str:
    place = repository.get("url", "").removeprefix("https://github.com/")
    if not place or "://" in place:  # Binder's short address is for GitHub
        return ""
    address = f"https://mybinder.org/v2/gh/{place}/{repository.get('branch', 'main')}?labpath={docname}.ipynb"
    return f' <a href="{escape(address)}">Run it on Binder</a>, without installing anything.'


class FoldCode(SphinxPostTransform):
    """Fold each code cell, with the lines of its numbers, under one line that says what it does."""

    default_priority = 190  # after the types of the outputs are chosen, before MyST-NB folds on its own
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Rebuild the cells."""
        for cell in list(_of_element(self.document, "cell_code")):
            code = next((child for child in cell if child.get("nb_element") == "cell_code_source"), None)
            if code is None:
                continue
            cell.attributes.pop("hide_mode", None)
            numbers = [line for output in _of_element(cell, "cell_code_output") for line in _number_lines(output)]
            for line in numbers:
                line.parent.remove(line)
            words = summary(cell["cell_metadata"].get(CELL_ID, ""), code.astext(), len(numbers))
            opening = f'<details class="nuem-code"><summary>{words}</summary>'
            place = cell.index(code)
            cell.remove(code)
            parts = [nodes.raw("", opening, format="html"), code, *numbers, nodes.raw("", "</details>", format="html")]
            for part in reversed(parts):
                cell.insert(place, part)
            for output in list(_of_element(cell, "cell_code_output")):
                if not output.children:
                    cell.remove(output)


def _number_lines(output: nodes.Element) -> list[nodes.Node]:
    """The outputs that are a number with its label."""
    return [child for child in output.children if _shows(child, NUMBER)]


def summary(cell_id: str, code: str, numbers: int) -> str:
    """What a folded cell does, as HTML.

    >>> summary("loop-integral", "# confirms: radial, integral", 1)
    'Code: loop integral, confirms 2 formulas, 1 number'
    >>> summary("imports", "import nuem", 0)
    'Code: imports'
    """
    confirmed = {name.strip() for line in _CONFIRMS.findall(code) for name in line.partition("(")[0].split(",")}
    said = [f"Code: {cell_id.replace('-', ' ')}"]
    if confirmed:
        said.append(f"confirms {_count(len(confirmed), 'formula')}")
    if numbers:
        said.append(_count(numbers, "number"))
    return escape(", ".join(said), quote=False)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number > 1)}"


_RAISED = re.compile(r"\^(?:\{([^{}]+)\}|([^\W\d_]))")


class Subscripts(SphinxPostTransform):
    """Set the indices of symbols in running text below or above the line, such as those that come with a number."""

    default_priority = 195  # after the numbers stand in the text
    formats = ("html",)
    _AS_WRITTEN = (nodes.literal, nodes.FixedTextElement, nodes.math, nodes.raw, nodes.subscript, nodes.superscript)

    def run(self, **kwargs: object) -> None:
        """Divide the texts that have an index."""
        for text in list(self.document.findall(nodes.Text)):
            found = _with_indices(text.astext())
            if len(found) > 1 and not any(isinstance(parent, self._AS_WRITTEN) for parent in _parents(text)):
                text.parent.replace(text, found)


def _with_indices(text: str) -> list[nodes.Node]:
    pieces = typeset.SUBSCRIPT.split(text)
    found = _with_upper_indices(pieces[0])
    for base, below, rest in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        found += [*_with_upper_indices(base), nodes.subscript("", below), *_with_upper_indices(rest)]
    return found


def _with_upper_indices(text: str) -> list[nodes.Node]:
    pieces = _RAISED.split(text)
    found: list[nodes.Node] = [nodes.Text(pieces[0])]
    for several, one, rest in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        found += [nodes.superscript("", several or one), nodes.Text(rest)]
    return found


def _parents(node: nodes.Node) -> Iterator[nodes.Node]:
    while node.parent is not None:
        node = node.parent
        yield node
