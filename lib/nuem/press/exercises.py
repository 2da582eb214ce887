"""The exercises of a chapter, read off its source: number, title, kind, level, time, and the answers that it registers.

An exercise is a directive whose options say what it is; CONTRIBUTING has the form. Its number is that of its chapter in
the table of contents, and its own in the chapter: 3.2. What is wrong with one is said in a sentence that names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nuem.errors import NuemError, allowed
from nuem.press.book import Book
from nuem.review import records
from nuem.review.formulas import plain_name
from nuem.view import selfcheck

KINDS = ("paper", "computation", "judgement", "project")
LEVELS = ("1", "2", "3")
PLANTED = ("computation", "judgement")  # kinds of an exercise that shows an error
CHAPTERS = "chapters/"

_EXERCISE = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{exercise\}[ ]*(?P<title>[^\n]*)\n(?P<options>(?::[\w-]+:[^\n]*\n)*)"
    r"(?P<body>.*?)^(?P=fence)[ ]*$",
    re.M | re.S,
)
_OPTION = re.compile(r"^:([\w-]+):[ ]*(.*?)[ ]*$", re.M)
_SOLUTION = re.compile(r"^`{3,}\{solution-start\}[ ]*(\S+)", re.M)
_CHOICE = re.compile(r"^[*-] \(([a-z])\) ", re.M)
_SIDES = re.compile(r"sided\b|\bconfidence\b|\bC\.?L\b|\b9[05] *\\?%")


@dataclass(frozen=True)
class Exercise:
    """An exercise as its chapter's source has it.

    Attributes:
        chapter: page of the book.
        number: such as "3.2"; empty outside of the chapters.
        kind, level, minutes: empty where the source says nothing.
        planted: whether it shows an error on purpose.
        choices: letters of the choices that its text lists.
        sides: whether its text speaks of a level or of sides, as limits have them.
    """

    chapter: str
    number: str
    label: str
    title: str
    kind: str
    level: str
    minutes: str
    planted: bool
    hint: bool
    choices: tuple[str, ...]
    sides: bool

    @property
    def facts(self) -> str:
        """The quiet line below the title, with kind, level and time."""
        return f"{self.kind} · level {self.level} · {self.minutes} minutes" if self.kind else ""


def lectures(book: Book) -> list[str]:
    """The chapters that teach, in the order of the table of contents; notebooks for reference are none of them."""
    return [name for name in book.chapters() if name.startswith(CHAPTERS)]


def number_of_chapter(book: Book, chapter: str) -> int | None:
    """The place of a chapter in the table of contents, from 1 on; None for a page that is no chapter."""
    chapters = lectures(book)
    return chapters.index(chapter) + 1 if chapter in chapters else None


def of_chapter(book: Book, chapter: str, notebook: Mapping[str, Any]) -> list[Exercise]:
    """The exercises of a chapter in their order.

    Raises:
        NuemError: one has no name or that of another, says wrongly what it is, or has no solution.
    """
    text = "\n\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    place, found = number_of_chapter(book, chapter), list[Exercise]()
    for match in _EXERCISE.finditer(text):
        options = dict(_OPTION.findall(match["options"]))
        where = f"{chapter}.ipynb, exercise {options.get('label') or repr(match['title'])}"
        if not options.get("label"):
            raise NuemError(f"{where}: it has no name; give it one with :label:")
        if any(one.label == options["label"] for one in found):
            raise NuemError(f"{where}: another exercise has this label; rename one")
        _check_options(where, options)
        found.append(
            Exercise(
                chapter,
                f"{place}.{len(found) + 1}" if place else "",
                options["label"],
                match["title"].strip(),
                options.get("kind", ""),
                options.get("level", ""),
                options.get("minutes", ""),
                "planted" in options,
                "{hint}" in match["body"],
                tuple(_CHOICE.findall(match["body"])),
                bool(_SIDES.search(match["body"])),
            )
        )
    if not notebook["metadata"].get("nuem", {}).get("students"):
        _check_solutions(chapter, found, _SOLUTION.findall(text))
    return found


def labels(text: str) -> list[str]:
    """The labels of the exercises in a text."""
    return [dict(_OPTION.findall(match["options"])).get("label", "") for match in _EXERCISE.finditer(text)]


def _check_options(where: str, options: Mapping[str, str]) -> None:
    if {"kind", "level", "minutes"}.isdisjoint(options):
        return
    if missing := [name for name in ("kind", "level", "minutes") if not options.get(name)]:
        raise NuemError(f"{where}: :{missing[0]}: is missing; say kind, level and minutes, or none of them")
    if options["kind"] not in KINDS:
        raise NuemError(f"{where}: :kind: {options['kind']} is none; {allowed(KINDS, options['kind'])}")
    if options["level"] not in LEVELS:
        raise NuemError(f"{where}: :level: {options['level']} is none; give 1 (look up), 2 or 3 (research-like)")
    if not options["minutes"].isdecimal() or not int(options["minutes"]):
        raise NuemError(f"{where}: :minutes: {options['minutes']} is no time; give a number such as 20")
    if "planted" in options and options["kind"] not in PLANTED:
        raise NuemError(f"{where}: a planted error makes it of the kind {' or '.join(PLANTED)}; change :kind:")


def _check_solutions(chapter: str, found: list[Exercise], solutions: list[str]) -> None:
    for label in solutions:
        if label not in {one.label for one in found}:
            raise NuemError(f"{chapter}.ipynb: a solution is one of {label!r}, and no exercise has this label; mend it")
        if solutions.count(label) > 1:
            raise NuemError(f"{chapter}.ipynb, exercise {label}: it has {solutions.count(label)} solutions; keep one")
    for one in found:
        if one.label not in solutions:
            raise NuemError(f"{chapter}.ipynb, exercise {one.label}: it has no solution; write one behind it")


# -- answers -----------------------------------------------------------------------------------------------------------


def registered(executed: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The answers that an executed notebook registers: cell and view."""
    for cell in executed["cells"]:
        for output in cell.get("outputs", ()):
            view = output.get("data", {}).get(records.VIEW_MIME, {"kind": None})
            if view["kind"] == "answer":
                yield cell["id"], view


