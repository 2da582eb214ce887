"""The build: executed notebooks → website and data files.

Only an executed copy with the right fingerprint counts; what is stale runs again, then the site is made if anything of
it changed. A failure loses nothing that stood before.
"""

from __future__ import annotations

import ast
import functools
import json
import shutil
import time
from collections.abc import Callable, Mapping
from typing import Any

from nuem.errors import NuemError
from nuem.press import exercises
from nuem.press.book import Book, alone, hand_over, is_compared, is_synthesis, read_json, settings
from nuem.press.execution import environment, execute
from nuem.press.fingerprint import digest, forget, lock_digest
from nuem.press.pages import Maker, look_for_garbage_rarely
from nuem.press.site import build_site, recover, site_is_current
from nuem.review import handover, records, tabulated, versions
from nuem.review.inputs import VINTAGES, Inputs, read_files


def build(book: Book, jobs: int) -> None:
    """Execute what is stale, then build the site if anything of it changed."""
    started = time.perf_counter()
    look_for_garbage_rarely()
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
            with Maker(environment(book), lock) as maker:
                _check(book)
                hand_over(book)
                _execute_stale(book, jobs)
                build_site(book, sources, maker, jobs)
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
