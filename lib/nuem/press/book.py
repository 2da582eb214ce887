"""The book as it stands in a folder: its sources, executed copies, what they depend on, and the lock of a build.

An executed copy carries a fingerprint of all that its outputs depend on (`nuem.press.fingerprint`). Prose, press and
view are not among them: a changed sentence, table, card or style makes pages anew, but runs no chapter. The HTML that a
cell makes of a view is for JupyterLab alone; the site makes its own.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nuem.errors import NuemError
from nuem.press import fingerprint
from nuem.press.fingerprint import digest, file_digest
from nuem.review import handover, records, yamlfile

COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # of a terminal
STAMP = ".fingerprint"  # file of the site that says what it is made of


@dataclass(frozen=True)
class Book:
    """The book's sources in `root` and its products in `build`."""

    root: Path
    build: Path
    overrides: Mapping[str, Any] = field(default_factory=dict)

    @property
    def executed(self) -> Path:
        """Folder of the executed copies."""
        return self.build / "executed"

    @property
    def handover(self) -> Path:
        """The file for those who work inside the build; see `nuem.review.handover`."""
        return self.build / handover.NAME

    @property
    def html(self) -> Path:
        """Folder of the finished site."""
        return self.build / "html"

    @property
    def doctrees(self) -> Path:
        """Folder in which Sphinx remembers the pages of the finished site."""
        return self.build / "doctrees"

    @property
    def data(self) -> Path:
        """Folder of the public data files, before they are copied into the site."""
        return self.build / "data"

    def pages(self) -> list[str]:
        """All pages of the table of contents, in its order, without ending.

        Raises:
            NuemError: the table can't be read, or one of the pages doesn't exist.
        """
        pages = list(_toc_files(settings(self.root / "_toc.yml")))
        for page in pages:
            if not any((self.root / f"{page}{ending}").is_file() for ending in (".ipynb", ".md")):
                raise NuemError(f"_toc.yml names {page}, but there is no such notebook or page; mend the line")
        return pages

    def forgotten(self) -> list[str]:
        """Notebooks that the table of contents doesn't name."""
        found = (
            path.relative_to(self.root).with_suffix("").as_posix() for path in self.root.glob("chapters/*/*.ipynb")
        )
        return sorted(set(found) - set(self.chapters()))

    def chapters(self) -> list[str]:
        """Those pages that are notebooks."""
        return [name for name in self.pages() if (self.root / f"{name}.ipynb").is_file()]

    def notebook(self, chapter: str) -> dict[str, Any]:
        """The source notebook of a chapter.

        Raises:
            NuemError: the file isn't a notebook of Jupyter's format 4.
        """
        path = self.root / f"{chapter}.ipynb"
        try:
            notebook = json.loads(path.read_text("utf-8"))
        except ValueError as error:  # neither UTF-8 nor JSON
            raise NuemError(f"{chapter}.ipynb: not a valid notebook ({error}); restore it from git") from error
        if not _is_notebook(notebook):
            raise NuemError(f"{chapter}.ipynb: not a notebook of format 4; save it with JupyterLab, or restore it")
        for identifier, count in Counter(cell["id"] for cell in notebook["cells"] if "id" in cell).items():
            if count > 1:
                raise NuemError(f"{chapter}.ipynb: {count} cells have the id {identifier}; keep one of them")
        return notebook

    def copy_of(self, chapter: str) -> Path:
        """Where the executed copy of a chapter stands."""
        return self.executed / f"{chapter}.ipynb"

    def fingerprint(
        self, chapter: str, notebook: Mapping[str, Any], named: Mapping[str, Sequence[str]], taken: fingerprint.Snapshot
    ) -> str:
        """Hash of everything that the outputs of a chapter depend on, if it names these inputs, claims and files."""
        compared = self.compared() if is_synthesis(chapter) else ""
        return fingerprint.of_chapter(taken, notebook, named, self.overrides, compared)

    def compared(self) -> str:
        """Hash of the records that the synthesis chapters compare, as they were handed over."""
        return str((read_json(self.handover) or {}).get("compared", {}).get("digest", ""))

    def executed_copy(self, chapter: str) -> dict[str, Any]:
        """The outputs of a chapter's executed copy, in the chapter as it is written now.

        Raises:
            NuemError: it is missing, failed or stale.
        """
        return _under_prose(self._sound_copy(chapter), self.notebook(chapter), chapter)

    def _sound_copy(self, chapter: str) -> dict[str, Any]:
        """The executed copy as it is stored, if it can be used."""
        path = self.copy_of(chapter)
        if not path.is_file():
            raise NuemError(f"{chapter}: there is no executed copy; run `make book` first")
        copy = read_json(path)
        if not _is_notebook(copy):
            raise NuemError(f"{chapter}: the executed copy is damaged; run `make book` again")
        if copy["metadata"].get("papermill", {}).get("exception"):
            raise NuemError(f"{chapter}: the executed copy holds an error; mend the chapter and run `make book`")
        stamp = copy["metadata"].get("nuem", {})
        if stamp.get("fingerprint") == "":
            raise NuemError(f"{chapter}: the package was changed while it ran; run `make book` again")
        # Inside of a build all copies were checked before it began to make pages; the code is compared again.
        if not handover.read() and stamp.get("fingerprint") != self._fingerprint_now(chapter, stamp.get("named", {})):
            raise NuemError(f"{chapter}: the executed copy is stale; run `make book` again")
        return copy

    def _fingerprint_now(self, chapter: str, named: Mapping[str, Sequence[str]]) -> str:
        return self.fingerprint(chapter, self.notebook(chapter), named, fingerprint.snapshot(self.root))

    def is_current(self, chapter: str) -> bool:
        """Whether the executed copy can be used as it is."""
        try:
            self._sound_copy(chapter)
        except NuemError:
            return False
        return True

    def records(self, *, synthesis: bool = True) -> records.Book:
        """All bounds and verdicts of the book, or those that the synthesis chapters compare."""
        chapters = [chapter for chapter in self.chapters() if synthesis or is_compared(chapter)]
        notebooks = ((chapter, self.executed_copy(chapter)) for chapter in chapters)
        return records.collect(notebooks, own_inputs=bool(self.overrides))

    def sources(self) -> str:
        """Hash of everything that the site is made of before any chapter runs, and of a reader's own inputs."""
        files = (f"{path.relative_to(self.root)}:{file_digest(path)}" for path in _site_sources(self))
        package = (f"{name}:{found}" for name, found in fingerprint.package_files().items())
        own = json.dumps(dict(self.overrides), sort_keys=True, default=str)
        return digest(str(self.root), own, fingerprint.lock_digest(self.root), *package, *files)

    def products(self) -> str:
        """Hash of the executed copies and of what the build handed over."""
        places = [self.handover, *map(self.copy_of, self.chapters())]
        return digest(*(file_digest(path) if path.is_file() else "missing" for path in places))