def answers(exercises: list[Exercise], executed: Mapping[str, Any], chapter: str) -> dict[str, dict[str, Any]]:
    """What a student's check needs of each exercise with an answer, by its label: its number and its sealed parts.

    Raises:
        NuemError: an answer of an exercise that isn't there, two of one part, a choice that the text doesn't offer, or
            a symbol that has no name in letters.
    """
    known = {one.label: one for one in exercises}
    found: dict[str, dict[str, Any]] = {}
    for cell, view in registered(executed):
        label, where = view["label"], f"{chapter}.ipynb, cell {cell}"
        if label not in known:
            raise NuemError(f"{where}: an answer of {label!r}, and no exercise has this label; {allowed(known, label)}")
        parts = found.setdefault(label, {"number": known[label].number or label, "parts": {}})["parts"]
        if view["part"] in parts:
            part = f"part {view['part']!r}" if view["part"] else "only part"
            raise NuemError(f"{where}: a second answer for the {part} of the exercise {label}; name it with part=")
        if view["type"] == "choice" and view["value"] not in known[label].choices:
            letter = view["value"]
            raise NuemError(f"{where}: the choice is ({letter}), but exercise {label} lists no `* ({letter}) …`")
        for symbol in view.get("symbols", ()):
            if not re.fullmatch(r"[a-z_]\w*", plain_name(symbol), re.ASCII | re.I):
                raise NuemError(f"{where}: nobody can type the symbol {symbol} of exercise {label}; name it in letters")
        parts[view["part"]] = selfcheck.sealed(view, sides=known[label].sides)
    return found


def answers_of(book: Book, chapter: str, executed: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """As `answers`, also for an executed copy whose solutions are cut out, see `nuem.press.course`."""
    if "answers" in executed["metadata"].get("nuem", {}):
        return dict(executed["metadata"]["nuem"]["answers"])
    return answers(of_chapter(book, chapter, executed), executed, chapter)


# -- guesses -----------------------------------------------------------------------------------------------------------

CHOICE_AND_REASON = re.compile(
    r"^\* (?P<choice>[^\n]+)\n(?P<between>[ ]+: )(?P<reason>[^\n]+(?:\n[ ]+[^\s*:][^\n]*)*)", re.M
)
