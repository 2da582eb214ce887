"""The build: executed notebooks → website and data files.

    python -m nuem build [--inputs my-inputs.yml] [--jobs N]

Only an executed copy with the right fingerprint counts; what is stale runs again, then the site is made if anything of
it changed. A failure loses nothing that stood before.
"""

from __future__ import annotations

import argparse
import ast
import functools
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nuem.errors import NuemError, what_happened
from nuem.press import exercises
from nuem.press.book import Book, alone, hand_over, is_compared, is_synthesis, read_json, settings
from nuem.press.execution import execute
from nuem.press.fingerprint import digest, forget, lock_digest
from nuem.press.site import build_site, built, recover, site_is_current
from nuem.review import handover, records, tabulated, versions
from nuem.review.inputs import VINTAGES, Inputs, read_files, read_overrides


def build(book: Book, jobs: int) -> None:
    """Execute what is stale, then build the site if anything of it changed."""
    started = time.perf_counter()
    if not book.build.is_dir():  # nothing is made of a book that can't be built
        _check(book)
    book.build.mkdir(parents=True, exist_ok=True)
    with alone(book) as lock:
        forget()
        recover(book)
        for name in book.forgotten():
            print(f"note: {name}.ipynb is not in _toc.yml, so it is not part of the book")
        if site_is_current(book):
            print("nothing changed")
        else:
            sources = book.sources()  # what is saved from here on is new to the next build
            _check(book)
            hand_over(book)
            _execute_stale(book, jobs)
            build_site(book, sources, lock, jobs)
        if book.overrides:
            print(effect_of_inputs(book))
        print(f"done in {time.perf_counter() - started:.1f} s; open {book.html / 'index.html'}")


def _check(book: Book) -> None:
    """Stop at what can't be built before anything runs.

    Raises:
        NuemError: a wrong override, settings that Sphinx would stumble over at the end, or a chapter that isn't one.
    """
    Inputs(book.overrides)
    settings(book.root / "_config.yml")
    _check_contents(book)
    for chapter in book.chapters():
        notebook = book.notebook(chapter)
        refuse_saved_inputs(chapter, notebook)
        refuse_other_languages(chapter, notebook)
        exercises.of_chapter(book, chapter, notebook)


def _execute_stale(book: Book, jobs: int) -> None:
    """Run the chapters whose copies can't be used, and those that compare them as soon as they are there."""
    inputs_once = functools.cache(lambda: _hand_over_inputs(book))

    def stale(asked: Callable[[str], bool]) -> list[str]:
        found = [name for name in book.chapters() if asked(name) and not _is_current_or_borrowed(book, name)]
        if found:
            inputs_once()
        return found

    def comparing() -> list[str]:
        hand_over_records(book)
        return stale(is_synthesis)

    derived = stale(is_compared)
    beside = stale(lambda chapter: not (is_compared(chapter) or is_synthesis(chapter)))
    execute(book, derived, jobs, then=comparing, beside=beside)


def _hand_over_inputs(book: Book) -> None:
    for name in (inputs := Inputs(book.overrides)):  # a mistake in any entry stops here
        inputs.entry(name)
    hand_over_pdg_values(book)


def _is_current_or_borrowed(book: Book, chapter: str) -> bool:
    """Whether a copy is there; own inputs leave alone the published ones of chapters that don't ask for them."""
    if book.overrides and not book.is_current(chapter):
        _borrow(book, chapter)
    return book.is_current(chapter)


def _borrow(book: Book, chapter: str) -> None:
    """Take over the published copy of a chapter, if with the reader's inputs it would be the same."""
    published = Book(book.root, book.root / "_build").copy_of(chapter)
    if published.is_file():
        book.copy_of(chapter).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(published, book.copy_of(chapter))


def refuse_saved_inputs(chapter: str, notebook: Mapping[str, Any]) -> None:
    """Own inputs that a reader saved in a notebook must not become the published book.

    Raises:
        NuemError: the notebook hasn't exactly one parameters cell, or it says more than `overrides = {}`.
    """
    cells = [cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", ())]
    if len(cells) != 1:
        raise NuemError(f"{chapter}.ipynb: {len(cells)} cells are tagged parameters; tag the one of `overrides = {{}}`")
    try:
        code = ast.unparse(ast.parse("".join(cells[0]["source"])))
    except SyntaxError:
        code = ""
    if code != "overrides = {}":
        raise NuemError(
            f"{chapter}.ipynb, cell {cells[0].get('id', '?')}: own inputs or other code in the parameters cell would "
            "become the published book; leave exactly `overrides = {}` in it, write your inputs into a file and call "
            "`make book INPUTS=my-inputs.yml`"
        )


def refuse_other_languages(chapter: str, notebook: Mapping[str, Any]) -> None:
    """Commands of the shell or of IPython hide from provenance where a number comes from.

    Raises:
        NuemError: a code cell isn't Python alone.
    """
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] != "code":
            continue
        try:
            ast.parse("".join(cell["source"]))
        except SyntaxError as error:
            raise NuemError(
                f"{chapter}.ipynb, cell {cell.get('id', number)}, line {error.lineno}: not Python ({error.msg}); "
                "mend it, and write Python in place of commands such as %matplotlib or !ls"
            ) from error


def _check_contents(book: Book) -> None:
    """Stop at a table of contents that would end Sphinx with a traceback, such as one that names a page twice."""
    from sphinx_external_toc.parsing import MalformedError, parse_toc_data

    book.pages()  # its own words first: they name the page
    try:
        parse_toc_data(dict(settings(book.root / "_toc.yml")))
    except MalformedError as error:
        raise NuemError(f"_toc.yml: {error}; mend it, or restore it from git") from error


