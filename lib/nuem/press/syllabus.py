"""The pages of a course, as far as the chapters say what stands in them: weeks, goals, and exercises.

A plan that teaches a chapter before one that it needs stops the build.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from nuem.press import exercises, ways
from nuem.press.book import Book
from nuem.press.exercises import CHAPTERS, Exercise
from nuem.press.tables import follow, the_book, title_of

_WEEK = re.compile(r"(?P<theme>[^|]+)\|(?P<lectures>[^|]+)$")
_GOAL = re.compile(r"^\*What you will be able to do\.\*\n(.*?)(?=\n\n|\Z)", re.M | re.S)
_CLASS = 90  # minutes of a class


@dataclass(frozen=True)
class Week:
    """A week of a course: its theme, and the chapters of its lectures."""

    theme: str
    lectures: tuple[str, ...]


def weeks(lines: Iterable[str], needed: Mapping[str, Sequence[str]], known: Sequence[str]) -> list[Week]:
    """A plan, one week a line, `theme | chapter, chapter`; the chapters without `chapters/`.

    Raises:
        ValueError: a line has another form, a chapter doesn't exist, comes twice, or before one that it needs.
    """
    found: list[Week] = []
    taught: set[str] = set()
    for line in filter(str.strip, lines):
        form = _WEEK.fullmatch(line.strip())
        if not form:
            raise ValueError(f"{line.strip()!r} is no week; write `theme | chapter, chapter`")
        lectures = tuple(CHAPTERS + name.strip() for name in form["lectures"].split(","))
        for page in lectures:
            if page not in known:
                raise ValueError(f"there is no chapter {page.removeprefix(CHAPTERS)}")
            if page in taught:
                raise ValueError(f"{page.removeprefix(CHAPTERS)} is taught twice")
            missing = [other for other in needed.get(page, ()) if other.startswith(CHAPTERS) and other not in taught]
            if missing:
                names = ", ".join(other.removeprefix(CHAPTERS) for other in missing)
                raise ValueError(f"{page.removeprefix(CHAPTERS)} needs {names}, which no lecture before it teaches")
            taught.add(page)
        found.append(Week(form["theme"].strip(), lectures))
    return found


def for_class(found: Sequence[Exercise]) -> tuple[list[Exercise], list[Exercise]]:
    """Exercises that fill a class, simple ones first and the chapters of a week in turn, and those for home."""
    ranked = sorted(found, key=lambda one: (one.level or "2", one.number.partition(".")[2], one.number))
    chosen: list[Exercise] = []
    left = _CLASS
    for one in ranked:
        minutes = int(one.minutes or 30)
        if minutes <= left and one.kind != "project":
            chosen.append(one)
            left -= minutes
    order = list(found)
    return sorted(chosen, key=order.index), [one for one in order if one not in chosen]


class OfCourse(SphinxDirective):
    """A directive whose words, in MyST, are made of the chapters."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """The parsed words."""
        self.book = the_book(self.env.app)
        self.to_root = "../" * self.env.docname.count("/")
        follow(self.env.app, *(self.book.root / f"{page}.ipynb" for page in self.book.chapters()))
        try:
            text = self.text()
        except ValueError as error:
            raise self.error(f"{self.env.docname}: {error}; mend the plan") from error
        node = nodes.container()
        self.state.nested_parse(StringList(text.splitlines(), self.name), 0, node)
        return list(node.children)

    def text(self) -> str:
        """The words.

        Raises:
            ValueError: the plan is wrong.
        """
        raise NotImplementedError

    def link(self, page: str) -> str:
        """A page by its title up to the colon, or by another name where two titles begin alike."""
        name = self._titles.get(page) or title_of(self.env.app, page).partition(":")[0]
        return f"[{name}]({self.to_root}{page}.ipynb)"

    @functools.cached_property
    def _titles(self) -> dict[str, str]:
        return ways.titles(the_book(self.env.app))

    def number(self, one: Exercise) -> str:
        """The number of an exercise, which leads to it."""
        return f'<a href="{self.to_root}{one.chapter}.html#{escape(one.label)}">{one.number}</a>'


class Syllabus(OfCourse):
    """`{nuem-syllabus}`: a plan of some weeks, each with its lectures, and exercises for class and home."""

    def text(self) -> str:
        """A table."""
        _, needed, _, hours = ways.survey(self.book)
        known = exercises.lectures(self.book)
        rows = ["| week | lectures | class | at home | hours |", "|---|---|---|---|---|"]
        for number, week in enumerate(weeks(self.content, needed, known), start=1):
            found = [one for page in week.lectures for one in _exercises(self.book, page)]
            together, home = for_class(found)
            reading = sum(sum(hours.get(page, (20, 0, 0))[:2]) for page in week.lectures)
            time = round((reading + sum(int(one.minutes or 30) for one in found)) / 60)
            links = "; ".join(map(self.link, week.lectures))
            numbers = [", ".join(map(self.number, some)) or "–" for some in (together, home)]
            rows.append(f"| {number} | **{week.theme}**: {links} | {numbers[0]} | {numbers[1]} | {time} |")
        return "\n".join(rows)


class Goals(OfCourse):
    """`{nuem-goals}`: what each chapter says one will be able to do, in the order of a course."""

    def text(self) -> str:
        """A list."""
        course, *_ = ways.survey(self.book)
        lines = []
        for page in course:
            goal = goal_of(self.book.notebook(page)["cells"])
            lines.append(f"* **{self.link(page)}.** {goal}")
        return "\n".join(lines)


def goal_of(cells: Iterable[Mapping[str, Any]]) -> str:
    """What a chapter says one will be able to do, without links, which would lead elsewhere from another page."""
    text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    found = _GOAL.search(text)
    return unlinked(" ".join(found[1].split())) if found else ""


def unlinked(text: str) -> str:
    """A text whose links to other pages are words.

    >>> unlinked("see [the errata](errata.md) and $[x](y)$")
    'see the errata and $[x](y)$'
    """
    return re.sub(r"\[([^\[\]]+)\]\([\w./#-]+\.(?:ipynb|md)(?:#[\w-]+)?\)", r"\1", text)


class Exercises(OfCourse):
    """`{nuem-exercises}`: all exercises by kind and level."""

    def text(self) -> str:
        """A table for each kind."""
        found = [one for page in exercises.lectures(self.book) for one in _exercises(self.book, page)]
        return "\n\n".join(self._kinds(found))

    def _kinds(self, found: Sequence[Exercise]) -> Iterator[str]:
        for kind in (*exercises.KINDS, ""):
            some = sorted((one for one in found if one.kind == kind), key=lambda one: one.level)
            if not some:
                continue
            minutes = sum(int(one.minutes or 0) for one in some)
            count = f"{len(some)} exercise{'s' * (len(some) > 1)}"
            yield f"**{kind.capitalize() or 'Other'}**: {count}" + (
                f", {round(minutes / 60)} hours." if minutes else "."
            )
            rows = ["| level | number | title | minutes | chapter |", "|---|---|---|---|---|"]
            for one in some:
                title = one.title.replace("|", r"\|")
                minutes_ = one.minutes or "–"
                rows.append(
                    f"| {one.level or '–'} | {self.number(one)} | {title} | {minutes_} | {self.link(one.chapter)} |"
                )
            yield "\n".join(rows)


def _exercises(book: Book, page: str) -> list[Exercise]:
    return exercises.of_chapter(book, page, book.notebook(page))


DIRECTIVES = {"nuem-syllabus": Syllabus, "nuem-goals": Goals, "nuem-exercises": Exercises}
