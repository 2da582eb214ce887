"""Ways through the book: what each chapter needs, the order that follows, and the picture of both for the index.

A chapter needs what it links to in its paragraph *What you need*. It says under **Time:** how long one reads, how long
one derives with pencil and paper, and how long the exercises take.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from docutils import nodes
from docutils.statemachine import StringList
from matplotlib.figure import Figure
from sphinx.util.docutils import SphinxDirective

from nuem.errors import NuemError
from nuem.notebook import figures
from nuem.notebook.figures import Tip
from nuem.press.book import Book, is_synthesis
from nuem.press.tables import follow, the_book

PART = "chapters/"
_NEED = re.compile(r"^\*What you need\.\*\n(.*?)(?=\n\n|\Z)", re.M | re.S)
_LINK = re.compile(r"\]\(([\w./-]+?)(?:\.ipynb|\.md)?\)")
_TIME = re.compile(
    r"^\*\*Time:\*\* (.+?) to read, (.+?) with pencil and paper, (.+?) for the exercises; .+ to run\.$", re.M
)
_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_TENS = {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_PARTS_OF_AN_HOUR = {"a quarter of an hour": 15, "half an hour": 30, "three quarters of an hour": 45}
_COLOURS = (figures.BLUE, figures.VERMILION)

Cells = Iterable[Mapping[str, Any]]


def needs(page: str, cells: Cells) -> list[str]:
    """The pages that a page calls its prerequisites, in its order."""
    found = _NEED.search(_text(cells))
    links = _LINK.findall(found[1]) if found else []
    return list(dict.fromkeys(posixpath.normpath(posixpath.join(posixpath.dirname(page), link)) for link in links))


def times(page: str, cells: Cells) -> tuple[int, int, int]:
    """Minutes to read a chapter, to derive it with pencil and paper, and to do its exercises.

    Raises:
        NuemError: the chapter doesn't say so.
    """
    found = _TIME.search(_text(cells))
    if not found:
        raise NuemError(
            f"{page}: no line of times; write `**Time:** an hour to read, two hours with pencil and paper, "
            "half an hour for the exercises; a few seconds to run.`"
        )
    reading, pencil, exercises = (minutes(words) for words in found.groups())
    return reading, pencil, exercises


def minutes(words: str) -> int:
    """A length of time in words, in minutes.

    >>> [minutes(words) for words in ("forty-five minutes", "an hour and a half", "two and a half hours")]
    [45, 90, 150]
    >>> minutes("two hours and ten minutes")
    130

    Raises:
        NuemError: the words are none that are known.
    """
    if words in _PARTS_OF_AN_HOUR:
        return _PARTS_OF_AN_HOUR[words]
    if both := re.fullmatch(r"(.+ hours?|an hour) and (\S+ minutes)", words):
        return minutes(both[1]) + minutes(both[2])
    known = re.fullmatch(
        r"(\w+)(?:-(\w+))? minutes|(\w+)( and a half)? hours?( and a half)?", words.replace("an hour", "one hour")
    )
    ten, unit, hours, *halves = known.groups() if known else (None,) * 5
    if ten in _TENS or ten in _UNITS:
        return (_TENS.get(ten) or _UNITS.index(ten)) + (_UNITS.index(unit) if unit in _UNITS else 0)
    if hours in _UNITS:
        return 60 * _UNITS.index(hours) + 30 * any(halves)
    raise NuemError(
        f"time: {words!r} is none that is known; write for instance `forty minutes` or `an hour and a half`"
    )


def order(pages: Sequence[str], needed: Mapping[str, Sequence[str]]) -> list[str]:
    """The pages so that each comes after those that it needs, otherwise in their own order.

    Raises:
        NuemError: pages need each other in a circle.
    """
    placed: list[str] = []
    left = list(pages)
    while left:
        ready = next((page for page in left if all(other not in left for other in needed[page])), None)
        if ready is None:
            raise NuemError(f"chapters need each other in a circle: {', '.join(left)}; unlink one in *What you need*")
        placed.append(ready)
        left.remove(ready)
    return placed


def closure(targets: Iterable[str], needed: Mapping[str, Sequence[str]]) -> set[str]:
    """Pages and all that they need, as far as `needed` knows them."""
    found, waiting = set[str](), list(targets)
    while waiting:
        page = waiting.pop()
        if page in needed and page not in found:
            found.add(page)
            waiting += needed[page]
    return found


def draw(
    course: Sequence[str], needed: Mapping[str, Sequence[str]], titles: Mapping[str, str], ways: Mapping[str, set[str]]
) -> Figure:
    """The chapters from top to bottom, arcs from each to those that need it, and a column of dots for each way."""
    rows = {page: -row for row, page in enumerate(course)}
    figure, axes = figures.subplots(figsize=(3.6, 0.6 + 0.21 * len(course)))
    turn = np.linspace(-np.pi / 2, np.pi / 2, 60)
    for page in course:
        for other in needed[page]:
            if other in rows:
                half = (rows[other] - rows[page]) / 2
                middle = rows[page] + half
                axes.plot(-0.5 * np.sqrt(half) * np.cos(turn), middle + half * np.sin(turn), color=figures.GREY, lw=1)
    for column, (name, members) in enumerate(ways.items()):
        place, colour = 0.5 + 0.5 * column, _COLOURS[column % len(_COLOURS)]
        axes.annotate(name, (place, 0.8), rotation=60, color=colour, fontsize=8.5)
        for page in (page for page in course if page in members):
            axes.plot(place, rows[page], "o", color=colour, markersize=5)
    for number, page in enumerate(course, start=1):
        axes.plot(0, rows[page], "o", color=figures.GREY, markersize=3)
        place = 0.4 + 0.5 * len(ways), rows[page]
        axes.annotate(f"{number}  {titles[page]}", place, va="center", fontsize=8.5).set_gid(_gid(page))
    axes.set(xlim=(-1.7, 7.4), ylim=(-len(course) + 0.4, 3.2))
    axes.axis("off")
    return figure


def _gid(page: str) -> str:
    return "way-" + page.rpartition("/")[2]


class Ways(SphinxDirective):
    """The picture of the chapters and what they need, and the ways through them.

    Each line of the content is a way, `name: chapter, chapter`: the chapters where it leads, without `chapters/`. What
    these need belongs to it.
    """

    has_content = True

    def run(self) -> list[nodes.Node]:
        """The picture, and a list of the ways with the hours that they take."""
        book = the_book(self.env.app)
        course, needed, names, hours = survey(book)
        follow(self.env.app, *(book.root / f"{page}.ipynb" for page in course))
        to_root = "../" * self.env.docname.count("/")
        ways = dict(self._way(line, needed) for line in self.content if line.strip())
        tips = {
            _gid(page): Tip(f"{names[page]}: {round(sum(hours[page]) / 60)} hours", f"{to_root}{page}.html")
            for page in course
        }
        picture = figures.svg(draw(course, needed, names, ways), _ALT, tips)
        node = nodes.container()
        lines = [
            told(name, [page for page in course if page in way], names, hours, to_root) for name, way in ways.items()
        ]
        lines.append(told("The course", course, names, hours, to_root, whole=True))
        self.state.nested_parse(StringList("\n".join(lines).splitlines(), "ways"), 0, node)
        return [nodes.raw("", picture, format="html"), *node.children]

    def _way(self, line: str, needed: Mapping[str, Sequence[str]]) -> tuple[str, set[str]]:
        name, _, leads = line.partition(":")
        targets = [PART + page.strip() for page in leads.split(",")]
        strange = [page for page in targets if page not in needed]
        if strange:
            raise self.error(f"{self.env.docname}: no chapter {', '.join(strange)}; mend the way {name!r}")
        return name.strip(), closure(targets, needed)


_ALT = (
    "The chapters from top to bottom in the order of a course; an arc joins each with those that build on it, and dots "
    "say which of them belong to a shorter way"
)


def survey(book: Book) -> tuple[list[str], dict[str, list[str]], dict[str, str], dict[str, tuple[int, int, int]]]:
    """Chapters with a derivation in the order of a course, and for each what it needs, its short title, its times."""
    cells = {page: book.notebook(page)["cells"] for page in _chapters(book)}
    needed = {page: needs(page, content) for page, content in cells.items()}
    hours = {page: times(page, content) for page, content in cells.items()}
    return order(list(cells), needed), needed, titles(book), hours


def titles(book: Book) -> dict[str, str]:
    """Titles of the chapters with a derivation up to the colon, or the name of the file where two are the same."""
    whole = {page: _text(book.notebook(page)["cells"]).partition("\n")[0].lstrip("# ") for page in _chapters(book)}
    short = {page: title.partition(":")[0] for page, title in whole.items()}
    several = [title for title, count in Counter(short.values()).items() if count > 1]
    return {
        page: page.rpartition("/")[2].replace("-", " ").capitalize() if title in several else title
        for page, title in short.items()
    }


def _chapters(book: Book) -> list[str]:
    pages = (page for page in book.pages() if page.startswith(PART) and not is_synthesis(page))
    return [page for page in pages if (book.root / f"{page}.ipynb").is_file()]


def told(
    name: str,
    pages: Sequence[str],
    titles: Mapping[str, str],
    hours: Mapping[str, Sequence[int]],
    to_root: str = "",
    *,
    whole: bool = False,
) -> str:
    """A way in words, in MyST: its hours, and its chapters unless it has them all."""
    reading, pencil, exercises = (round(sum(hours[page][kind] for page in pages) / 60) for kind in range(3))
    links = ", ".join(f"[{titles[page]}]({to_root}{page}.ipynb)" for page in pages)
    what = f"all {len(pages)} chapters from top to bottom" if whole else links
    return (
        f"* **{name}**: {what}; {reading} h to read, {pencil} h with pencil and paper, {exercises} h for the exercises."
    )


def _text(cells: Cells) -> str:
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


DIRECTIVES = {"nuem-ways": Ways}
