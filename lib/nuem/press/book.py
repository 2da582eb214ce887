"""The build: executed notebooks → website and data files.

    python -m nuem build [--inputs my-inputs.yml] [--jobs N]

Chapters run under papermill, each in a process of its own, into `_build/executed/`. An executed copy carries a
fingerprint of all it depends on (its own source, the package with its data, the lock file, the overrides and, for
synthesis chapters, every other chapter); only a copy with the right fingerprint counts. The site is built beside the
old one and replaces it as a whole, so that a failure loses nothing.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import fcntl
import functools
import hashlib
import json
import multiprocessing
import multiprocessing.connection
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nuem.errors import NuemError, what_happened
from nuem.review import handover, records, tabulated, yamlfile
from nuem.review.inputs import VINTAGES, Inputs, read_files

CELL_TIMEOUT = 600  # seconds; no cell of the book comes near it
LOG_LINES = 25
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

    def pages(self) -> list[str]:
        """All pages of the table of contents, in its order, without ending.

        Raises:
            NuemError: the table can't be read, or one of the pages doesn't exist.
        """
        pages = list(_toc_files(_settings(self.root / "_toc.yml")))
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

    def fingerprint(self, chapter: str) -> str:
        """Hash of everything that the executed copy of `chapter` depends on."""
        depends_on = [self._own_fingerprint(chapter)]
        if is_synthesis(chapter):
            depends_on += [self._own_fingerprint(other) for other in self.chapters() if not is_synthesis(other)]
        return _digest(*depends_on)

    def _own_fingerprint(self, chapter: str) -> str:
        cells = [
            (cell["cell_type"], cell.get("id"), cell["source"], cell["metadata"].get("tags"))
            for cell in self.notebook(chapter)["cells"]
        ]
        return _digest(
            json.dumps(cells),
            _package_digest(self.root),
            json.dumps(self.overrides, sort_keys=True, default=str),
        )

    def executed_copy(self, chapter: str) -> dict[str, Any]:
        """The executed copy of a chapter.

        Raises:
            NuemError: it is missing, failed or stale.
        """
        path = self.copy_of(chapter)
        if not path.is_file():
            raise NuemError(f"{chapter}: there is no executed copy; run `make book` first")
        notebook = _read_json(path)
        if not _is_notebook(notebook):
            raise NuemError(f"{chapter}: the executed copy is damaged; run `make book` again")
        if notebook["metadata"].get("papermill", {}).get("exception"):
            raise NuemError(f"{chapter}: the executed copy holds an error; mend the chapter and run `make book`")
        if notebook["metadata"].get("nuem", {}).get("fingerprint") != self.fingerprint(chapter):
            raise NuemError(f"{chapter}: the executed copy is stale; run `make book` again")
        return notebook

    def is_current(self, chapter: str) -> bool:
        """Whether the executed copy can be used as it is."""
        try:
            self.executed_copy(chapter)
        except NuemError:
            return False
        return True

    def records(self, *, synthesis: bool = True) -> records.Book:
        """All bounds and verdicts of the book, or those that the synthesis chapters compare."""
        chapters = [chapter for chapter in self.chapters() if synthesis or not is_synthesis(chapter)]
        notebooks = ((chapter, self.executed_copy(chapter)) for chapter in chapters)
        return records.collect(notebooks, own_inputs=bool(self.overrides))

    def site_fingerprint(self) -> str:
        """Hash of everything that the site depends on: page sources, settings and executed copies."""
        return _digest(
            *(f"{path.relative_to(self.root)}:{_file_digest(path)}" for path in _site_sources(self)),
            *(self.fingerprint(chapter) for chapter in self.chapters()),
        )


def is_synthesis(chapter: str) -> bool:
    """Synthesis chapters read the records of the others."""
    return chapter.startswith("chapters/synthesis/")


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


def _read_json(path: Path) -> Any:
    """What a file of the build holds; None where it is missing or damaged."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def _settings(path: Path) -> Mapping[str, Any]:
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


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@functools.cache
def _package_digest(root: Path) -> str:
    """Hash of the package with its data, the lock file, and the Python version."""
    package = Path(__file__).parents[1]
    files = sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    parts = [f"{path.relative_to(package)}:{_file_digest(path)}" for path in files]
    lock = root / "requirements.txt"
    return _digest(sys.version, _file_digest(lock) if lock.is_file() else "", *parts)


