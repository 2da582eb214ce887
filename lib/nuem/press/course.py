"""The two editions of a course, from one execution: the students' without solutions, and the lecturer's as the book is.

The students' site is built like the book, from a copy of the sources whose solutions are cut out before Sphinx sees
them, and from the executed copies, cut alike; nothing runs a second time. So no page, no search, no source and no
notebook of it ever had a solution. Of the answers it has seals, see `nuem.view.selfcheck`.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from nuem.errors import NuemError, allowed
from nuem.press import copies, exercises, foot
from nuem.press.book import Book, alone, frame_sources, hand_over, read_json, settings, write_whole
from nuem.press.execution import environment
from nuem.press.fingerprint import snapshot
from nuem.press.pages import Maker
from nuem.press.site import build_site, built, recover, site_is_current
from nuem.press.students import without_solutions

FOLDER = "course"
LECTURER = "course/lecturer/"  # pages that only the lecturer's edition has
_START = """\
# Start here

Each notebook is a chapter, and runs from top to bottom in seconds; its exercises stand at the end.
Below an exercise there is a cell for your answer: write it in place of the dots, and run the cell.
`chapter.check` says whether it is right, and if not, which mistake it looks like; it doesn't know the answer itself.

* A number has the unit that the cell names; `"3.2 keV"` says another one.
* A formula is an expression of sympy in the symbols that the exercise names, in any form.
* A choice is its letter, such as `"b"`.

"""


def students_book(book: Book) -> Book:
    """The book that the students' site is made of, which stands beside the site of the book itself."""
    place = book.build / "students"
    return Book(place / "source", place)


def make(book: Book, wanted: Sequence[str], jobs: int) -> str:
    """Make both editions in the folder `course` of the build.

    Args:
        wanted: chapters whose notebooks they have, by their number or the last word of their address; none for all.

    Returns:
        Where they are, in sentences.

    Raises:
        NuemError: the book isn't built from the sources as they are, or has no such chapter.
    """
    chapters = _chosen(book, wanted)
    students = students_book(built(book))
    students.build.mkdir(parents=True, exist_ok=True)
    with alone(students) as lock:
        recover(students)
        _write_sources(book, students)
        _write_executed(book, students)
        if not site_is_current(students):
            shutil.copytree(book.build / "fonts", students.build / "fonts", dirs_exist_ok=True)  # of the same formulas
            with Maker(environment(students), lock) as maker:
                build_site(students, students.sources(), maker, jobs)
        said = [
            _publish(edition, source, book, chapters)
            for edition, source in (("students", students), ("lecturer", book))
        ]
    return "\n".join(said)


def _chosen(book: Book, wanted: Sequence[str]) -> list[str]:
    if not wanted:
        return book.chapters()
    names = {name.rpartition("/")[2]: name for name in book.chapters()}
    numbers = {str(exercises.number_of_chapter(book, name)): name for name in book.chapters()}
    for name in wanted:
        if name not in names and name not in numbers:
            raise NuemError(f"CHAPTERS: the book has no chapter {name!r}; {allowed(names, name)}")
    found = {names.get(name) or numbers[name] for name in wanted}
    return [name for name in book.chapters() if name in found]


# -- the students' sources ---------------------------------------------------------------------------------------------


