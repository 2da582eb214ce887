"""Jupyter Book makes the pages, in a process of its own: `python -m nuem.press.pages root html doctrees jobs alive`.

Only pages whose sources or dependencies changed are made again; the folder of doctrees remembers the others. This is
what `jupyter-book build -W -n --keep-going` does, but with the number of processes, which that command can't take.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from pathlib import Path


def main(root: str, html: str, doctrees: str, jobs: str, alive: str) -> int:
    """Make the pages; the exit code is zero if there was no warning.

    Args:
        alive: a pipe for reading, whose other end closes when the build is gone: then this is over, too.
    """
    end_with(int(alive))
    os.register_at_fork(after_in_child=lambda: end_with(int(alive)))
    gc.set_threshold(200_000, 20, 100)  # doctrees are large and live long; looking through them takes a third of all
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
        jobs=int(jobs),
    )
    return int(result != 0)


def end_with(pipe: int) -> None:
    """End this process when the other end of a pipe closes."""

    def wait() -> None:
        os.read(pipe, 1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