def effect_of_inputs(book: Book) -> str:
    """What a reader's own inputs moved against the published book, if that is built from the same sources."""
    from nuem.press import diff

    published = Book(book.root, book.root / "_build")
    if not site_is_current(published):
        return "there is no published book to compare with; run `make book` without INPUTS to see what your inputs move"
    return diff.by_own_inputs(published.html / "data", book.html / "data")


def hand_over_pdg_values(book: Book) -> None:
    """Read every PDG value that the inputs name once, for all chapters of this build."""
    wanted = {
        tabulated.pdg_arguments(raw[vintage])
        for _, raw in read_files().values()
        for vintage in VINTAGES
        if "pdg" in raw.get(vintage, ())
    }
    lock = digest(lock_digest(book.root), *sorted(map(str, wanted)))
    if (read_json(book.handover) or {}).get("lock") != lock:
        values = {tabulated.pdg_key(*one): tabulated.read_pdg(*one) for one in sorted(wanted, key=str)}
        hand_over(book, lock=lock, edition=tabulated.edition(), pdg=values)


def hand_over_records(book: Book) -> None:
    """Collect what the synthesis chapters compare."""
    found = book.records(synthesis=False)
    bounds, claims = records.bounds_json(found)["bounds"], records.ledger_json(found)["claims"]
    compared = {
        "schema": versions.CURRENT,
        "sources": {name: handover.digest(book.notebook(name)) for name in book.chapters() if is_compared(name)},
        "bounds": bounds,
        "claims": claims,
        "digest": digest(json.dumps([bounds, claims])),
    }
    hand_over(book, compared=compared)


def _positive(text: str) -> int:
    """A number of chapters at a time; with none the build would wait for ever."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of chapters at a time; give 1 or more")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m nuem", description="Build the book, or see what moved in it.")
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build", help="execute the chapters and build the website")
    building.add_argument("--inputs", type=Path, help="YAML file with a reader's own inputs")
    building.add_argument("--jobs", type=_positive, default=os.cpu_count() or 1, help="chapters at a time")
    watching = commands.add_parser("watch", help="build whenever a source is saved, and reload the open page")
    watching.add_argument("--jobs", type=_positive, default=os.cpu_count() or 1, help="chapters at a time")
    copying = commands.add_parser("copies", help="write the reader's copies of the notebooks")
    copying.add_argument("folder", type=Path, help="where to; copies that a reader has changed stay")
    returning = commands.add_parser("source", help="turn a reader's copy back into the source of its chapter")
    returning.add_argument("copy", type=Path, help="the reader's copy")
    teaching = commands.add_parser("course", help="the students' and the lecturer's edition of the built book")
    teaching.add_argument(
        "chapters", nargs="*", help="whose notebooks they have, such as muon-g-2 or 6; all unless given"
    )
    teaching.add_argument("--jobs", type=_positive, default=os.cpu_count() or 1, help="processes that make pages")
    comparing = commands.add_parser("diff", help="published numbers against another revision")
    comparing.add_argument("base", help="commit, tag or branch")
    commands.add_parser("wheel", help="a package with the code and the results of the last build")
    printing = commands.add_parser("handouts", help="chapters as PDF, without code and solutions and with both")
    printing.add_argument("chapters", nargs="*", help="some of them; without, all")
    sliding = commands.add_parser("slides", help="lectures cut from the built chapters")
    sliding.add_argument("chapters", nargs="*", help="some of them; without, all")
    commands.add_parser("pdf", help="the whole book as one PDF")
    options = parser.parse_args(arguments)
    root = Path.cwd()
    try:
        if options.command == "diff":
            from nuem.press.diff import report

            print(report(root, options.base))
            return 0
        if options.command == "wheel":
            from nuem.press.wheel import build_wheel

            print(build_wheel(Book(root, root / "_build")))
            return 0
        if options.command == "course":
            from nuem.press import course

            print(course.make(Book(root, root / "_build"), options.chapters, options.jobs))
            return 0
        if options.command in ("handouts", "slides"):
            from nuem.press import article, exercises, paper, slides

            book = built(Book(root, root / "_build"))
            pages = article.named(book, options.chapters) or exercises.lectures(book)
            if options.command == "slides":
                lengths = slides.decks(book, pages)
                told = [f"{place.relative_to(root)}: about {minutes:.0f} minutes" for place, minutes in lengths.items()]
            else:
                told = [str(place.relative_to(root)) for place in paper.handouts(book, pages)]
            print("\n".join(told))
            return 0
        if options.command == "pdf":
            from nuem.press import paper

            print(paper.whole_book(built(Book(root, root / "_build"))).relative_to(root))
            return 0
        if options.command == "watch":
            from nuem.press.watch import watch

            published = Book(root, root / "_build")
            watch(published, functools.partial(build, published, options.jobs))
            return 0
        if options.command == "copies":
            from nuem.press import copies

            print("\n".join(copies.make_folder(Book(root, root / "_build"), options.folder)))
            return 0
        if options.command == "source":
            from nuem.press import copies

            print(copies.give_back(Book(root, root / "_build"), options.copy))
            return 0
        overrides = read_overrides(options.inputs) if options.inputs else {}
        build(Book(root, root / "_build" / ("custom" if overrides else ""), overrides), options.jobs)
    except NuemError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; the last good site stays", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"error: {what_happened(error)}; the last good site stays", file=sys.stderr)
        return 1
    return 0
