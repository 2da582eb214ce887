"""Cells can run again: after a run of the whole notebook each cell runs twice more, one after the other."""

import io
import json
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from nuem.press import kernels
from nuem.press.book import Book

ROOT = Path(__file__).parent.parent
BOOK = Book(ROOT, ROOT / "_build")


def surround(surroundings):
    """In a process whose ancestor was perhaps started for another test's book."""
    os.environ.clear()
    os.environ.update(surroundings)


def run_again(chapter):
    """What went wrong, by cell and run; nothing if all is well."""
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell

    os.chdir((ROOT / chapter).parent)
    shell = InteractiveShell()
    InteractiveShell._instance = shell  # what get_ipython() finds
    shell.display_pub = CapturingDisplayPublisher(parent=shell)
    cells = json.loads((ROOT / f"{chapter}.ipynb").read_text("utf-8"))["cells"]
    code = [(cell["id"], "".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]
    runs = [("first", code), ("again", [cell for cell in code for _ in range(2)])]
    for name, run in runs:
        for identifier, source in run:
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                result = shell.run_cell(source, store_history=True)
            if not result.success:
                return f"cell {identifier}, {name}: {result.error_in_exec or result.error_before_exec!r}"
    return ""


@pytest.fixture(scope="module")
def outcomes():
    surroundings = {**os.environ, "OMP_NUM_THREADS": "1"}
    context = kernels.context(surroundings, kernels.WARM)
    chapters = sorted(BOOK.chapters(), key=lambda chapter: -(ROOT / f"{chapter}.ipynb").stat().st_size)
    with ProcessPoolExecutor(
        os.cpu_count(), mp_context=context, initializer=surround, initargs=(surroundings,), max_tasks_per_child=1
    ) as pool:
        return dict(zip(chapters, pool.map(run_again, chapters), strict=True))


@pytest.mark.parametrize("chapter", BOOK.chapters())
def test_every_cell_can_run_again(outcomes, chapter):
    assert outcomes[chapter] == ""
