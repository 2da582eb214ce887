"""The website: Sphinx builds it beside the old one from the executed copies, and it replaces that as a whole."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nuem.errors import NuemError
from nuem.press import copies, exercises, pages
from nuem.press.book import COLOURS, SCRIPTS, STAMP, STYLES, Book, frame_sources, hand_over, read_json, with_ids
from nuem.press.downloads import export
from nuem.press.execution import LOG_LINES
from nuem.press.fingerprint import code_digests, digest, file_digest, lock_digest
from nuem.press.progress import Progress
from nuem.review import records

ENVIRONMENT = "environment.pickle"  # where Sphinx keeps what it knows of all pages


def build_site(book: Book, sources: str, maker: pages.Maker, jobs: int) -> None:
    """Build the HTML beside the old site, add the data files, and swap it in whole.

    Pages that can't have changed are taken over from the old site. The maker of pages holds the lock of the build as
    well: should the build be killed, the next one waits for its end.

    Args:
        sources: hash of what the site is made of; if that changed since, what comes out won't pass for current.
    """
    frame, started = _frame(book), time.perf_counter()
    _check_bibliography(book)
    book_records, answers = _records_and_answers(book)
    _refuse_overridden(book, book_records)
    hand_over(book, answers=answers)
    export(book_records, book.root, book.data)
    html, doctrees = _next(book) / "html", _next(book) / "doctrees"
    try:
        _next(book).mkdir(parents=True)
        if _can_go_on(book, frame):
            # Pages name the version of a style only if it is there when they are written: in a clean build some aren't.
            shutil.copytree(book.html, html, ignore=shutil.ignore_patterns("_static", "data"))
            shutil.copytree(book.doctrees, doctrees)
        maker.start(book.root, html, doctrees, jobs, _log(book))
        copies.write_copies(book, html / copies.FOLDER, html)
        _wait(book, maker)
        shutil.copytree(book.data, html / "data", dirs_exist_ok=True)
        (html / STAMP).unlink(missing_ok=True)
        stamp = {
            "sources": sources,
            "products": book.products(),
            "frame": frame,
            "environment": file_digest(doctrees / ENVIRONMENT),
            "seconds": round(time.perf_counter() - started, 2),
            "files": _file_digests(html, _files_in(html)),
        }
        (html / STAMP).write_text(json.dumps(stamp), "utf-8")
        _swap(html, book.html)
        _swap(doctrees, book.doctrees)
    finally:
        shutil.rmtree(_next(book), ignore_errors=True)  # the disk may be full


def _records_and_answers(book: Book) -> tuple[records.Book, dict[str, Any]]:
    """Both from one reading of the executed copies, which are too large to be kept while the pages are made."""
    executed = {chapter: book.executed_copy(chapter) for chapter in book.chapters()}
    answers: dict[str, Any] = {}
    for chapter, notebook in executed.items():
        answers |= exercises.answers_of(book, chapter, notebook)
    return records.collect(executed.items(), own_inputs=bool(book.overrides)), answers


def _next(book: Book) -> Path:
    """Where the next site is made."""
    return book.build / "next"


def _log(book: Book) -> Path:
    return book.build / "sphinx.log"


def _wait(book: Book, maker: pages.Maker) -> None:
    """Wait for the pages; on a terminal one sees how long it has taken, and how long it did last time.

    Raises:
        NuemError: Sphinx warned of something, or stopped.
    """
    last = (read_json(book.html / STAMP) or {}).get("seconds", math.inf)
    progress = Progress({"website": last})
    progress.say("building the website" + (f" (last time {last:.1f} s)" if math.isfinite(last) else ""))
    progress.start("website")
    while not maker.is_done(progress.interval):
        progress.show()
    if not maker.is_good():
        log = _log(book)
        causes = "\n".join(_causes(book, log.read_text("utf-8", "replace")))
        raise NuemError(f"the website has warnings or errors (whole log in {log}); the last good site stays.\n{causes}")


def _frame(book: Book) -> str:
    """Hash of what stands in every page: after a change of it all pages are made anew."""
    inside = [path for path in frame_sources(book) if path.name not in (*STYLES, *SCRIPTS)]
    files = [f"{path.relative_to(book.root)}:{file_digest(path)}" for path in inside]
    own_inputs = json.dumps(dict(book.overrides), sort_keys=True, default=str)
    return digest(str(book.root), own_inputs, lock_digest(book.root), *code_digests(), *files)


def _can_go_on(book: Book, frame: str) -> bool:
    """Whether the old site and what Sphinx remembers of it belong together and to this book."""
    stamp, remembered = read_json(book.html / STAMP), book.doctrees / ENVIRONMENT
    if not isinstance(stamp, Mapping) or stamp.get("frame") != frame or not remembered.is_file():
        return False
    whole = stamp["files"] == _file_digests(book.html, stamp["files"])
    return whole and stamp["environment"] == file_digest(remembered)


def _causes(book: Book, log: str) -> list[str]:
    """The lines of Sphinx's log that say what is wrong; its end if none does."""
    lines = [line for line in COLOURS.sub("", log).splitlines() if line.strip()]
    place = re.compile(re.escape(f"{book.root}{os.sep}") + r"(.+?)\.ipynb:(\d+)\d{4}: ")
    lines = [place.sub(lambda match: _name_cell(book, match), line) for line in lines]
    telling = [line for line in lines if re.search(r"\b(WARNING|ERROR|CRITICAL):|^sphinx\.errors\.", line)]
    return (telling or lines)[-LOG_LINES:]


