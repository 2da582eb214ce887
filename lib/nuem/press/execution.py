"""Chapters are executed under papermill, each in a process of its own, and stored with a fingerprint."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import multiprocessing.connection
import os
import re
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nuem.errors import NuemError, what_happened
from nuem.press import kernels
from nuem.press.book import COLOURS, Book, seconds_of_last_run, with_ids, write_whole
from nuem.press.fingerprint import Snapshot, snapshot
from nuem.press.progress import Progress
from nuem.review import handover, reads

CELL_TIMEOUT = 600  # seconds; no cell of the book comes near it
LOG_LINES = 25


def execute(
    book: Book,
    chapters: Sequence[str],
    jobs: int,
    *,
    then: Callable[[], Sequence[str]] = tuple,
    beside: Sequence[str] = (),
) -> None:
    """Run chapters in parallel, each in a process of its own, the long ones first; the first failure stops the build.

    Args:
        chapters: what others wait for.
        then: says, as soon as all of these are done, which ones are to run now that they are.
        beside: what nothing waits for.

    Raises:
        NuemError: naming the chapter, the cell and the error.
    """
    progress = Progress({name: seconds_of_last_run(book, name) for name in book.chapters()}, jobs)
    waiting, open_ones = [*_long_ones_first(book, chapters), *_long_ones_first(book, beside)], set(chapters)
    if waiting:
        progress.say(f"executing chapters: {len(waiting)}, {jobs} at a time")
    asked, running = False, {}
    try:
        while True:
            if not open_ones and not asked:
                comparing, asked = then(), True
                waiting[:0] = _long_ones_first(book, comparing)
                if comparing:
                    progress.say(f"executing chapters that compare others: {len(comparing)}")
            progress.wait(waiting)
            while waiting and len(running) < jobs:
                context = kernels.context(environment(book), kernels.WARM)
                chapter = waiting.pop(0)
                receiver, sender = context.Pipe(duplex=False)
                process = context.Process(target=_run_chapter, args=(book, chapter, snapshot(book.root), sender))
                process.start()
                sender.close()
                running[receiver] = (chapter, process)
                progress.start(chapter)
            if not running:
                return
            progress.show()
            for receiver in multiprocessing.connection.wait(list(running), progress.interval):
                chapter, process = running.pop(receiver)
                problem, line = _outcome(receiver, chapter, process)
                if problem:
                    raise NuemError(problem)
                open_ones.discard(chapter)
                progress.finish(chapter, line)
    finally:  # after a failed chapter, or Ctrl-C
        for _, process in running.values():
            process.terminate()
            process.join()


def _long_ones_first(book: Book, chapters: Sequence[str]) -> list[str]:
    """By the seconds of their last runs; before those the ones that never ran, by the length of their code."""

    def length(chapter: str) -> int:
        cells = book.notebook(chapter)["cells"]
        return sum(len("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code")

    return sorted(chapters, key=lambda chapter: (-seconds_of_last_run(book, chapter), -length(chapter)))


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


def _run_chapter(book: Book, chapter: str, taken: Snapshot, sender: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    with kernels.forked_ahead():
        threading.Thread(target=kernels.end_with_parent, daemon=True).start()
        os.environ.update(environment(book))  # of this worker, for the kernel that it starts
        try:
            sender.send(("", run_chapter(book, chapter, taken)))
        except NuemError as error:
            sender.send((str(error), ""))
        except OSError as error:
            sender.send((f"{chapter}.ipynb: {what_happened(error)}", ""))
        except Exception:  # a fault of the build itself must not pass for a dead process
            sender.send((f"{chapter}.ipynb: the build failed:\n{traceback.format_exc()}", ""))


FIRST_WORDS = """
from nuem.press import closed
closed.refuse_network()
get_ipython().execution_count = 1  # the chapter's own first cell is number one
"""
LAST_WORDS = """
import resource, sys
from IPython.display import display
from nuem.review import reads
megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
display({reads.RUN_MIME: {"named": reads.named(), "megabytes": round(megabytes)}}, raw=True)
"""


def run_chapter(book: Book, chapter: str, taken: Snapshot | None = None) -> str:
    """Execute one chapter and store its copy, stamped with fingerprint, seconds and peak memory.

    Args:
        taken: what stood in the package when this process was made, if that was before now. Where something else
            stands there at the end of the run, nobody knows which of both it met: its copy won't count.

    Returns:
        One line of progress.
    """
    import nbformat
    import papermill

    target = book.copy_of(chapter)
    target.parent.mkdir(parents=True, exist_ok=True)
    log = target.with_suffix(".log")
    taken = taken or snapshot(book.root)
    written = book.notebook(chapter)
    source = with_ids(written)
    source.cells.insert(0, nbformat.v4.new_code_cell(FIRST_WORDS, id="first-words"))
    source.cells.append(nbformat.v4.new_code_cell(LAST_WORDS, id="last-words"))
    started = time.perf_counter()
    with log.open("w") as errors, _stderr_to(errors):
        try:
            notebook = papermill.execute_notebook(
                source,
                None,
                parameters={"overrides": dict(book.overrides)} if book.overrides else None,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                cwd=str((book.root / chapter).parent),
                execution_timeout=CELL_TIMEOUT,
                start_timeout=CELL_TIMEOUT,
                kernel_manager_class=kernels.WarmKernelManager,
                shutdown_kernel="immediate",  # nothing is left to do, and asking takes a second
            )
        except Exception as error:
            raise NuemError(_explain(book, chapter, error, log)) from error
    del notebook.metadata["papermill"]["input_path"]  # papermill puts the whole source there
    del notebook.cells[0]  # the first words
    said = notebook.cells.pop().outputs[0].data[reads.RUN_MIME]
    notebook.metadata["nuem"] = stamp = {
        "named": said["named"],
        "fingerprint": book.fingerprint(chapter, written, said["named"], taken) if taken.holds() else "",
        "seconds": round(time.perf_counter() - started, 2),
        "megabytes": said["megabytes"],
        "compute_seconds": round(_compute_seconds(notebook), 2),
    }
    write_whole(target, json.dumps(notebook, ensure_ascii=False, indent=1))
    log.unlink()
    return f"{chapter}  {stamp['seconds']:.1f} s  {stamp['megabytes']} MB"


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
    return next((cell.id for cell in with_ids(notebook).cells if "".join(cell.source) == source), "?")


def _failing_line(traceback: str) -> str:
    """The line of the notebook's own cell that IPython's traceback points at."""
    pointed = re.findall(r"^-+> *\d+ (.*)$", COLOURS.sub("", traceback), re.M)
    return pointed[0].strip() if pointed else "?"


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