def _site_sources(book: Book) -> list[Path]:
    """Everything but the executed copies that the site is made of."""
    pages = [book.root / f"{name}.md" for name in book.pages() if (book.root / f"{name}.md").is_file()]
    settings = [book.root / name for name in ("_config.yml", "_toc.yml", "references.bib")]
    return [*pages, *settings, *sorted(path for path in (book.root / "assets").rglob("*") if path.is_file())]


# -- execution -----------------------------------------------------------------------------------------------------


def execute(book: Book, chapters: Sequence[str], jobs: int) -> None:
    """Run chapters in parallel, each in a process of its own; the first failure stops the build.

    Raises:
        NuemError: naming the chapter, the cell and the error.
    """
    # A fork server imports papermill once; each chapter then starts from a clean copy of it.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["papermill", "nuem.press.book"])
    waiting, running = list(chapters), {}
    try:
        _execute_all(book, waiting, running, jobs, context)
    except BaseException:  # a failed chapter, or Ctrl-C
        for _, process in running.values():
            process.terminate()
        raise


def _execute_all(book: Book, waiting: list[str], running: dict[Any, Any], jobs: int, context: Any) -> None:
    done, total = 0, len(waiting)
    while waiting or running:
        while waiting and len(running) < jobs:
            chapter = waiting.pop(0)
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=_run_chapter, args=(book, chapter, sender))
            process.start()
            sender.close()
            running[receiver] = (chapter, process)
        for receiver in multiprocessing.connection.wait(list(running)):
            chapter, process = running.pop(receiver)
            problem, line = _outcome(receiver, chapter, process)
            if problem:
                raise NuemError(problem)
            done += 1
            print(f"  [{done}/{total}] {line}", flush=True)


def _outcome(receiver: Any, chapter: str, process: Any) -> tuple[str, str]:
    """What a worker says at its end: a problem or a line of progress."""
    try:
        outcome = receiver.recv()
    except EOFError:
        outcome = None
    process.join()
    if outcome:
        return outcome
    if process.exitcode < 0:
        name = signal.Signals(-process.exitcode).name
        return f"{chapter}.ipynb: its process was ended by {name}; is the machine out of memory?", ""
    return f"{chapter}.ipynb: its process ended with code {process.exitcode} and without a word; run it again", ""


def _run_chapter(book: Book, chapter: str, sender: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_end_with_the_build, daemon=True).start()
    os.environ.update(environment(book))  # of this worker, for the kernel that it starts
    try:
        sender.send(("", run_chapter(book, chapter)))
    except NuemError as error:
        sender.send((str(error), ""))
    except OSError as error:
        sender.send((f"{chapter}.ipynb: {what_happened(error)}", ""))
    except Exception:  # a fault of the build itself must not pass for a dead process
        sender.send((f"{chapter}.ipynb: the build failed:\n{traceback.format_exc()}", ""))


def _end_with_the_build() -> None:
    """End this worker when the build is gone, even if it was killed; a kernel ends with its worker by itself."""
    build_process = multiprocessing.parent_process()
    if build_process:
        build_process.join()
        os._exit(1)


def run_chapter(book: Book, chapter: str) -> str:
    """Execute one chapter and store its copy, stamped with fingerprint, seconds and peak memory.

    Returns:
        One line of progress.
    """
    import papermill

    target = book.copy_of(chapter)
    fingerprint = book.fingerprint(chapter)
    target.parent.mkdir(parents=True, exist_ok=True)
    log = target.with_suffix(".log")
    started = time.perf_counter()
    with log.open("w") as errors, _stderr_to(errors):
        try:
            notebook = papermill.execute_notebook(
                _with_ids(book.notebook(chapter)),
                None,
                parameters={"overrides": dict(book.overrides)} if book.overrides else None,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                cwd=str((book.root / chapter).parent),
                execution_timeout=CELL_TIMEOUT,
            )
        except Exception as error:
            raise NuemError(_explain(book, chapter, error, log)) from error
    del notebook.metadata["papermill"]["input_path"]  # papermill puts the whole source there
    notebook.metadata["nuem"] = {
        "fingerprint": fingerprint,
        "seconds": round(time.perf_counter() - started, 2),
        "megabytes": round(_peak_megabytes()),
        "compute_seconds": round(_compute_seconds(notebook), 2),
    }
    write_whole(target, json.dumps(notebook, ensure_ascii=False, indent=1))
    log.unlink()
    stamp = notebook.metadata["nuem"]
    return f"{chapter}  {stamp['seconds']:.1f} s  {stamp['megabytes']} MB"


