"""Jupyter Book makes the pages, in a process of its own.

Only pages whose sources or dependencies changed are made again; the folder of doctrees remembers the others. This is
what `jupyter-book build -W -n --keep-going` does, but with the number of processes, which that command can't take.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from nuem.press import kernels

# What Sphinx and its extensions import, for the process that this one is forked from.
WARM = [
    "jupyter_book.sphinx",
    "myst_nb",
    "sphinx_exercise",
    "sphinxcontrib.bibtex",
    "sphinx.builders.html",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "nuem.press.extension",
    "nuem.press.look",
    "nuem.press.translator",
]


def make(root: str, html: str, doctrees: str, jobs: int, log: str, environment: Mapping[str, str], lock: int) -> None:
    """Make the pages, and end this process: with zero if there was no warning.

    Args:
        jobs: number of processes.
        log: file for all that Sphinx says.
        environment: that of a build's children.
        lock: of the build, open as long as this process lives.
    """
    os.setpgid(0, 0)
    _end_with_the_build()
    os.register_at_fork(after_in_child=_end_with_the_build)
    os.environ.clear()
    os.environ.update(environment)
    with open(log, "w") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    gc.set_threshold(200_000, 20, 100)  # doctrees are large and live long; looking through them takes a third of all
    sys.exit(_build(root, html, doctrees, jobs))


def _end_with_the_build() -> None:
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
        jobs=jobs,
    )
    return int(result != 0)
