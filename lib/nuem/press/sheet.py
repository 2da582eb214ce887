"""What the chapters derive and define, on one page each: formulas, words, and live formulas to play with.

The pages say which formula or word they want and which chapter has it; what it says stands in the chapter alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList

from nuem import typeset
from nuem.errors import allowed
from nuem.press import exercises, reading
from nuem.press.exercises import CHAPTERS
from nuem.press.syllabus import OfCourse, unlinked
from nuem.press.tables import PageLinks, follow, the_book
from nuem.review import records
from nuem.view import cards

_NEEDS_THE_CHAPTER = re.compile(r"\{glue|\{cite|\{ref|\{eq")


class Formulas(OfCourse):
    """`{nuem-formulas}`: named formulas, one chapter a line: `chapter | what it is about | name, name`."""

    def text(self) -> str:
        """A heading of each group, and its formulas."""
        parts = []
        for line in filter(str.strip, self.content):
            page, words, names = (part.strip() for part in line.split("|"))
            known = reading.displayed_formulas(self.book.notebook(_page(page)))
            parts.append(f"**[{words}]({self.to_root}{_page(page)}.ipynb)**")
            for name in (name.strip() for name in names.split(",")):
                if name not in known:
                    raise ValueError(f"{page} has no formula {name!r}; {allowed(known, name)}")
                tex = " ".join(known[name].split()).rstrip(" .,;:")
                parts.append(f"$$\n{tex}\n$$")
        return ":::{container} nuem-sheet\n" + "\n\n".join(parts) + "\n:::"


class Glossary(OfCourse):
    """`{nuem-glossary}`: words and the sentence that explains each, one a line: `word | chapter`."""

    def text(self) -> str:
        """A list of definitions, in the order of the alphabet."""
        entries = {}
        for line in filter(str.strip, self.content):
            word, page = (part.strip() for part in line.split("|"))
            sentence = definition(word, self.book.notebook(_page(page))["cells"])
            if sentence is None:
                raise ValueError(f"{page} has no sentence that explains *{word}*")
            entries[word] = f"{sentence} ({self.link(_page(page))})"
        ordered = sorted(entries.items(), key=lambda entry: entry[0].lower())
        return "\n\n".join(f"{typeset.capital(word)}\n: {sentence}" for word, sentence in ordered)


def definition(word: str, cells: Any) -> str | None:
    r"""The first sentence that sets a word in italics; none that needs its chapter for a number or a source.

    >>> cells = [{"cell_type": "markdown", "source": "A *pencil* is new, see [it](x.md).\n* A *pencil* writes:"}]
    >>> definition("pencil", cells)
    'A *pencil* is new, see it.'
    """
    for cell in cells:
        if cell["cell_type"] != "markdown":
            continue
        for line in "".join(cell["source"]).split("\n"):
            if re.search(rf"(?<!\*)\*{re.escape(word)}\*(?!\*)", line) and not _NEEDS_THE_CHAPTER.search(line):
                plain = unlinked(re.sub(r"^\s*(?:[*-]|\d+\.)\s+", "", line)).strip()
                return re.sub(r"[:,;]$", ".", plain)
    return None


class Play(OfCourse):
    """`{nuem-play}`: every live formula of the book, each with a link that restores its setting."""

    def run(self) -> list[nodes.Node]:
        """The cards."""
        book, found = the_book(self.env.app), list[nodes.Node]()
        for page in exercises.lectures(book):
            follow(self.env.app, book.copy_of(page))
            notebook = book.executed_copy(page)
            for view in _live(notebook):
                links = PageLinks(self.env.app, self.env.docname, formulas=reading.displayed_formulas(notebook))
                found += self._card(page, cards.render(view, links))
        return found

    def _card(self, page: str, card: str) -> list[nodes.Node]:
        name = page.rpartition("/")[2]
        heading = nodes.container()
        self.to_root = "../" * self.env.docname.count("/")
        self.state.nested_parse(StringList([f"**{self.link(page)}**"], self.name), 0, heading)
        opening = f'<section class="nuem-play" data-play="{escape(name)}" id="play-{escape(name)}">'
        closing = '<p><a class="nuem-setting" href="#">This setting as a link</a></p></section>'
        return [
            nodes.raw("", opening, format="html"),
            *heading.children,
            nodes.raw("", card + closing, format="html"),
        ]


def _live(notebook: Mapping[str, Any]) -> list[cards.View]:
    """The live formulas of an executed notebook."""
    outputs = (output for cell in notebook["cells"] for output in cell.get("outputs", ()))
    views = (output.get("data", {}).get(records.VIEW_MIME, {"kind": None}) for output in outputs)
    return [view for view in views if view["kind"] == "live"]


def _page(name: str) -> str:
    return name if name.startswith("reference/") else CHAPTERS + name


DIRECTIVES = {"nuem-formulas": Formulas, "nuem-glossary": Glossary, "nuem-play": Play}