def _write_sources(book: Book, students: Book) -> None:
    """The sources without solutions; what hasn't changed stays as it is, with its time."""
    pages = [page for page in book.pages() if not page.startswith(LECTURER)]
    texts = {f"{page}.md": _without_ways_to_lecturer(text) for page in pages if (text := _text(book, page)) is not None}
    for chapter in book.chapters():
        cut = without_solutions(book.notebook(chapter))
        cut["metadata"] = {**cut["metadata"], "nuem": {"students": True}}
        texts[f"{chapter}.ipynb"] = json.dumps(cut, ensure_ascii=False, indent=1)
    texts["_toc.yml"] = yaml.safe_dump(_without_lecturer(settings(book.root / "_toc.yml")), sort_keys=False)
    configuration = {name: one for name, one in settings(book.root / "_config.yml").items() if name != "repository"}
    texts["_config.yml"] = yaml.safe_dump(configuration, sort_keys=False)  # the repository has the solutions
    others = [*frame_sources(book), *_others(book)]
    contents = {path.relative_to(book.root).as_posix(): path.read_bytes() for path in others}
    contents |= {name: text.encode() for name, text in texts.items()}
    for path in students.root.rglob("*"):
        if path.is_file() and path.relative_to(students.root).as_posix() not in contents:
            path.unlink()
    for name, content in contents.items():
        place = students.root / name
        if not place.is_file() or place.read_bytes() != content:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


def _text(book: Book, page: str) -> str | None:
    path = book.root / f"{page}.md"
    return path.read_text("utf-8") if path.is_file() else None


def _others(book: Book) -> list[Path]:
    """What pages read beside the files that every page may depend on."""
    lists = [path for folder in ("reference", "course") for path in sorted((book.root / folder).rglob("*.yml"))]
    lock = book.root / "requirements.txt"
    return [*lists, *([lock] if lock.is_file() else [])]


def _without_lecturer(contents: Any) -> Any:
    """The table of contents without the lecturer's pages."""
    if isinstance(contents, Mapping):
        return {key: _without_lecturer(value) for key, value in contents.items()}
    if isinstance(contents, list):
        kept = [one for one in contents if not (isinstance(one, Mapping) and str(one.get("file")).startswith(LECTURER))]
        return [_without_lecturer(one) for one in kept]
    return contents


def _without_ways_to_lecturer(text: str) -> str:
    """A text in which the lecturer's pages are named and no longer linked.

    >>> _without_ways_to_lecturer("see [the exam](lecturer/exam.md#one) and [it](plan.md)")
    'see the exam and [it](plan.md)'
    """
    return re.sub(r"\[([^\[\]]*)\]\((?:[^()\s]*/)?lecturer/[^()\s]*\)", r"\1", text)


def _write_executed(book: Book, students: Book) -> None:
    """The executed copies without solutions, with the answers sealed."""
    known, told = (read_json(one.handover) or {} for one in (students, book))
    told = {name: told[name] for name in ("lock", "edition", "pdg", "compared", "answers") if name in told}
    if not told.items() <= known.items() or "root" not in known:
        hand_over(students, **told)
    for chapter in students.chapters():
        executed = book.executed_copy(chapter)
        cut = without_solutions(executed)
        stamp = executed["metadata"]["nuem"]
        now = students.fingerprint(chapter, students.notebook(chapter), stamp["named"], snapshot(students.root))
        answers = exercises.answers_of(book, chapter, executed)
        cut["metadata"] = {
            **cut["metadata"],
            "nuem": {**stamp, "fingerprint": now, "students": True, "answers": answers},
        }
        text, place = json.dumps(cut, ensure_ascii=False), students.copy_of(chapter)
        if not place.is_file() or place.read_text("utf-8") != text:
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, text)


# -- the editions ------------------------------------------------------------------------------------------------------


def _publish(edition: str, source: Book, book: Book, chapters: Sequence[str]) -> str:
    """Put an edition into its folder: the site, and the notebooks of some chapters."""
    folder, part = book.build / FOLDER / edition, book.build / FOLDER / f"{edition}.part"
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(source.html, part / "html")
    foot.write(part / "html", book.root)
    notebooks = part / "notebooks"
    if problems := copies.write_copies(source, notebooks, part / "html", chapters):
        raise NuemError("; ".join(problems))
    copies.write_start(source, notebooks, *([_START] if source is not book else []))
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    return f"{edition}: {folder / 'html' / 'index.html'}, and {len(chapters)} notebooks in {folder / 'notebooks'}"