def _under_prose(copy: Mapping[str, Any], source: Mapping[str, Any], chapter: str) -> dict[str, Any]:
    """The source with the outputs of its executed copy: code is the same in both, prose may have changed since."""
    ran = {(cell["id"], "".join(cell["source"])): cell for cell in copy["cells"] if cell["cell_type"] == "code"}
    cells = json.loads(json.dumps(with_ids(source).cells))
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        done = ran.get((cell["id"], "".join(cell["source"])))
        if done is None:
            raise NuemError(f"{chapter}: the executed copy is stale; run `make book` again")
        cell.update({name: done[name] for name in ("outputs", "execution_count")})
        cell["metadata"] = {**done["metadata"], **cell["metadata"]}
    return {**copy, "cells": cells}


def is_synthesis(chapter: str) -> bool:
    """Synthesis chapters and the worked examples read the records of the others."""
    return chapter.startswith("chapters/synthesis/") or chapter == "reference/examples"


def is_compared(chapter: str) -> bool:
    """The other chapters are those whose records they read; pages for reference have none."""
    return chapter.startswith("chapters/") and not is_synthesis(chapter)


def seconds_of_last_run(book: Book, chapter: str) -> float:
    """How long a chapter took when it last ran; infinite for one that never did."""
    copy = read_json(book.copy_of(chapter)) or {}
    return float(copy.get("metadata", {}).get("nuem", {}).get("seconds", math.inf))


def _is_notebook(content: Any) -> bool:
    """Whether parsed JSON has the form of a notebook, as far as the build relies on it."""
    return (
        isinstance(content, Mapping)
        and content.get("nbformat") == 4
        and isinstance(content.get("metadata"), Mapping)
        and isinstance(content.get("cells"), list)
        and all(map(_is_cell, content["cells"]))
    )