def _with_ids(notebook: Mapping[str, Any]) -> Any:
    """A notebook for papermill; cells without an id, as older programs write them, get their number for one."""
    import nbformat

    node = nbformat.from_dict({**notebook, "nbformat_minor": 5})
    for number, cell in enumerate(node.cells, start=1):
        cell.setdefault("id", f"cell-{number}")
    return node


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
def _stderr_to(stream: Any) -> Iterator[None]:
    """Send this process's stderr, which the kernel inherits, to a log file."""
    saved = os.dup(2)
    os.dup2(stream.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


def _peak_megabytes() -> float:
    """Peak memory of the largest finished child of this process: the chapter's kernel."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def _compute_seconds(notebook: Any) -> float:
    return sum(cell.metadata.get("papermill", {}).get("duration") or 0 for cell in notebook.cells)


def _explain(book: Book, chapter: str, error: Exception, log: Path) -> str:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    place = f"{chapter}.ipynb"
    if isinstance(error, PapermillExecutionError):
        place += f", cell {_cell_with(book.notebook(chapter), error.source)}"
        if error.ename == "NuemError":
            return f"{place}: {error.evalue}"
        line = _failing_line("\n".join(error.traceback))
        return (
            f"{place} failed at `{line}`: {error.ename}: {error.evalue}\n"
            "Mend it in JupyterLab (`make lab`) and run `make book` again."
        )
    tail = "\n".join(log.read_text("utf-8", "replace").splitlines()[-LOG_LINES:])
    if isinstance(error, DeadKernelError):
        return f"{place}: the kernel died, most often for want of memory; run the notebook in `make lab`.\n{tail}"
    if isinstance(error, (CellTimeoutError, TimeoutError)):
        return f"{place}: a cell took more than {CELL_TIMEOUT} s; make it faster.\n{tail}"
    return f"{place} can't be executed: {type(error).__name__}: {error}.\n{tail}"


def _cell_with(notebook: Mapping[str, Any], source: str) -> str:
    """Id of the cell with a given source."""
    return next((cell.id for cell in _with_ids(notebook).cells if "".join(cell.source) == source), "?")


_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def _failing_line(traceback: str) -> str:
    """The line of the notebook's own cell that IPython's traceback points at."""
    pointed = re.findall(r"^-+> *\d+ (.*)$", _COLOURS.sub("", traceback), re.M)
    return pointed[0].strip() if pointed else "?"


# -- the site ------------------------------------------------------------------------------------------------------


def build_site(book: Book, lock: int) -> None:
    """Build the HTML beside the old site, add the data files, and swap it in whole.

    Sphinx holds the lock of the build as well: should the build be killed, the next one waits for it.
    """
    _check_bibliography(book)
    book_records = book.records()
    _refuse_overridden(book, book_records)
    next_site = book.build / "next"
    shutil.rmtree(next_site, ignore_errors=True)
    next_site.mkdir(parents=True)
    log = book.build / "sphinx.log"
    jupyter_book = str(Path(sys.executable).with_name("jupyter-book"))
    command = [
        jupyter_book,
        "build",
        "--all",
        "-q",
        "-W",
        "-n",
        "--keep-going",
        "--path-output",
        str(next_site),
        str(book.root),
    ]
    with log.open("w") as stream:
        code = subprocess.run(
            command,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=environment(book),
            pass_fds=[lock],
        ).returncode
    if code:
        causes = "\n".join(_causes(book, log.read_text("utf-8", "replace")))
        raise NuemError(f"the website has warnings or errors (whole log in {log}); the last good site stays.\n{causes}")
    html = next_site / "_build" / "html"
    export(book_records, html / "data")
    stamp = {"sources": book.site_fingerprint(), "files": _file_digests(html, _files_in(html))}
    (html / STAMP).write_text(json.dumps(stamp), "utf-8")
    _swap(html, book.html)
    shutil.rmtree(next_site)


def _causes(book: Book, log: str) -> list[str]:
    """The lines of Sphinx's log that say what is wrong; its end if none does."""
    lines = [line for line in _COLOURS.sub("", log).splitlines() if line.strip()]
    place = re.compile(re.escape(f"{book.root}{os.sep}") + r"(.+?)\.ipynb:(\d+)\d{4}: ")
    lines = [place.sub(lambda match: _name_cell(book, match), line) for line in lines]
    telling = [line for line in lines if re.search(r"\b(WARNING|ERROR|CRITICAL):|^sphinx\.errors\.", line)]
    return (telling or lines)[-LOG_LINES:]


def _name_cell(book: Book, match: re.Match[str]) -> str:
    """MyST-NB counts 10000 lines per cell, from cell 1 on: say which cell it means."""
    cells = _with_ids(book.notebook(match[1])).cells
    position = int(match[2]) - 1
    return f"{match[1]}.ipynb, cell {cells[position].id if position < len(cells) else '?'}: "


def _files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _file_digests(folder: Path, names: Sequence[str]) -> dict[str, str]:
    """Digest of each named file that is there."""
    return {name: _file_digest(folder / name) for name in names if (folder / name).is_file()}


def site_is_current(book: Book) -> bool:
    """Whether the site is made of what the book is now, and each of its files stands as it was built."""
    stamp = _read_json(book.html / STAMP)
    if not isinstance(stamp, Mapping) or stamp.get("sources") != book.site_fingerprint():
        return False
    return stamp["files"] == _file_digests(book.html, stamp["files"])


def _swap(new: Path, place: Path) -> None:
    """Put `new` in the place of the old site; at no moment is there half a site."""
    old = place.with_name(place.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def export(book_records: records.Book, folder: Path) -> None:
    """Write bounds.json and ledger.json with their schemas.

    Raises:
        NuemError: a record doesn't fit its schema.
    """
    folder.mkdir(parents=True, exist_ok=True)
    documents = {"bounds": records.bounds_json(book_records), "ledger": records.ledger_json(book_records)}
    for name, document in documents.items():
        records.validate(document, name)
        text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
        (folder / f"{name}.json").write_text(text + "\n", "utf-8")
        shutil.copy(records.SCHEMAS / f"{name}.schema.json", folder)


def hand_over(book: Book, **content: Any) -> None:
    """Write the file that tells chapters and Sphinx where this book stands, with what else is given."""
    known = _read_json(book.handover) or {}
    kept = {name: known[name] for name in ("lock", "pdg", "compared") if name in known}
    place = {"root": str(book.root), "build": str(book.build), "overrides": dict(book.overrides)}
    write_whole(book.handover, json.dumps({**kept, **place, **content}, ensure_ascii=False, default=str))


def hand_over_pdg_values(book: Book) -> None:
    """Read every PDG value that the inputs name once, for all chapters of this build."""
    wanted = {
        tabulated.pdg_arguments(raw[vintage])
        for _, raw in read_files().values()
        for vintage in VINTAGES
        if "pdg" in raw.get(vintage, ())
    }
    lock = _package_digest(book.root)
    if (_read_json(book.handover) or {}).get("lock") != lock:
        values = {tabulated.pdg_key(*one): tabulated.read_pdg(*one) for one in sorted(wanted, key=str)}
        hand_over(book, lock=lock, pdg=values)


def hand_over_records(book: Book) -> None:
    """Collect what the synthesis chapters compare."""
    found = book.records(synthesis=False)
    compared = {
        "sources": {name: handover.digest(book.notebook(name)) for name in book.chapters() if not is_synthesis(name)},
        "bounds": records.bounds_json(found)["bounds"],
        "claims": records.ledger_json(found)["claims"],
    }
    hand_over(book, compared=compared)


def build(book: Book, jobs: int) -> None:
    """Execute what is stale, then build the site if anything of it changed."""
    inputs = Inputs(book.overrides)  # a wrong override stops here, before anything runs
    _settings(book.root / "_config.yml")  # and so do settings that Sphinx would stumble over at the end
    _check_contents(book)
    for chapter in book.chapters():
        refuse_saved_inputs(chapter, book.notebook(chapter))
        refuse_other_languages(chapter, book.notebook(chapter))
    book.build.mkdir(parents=True, exist_ok=True)
    with _alone(book) as lock:
        started = time.perf_counter()
        hand_over(book)
        chapters = book.chapters()
        stale = [chapter for chapter in chapters if not book.is_current(chapter)]
        if stale:
            print(f"executing {len(stale)} of {len(chapters)} chapters, {jobs} at a time", flush=True)
            for name in inputs:  # a mistake in any entry stops here, too
                inputs.entry(name)
            hand_over_pdg_values(book)
            execute(book, [chapter for chapter in stale if not is_synthesis(chapter)], jobs)
            hand_over_records(book)
            execute(book, [chapter for chapter in stale if is_synthesis(chapter)], jobs)
        for name in book.forgotten():
            print(f"note: {name}.ipynb is not in _toc.yml, so it is not part of the book")
        if site_is_current(book):
            print("nothing changed")
        else:
            print("building the website", flush=True)
            build_site(book, lock)
        if book.overrides:
            print(effect_of_inputs(book))
        print(f"done in {time.perf_counter() - started:.1f} s; open {book.html / 'index.html'}")


@contextlib.contextmanager
def _alone(book: Book) -> Iterator[int]:
    """Wait until no other build works in the same folder; yields the file descriptor that holds its lock."""
    with (book.build / ".lock").open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another build is at work in {book.build}; waiting for it to end", flush=True)
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield stream.fileno()


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
        parse_toc_data(dict(_settings(book.root / "_toc.yml")))
    except MalformedError as error:
        raise NuemError(f"_toc.yml: {error}; mend it, or restore it from git") from error


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


def _refuse_overridden(book: Book, book_records: records.Book) -> None:
    """As `refuse_saved_inputs`, for own inputs that another cell gives to the chapter."""
    for located in book_records.bounds:
        if located.record.get("overridden") and not book.overrides:
            raise NuemError(
                f"{located.chapter}.ipynb, cell {located.cell}: the bound {located.record['id']} uses own inputs; open "
                "the chapter with nuem.Chapter(overrides), and write your inputs into a file for "
                "`make book INPUTS=my-inputs.yml`"
            )


def effect_of_inputs(book: Book) -> str:
    """What a reader's own inputs moved against the published book, if that is built from the same sources."""
    from nuem.press import diff

    published = Book(book.root, book.root / "_build")
    if not site_is_current(published):
        return "there is no published book to compare with; run `make book` without INPUTS to see what your inputs move"
    return diff.by_own_inputs(published.html / "data", book.html / "data")


def environment(book: Book) -> dict[str, str]:
    """The environment of a build's children.

    Chapters run in parallel: one thread each; and nobody's own IPython settings change the book.
    """
    return {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        **os.environ,
        "IPYTHONDIR": str(book.build / "ipython"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        handover.VARIABLE: str(book.handover),
    }


def addressed_book(root: Path) -> Book:
    """The book that a build is making, for code that runs inside it; outside of a build the one in `root`."""
    told = handover.read()
    if not told:
        return Book(root, root / "_build")
    return Book(Path(told["root"]), Path(told["build"]), told["overrides"])


def read_overrides(path: Path) -> dict[str, Any]:
    """The overrides in a reader's YAML file.

    Raises:
        NuemError: the file is missing, isn't strict YAML or isn't a mapping.
    """
    content = yamlfile.read(path, f"INPUTS={path}", booleans=False)
    if not isinstance(content, Mapping) or not content:
        raise NuemError(f"INPUTS={path}: no overrides in it; write lines such as `muon_anomaly_error: 1e-10`")
    return dict(content)


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
    comparing = commands.add_parser("diff", help="published numbers against another revision")
    comparing.add_argument("base", help="commit, tag or branch")
    options = parser.parse_args(arguments)
    root = Path.cwd()
    try:
        if options.command == "diff":
            from nuem.press.diff import report

            print(report(root, options.base))
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
