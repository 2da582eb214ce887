"""What a build hands over to the chapters and to Sphinx, in one file: where the book stands and what was read for all.

The file, `book.json` in the folder of the build, holds

* `root`, `build`, `overrides`: the book's sources, its products, and a reader's own inputs;
* `lock`, `edition`, `pdg`: the values of the Particle Data Group that the inputs name, and what they were read with;
* `compared`: `bounds` and `claims` of the chapters that synthesis compares, their `schema`, and their `sources` by
  digest;
* `answers`: of all exercises, sealed, by label.

A build names the file in the environment of its children. Outside of a build the last one's file counts.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

VARIABLE = "NUEM_BOOK"
NAME = "book.json"
ROOT = Path(__file__).parents[3]  # of a checkout of the book


def read() -> dict[str, Any]:
    """What the build around this process handed over; nothing outside of a build."""
    place = os.environ.get(VARIABLE)
    return _content(Path(place)) if place else {}


def of_last_build() -> dict[str, Any]:
    """As `read`, but outside of a build what the last one in this checkout left."""
    return read() or _content(ROOT / "_build" / NAME)


def build_folder() -> Path:
    """Folder with the products of the build around this process, or of the last one in this checkout."""
    return Path(read().get("build", ROOT / "_build"))


def digest(notebook: Mapping[str, Any]) -> str:
    """What tells two versions of a notebook apart: its cells, without outputs."""
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def _content(place: Path) -> dict[str, Any]:
    try:
        return dict(_parsed(place, place.stat().st_mtime_ns))
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
        return {}


@functools.lru_cache(maxsize=1)
def _parsed(place: Path, changed: int) -> Any:
    return json.loads(place.read_text("utf-8"))
