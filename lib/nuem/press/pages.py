"""Jupyter Book makes the pages, in a process of its own: `python -m nuem.press.pages root html doctrees jobs`.

Only pages whose sources or dependencies changed are made again; the folder of doctrees remembers the others. This is
what `jupyter-book build -W -n --keep-going` does, but with the number of processes, which that command can't take.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(root: str, html: str, doctrees: str, jobs: str) -> int:
    """Make the pages; the exit code is zero if there was no warning."""
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


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