def _name_cell(book: Book, match: re.Match[str]) -> str:
    """MyST-NB counts 10000 lines per cell, from cell 1 on: say which cell it means."""
    cells = with_ids(book.notebook(match[1])).cells
    position = int(match[2]) - 1
    return f"{match[1]}.ipynb, cell {cells[position].id if position < len(cells) else '?'}: "


def _files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _file_digests(folder: Path, names: Sequence[str]) -> dict[str, str]:
    """Digest of each named file that is there."""
    return {name: file_digest(folder / name) for name in names if (folder / name).is_file()}


def site_is_current(book: Book) -> bool:
    """Whether the site is made of what the book is now, and each of its files stands as it was built."""
    stamp = read_json(book.html / STAMP)
    if not isinstance(stamp, Mapping) or stamp.get("sources") != book.sources():
        return False
    if stamp.get("products") != book.products():
        return False
    return stamp["files"] == _file_digests(book.html, stamp["files"])


def built(book: Book) -> Book:
    """The book, if its site is made of what the sources are.

    Raises:
        NuemError: the site is missing or old.
    """
    if not site_is_current(book):
        raise NuemError("the pages aren't those of the sources as they stand; run `make book` first")
    return book


def _swap(new: Path, place: Path) -> None:
    """Put `new` in the place of the old site; at no moment is there half a site."""
    shutil.rmtree(_aside(place), ignore_errors=True)
    if place.exists():
        place.rename(_aside(place))
    new.rename(place)
    shutil.rmtree(_aside(place), ignore_errors=True)


def _aside(place: Path) -> Path:
    return place.with_name(place.name + ".old")


def recover(book: Book) -> None:
    """After a build that was killed: what it put aside has its place again, and what is half made goes."""
    for place in (book.html, book.doctrees):
        if _aside(place).exists() and not place.exists():
            _aside(place).rename(place)
        shutil.rmtree(_aside(place), ignore_errors=True)
    shutil.rmtree(_next(book), ignore_errors=True)
    for part in (*book.build.glob("*.part"), *book.data.glob("*.part"), *book.executed.rglob("*.part")):
        part.unlink()


def _refuse_overridden(book: Book, book_records: records.Book) -> None:
    """Own inputs that a cell gives to its chapter must not become the published book."""
    for bound in book_records.bounds:
        if bound.overridden and not book.overrides:
            raise NuemError(
                f"{bound.chapter}.ipynb, cell {bound.cell}: the bound {bound.id} uses own inputs; open "
                "the chapter with nuem.Chapter(overrides), and write your inputs into a file for "
                "`make book INPUTS=my-inputs.yml`"
            )


def _check_bibliography(book: Book) -> None:
    """Name the file and the place of what Sphinx would report as a fault of its own."""
    from pybtex.database import BibliographyDataError, parse_string
    from pybtex.scanner import PybtexSyntaxError

    path = book.root / "references.bib"
    if not path.is_file():
        raise NuemError(f"there is no references.bib in {book.root}; restore it from git")
    try:
        parse_string(path.read_text("utf-8"), "bibtex")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise NuemError(f"references.bib, line {line}: not UTF-8; save it in that encoding") from error
    except (PybtexSyntaxError, BibliographyDataError) as error:
        raise NuemError(f"references.bib: {error}; mend that entry") from error
