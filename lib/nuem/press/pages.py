"""Jupyter Book makes the pages, in a process of its own.

Only pages whose sources or dependencies changed are made again; the folder of doctrees remembers the others. This is
what `jupyter-book build -W -n --keep-going` does, but with the number of processes, which that command can't take.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from nuem.press import fingerprint, kernels

# What Sphinx imports, beside the package that the pages document, before it divides them among processes.
WARM = [
    "jupyter_book.sphinx",
    "myst_nb",
    "sphinx_exercise",
    "sphinxcontrib.bibtex",
    "sphinx.builders.html",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]


class Maker:
    """The process that makes pages. From its start on it imports what it needs, while chapters run or are compared.

    It ends with the process that started it, killed or not.
    """

    def __init__(self, environment: Mapping[str, str], lock: int):
        """Start it in the environment of a build's children; it holds the lock of the build as well."""
        command = [sys.executable, "-P", "-m", "nuem.press.pages"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, env=environment, pass_fds=[lock], process_group=0, text=True
        )

    def start(self, root: Path, html: Path, doctrees: Path, jobs: int, log: Path) -> None:
        """Make the pages of the book in `root`, with a number of processes; all that Sphinx says goes to the log."""
        arguments = [str(root), str(html), str(doctrees), jobs, str(log)]
        with contextlib.suppress(BrokenPipeError):  # somebody killed it, and it isn't good
            print(json.dumps(arguments), file=self._process.stdin, flush=True)

    def is_done(self, patience: float | None) -> bool:
        """Whether it is done, at the latest after so many seconds; without them, when it is."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        return self._process.returncode is not None

    def is_good(self) -> bool:
        """Whether the pages were made without a warning."""
        return self._process.returncode == 0

    def __enter__(self) -> Maker:
        return self

    def __exit__(self, *problem: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()


def main() -> None:
    """The life of the process: imports, the arguments, the pages."""
    os.register_at_fork(after_in_child=_end_with_this_process)
    for name in [*WARM, *fingerprint.module_places()]:
        with contextlib.suppress(Exception):  # Sphinx meets it again, and says where
            importlib.import_module(name)
    if not (arguments := sys.stdin.readline()):
        return
    threading.Thread(target=_end_with_the_build, daemon=True).start()
    root, html, doctrees, jobs, log = json.loads(arguments)
    with open(log, "w") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    look_for_garbage_rarely()
    problem = _build(root, html, doctrees, jobs)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(problem)  # to take apart what Sphinx knows takes longer than a page


def look_for_garbage_rarely() -> None:
    """Notebooks and doctrees are large and live long; looking through them takes up to a third of the time."""
    gc.set_threshold(200_000, 20, 100)


def _end_with_the_build() -> None:
    while os.read(0, 1):  # not `sys.stdin`: its lock would be taken for ever in processes that are forked meanwhile
        pass
    os._exit(1)


def _end_with_this_process() -> None:
    threading.Thread(target=kernels.end_with_parent, daemon=True).start()


def _build(root: str, html: str, doctrees: str, jobs: int) -> int:
    from jupyter_book.sphinx import build_sphinx

    result = build_sphinx(
        root,
        html,
        doctreedir=doctrees,
        noconfig=True,
        path_config=Path(root) / "_config.yml",
        confoverrides={
            "external_toc_path": str(Path(root) / "_toc.yml"),
            "latex_individualpages": False,
            "nitpicky": True,
        },
        warningiserror=True,
        keep_going=True,
        quiet=True,
        jobs=jobs + 1 if jobs > 1 else 1,  # one of them reads ahead while the others write
    )
    return int(result != 0)


if __name__ == "__main__":
    main()