def _is_cell(content: Any) -> bool:
    return (
        isinstance(content, Mapping)
        and content.get("cell_type") in ("code", "markdown", "raw")
        and isinstance(content.get("metadata"), Mapping)
        and isinstance(content["metadata"].get("tags", []), list)
        and isinstance(content.get("id", ""), str)
        and _is_text(content.get("source"))
        and isinstance(content.get("outputs", []), list)
    )


def _is_text(content: Any) -> bool:
    lines = content if isinstance(content, list) else [content]
    return all(isinstance(line, str) for line in lines)


def read_json(path: Path) -> Any:
    """What a file of the build holds; None where it is missing or damaged."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def settings(path: Path) -> Mapping[str, Any]:
    """One of the book's YAML files, `_toc.yml` or `_config.yml`.

    Raises:
        NuemError: the file is missing, isn't valid YAML, or isn't a mapping.
    """
    if not path.is_file():
        raise NuemError(f"there is no {path.name} in {path.parent}; run `make` in the folder of the book")
    content = yamlfile.read(path, path.name)
    if not isinstance(content, Mapping):
        raise NuemError(f"{path.name}: not a mapping from names to settings; restore it from git")
    return content


def _toc_files(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key in ("root", "file"):
            if key in node:
                if not isinstance(node[key], str):
                    raise NuemError(f"_toc.yml: {key}: {node[key]!r} is not the name of a page; mend the line")
                yield node[key]
        for value in node.values():
            yield from _toc_files(value)
    elif isinstance(node, list):
        for item in node:
            yield from _toc_files(item)


def _site_sources(book: Book) -> list[Path]:
    """Everything but the executed copies that the site is made of."""
    pages = [book.root / f"{name}{ending}" for name in book.pages() for ending in (".md", ".ipynb")]
    pages = [path for path in pages if path.is_file()]
    return [*pages, *frame_sources(book)]


# In `assets`, in this order, the one style sheet and the one script, of which pages know only the version.
STYLES = ("page.css", "nuem.css", "reading.css", "print.css")
SCRIPTS = ("nuem.js", "reading.js", "selfcheck.js", "play.js")


def frame_sources(book: Book) -> list[Path]:
    """The files that all pages may depend on: settings, bibliography, lists of the errata, styles and scripts."""
    names = ("_config.yml", "_toc.yml", "references.bib", "CITATION.cff")
    settings = [path for name in names if (path := book.root / name).is_file()]
    lists = sorted((book.root / "chapters").rglob("*.yml"))  # of the errata
    return [*settings, *lists, *sorted(path for path in (book.root / "assets").rglob("*") if path.is_file())]


def write_whole(target: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    part = target.with_name(target.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise OSError(error.errno, error.strerror, str(target)) from error
    part.replace(target)


@contextlib.contextmanager
def alone(book: Book) -> Iterator[int]:
    """Wait until no other build works in the same folder; yields the file descriptor that holds its lock."""
    with (book.build / ".lock").open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another build is at work in {book.build}; waiting for it to end", flush=True)
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield stream.fileno()


def hand_over(book: Book, **content: Any) -> None:
    """Write the file that tells chapters and Sphinx where this book stands, with what else is given."""
    known = read_json(book.handover) or {}
    kept = {name: known[name] for name in ("lock", "edition", "pdg", "compared", "answers") if name in known}
    place = {"root": str(book.root), "build": str(book.build), "overrides": dict(book.overrides)}
    write_whole(book.handover, json.dumps({**kept, **place, **content}, ensure_ascii=False, default=str))


def addressed_book(root: Path) -> Book:
    """The book that a build is making, for code that runs inside it; outside of a build the one in `root`."""
    told = handover.read()
    if not told:
        return Book(root, root / "_build")
    return Book(Path(told["root"]), Path(told["build"]), told["overrides"])


def with_ids(notebook: Mapping[str, Any]) -> Any:
    """A notebook for papermill; cells without an id, as older programs write them, get their number for one."""
    import nbformat

    node = nbformat.from_dict({**notebook, "nbformat_minor": 5})
    for number, cell in enumerate(node.cells, start=1):
        cell.setdefault("id", f"cell-{number}")
    return node
