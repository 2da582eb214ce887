"""Names that the cells of a notebook define, for tests and tools that use what a page computes."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Mapping
from typing import Any

from conftest import ROOT


def names(page: str, last: str) -> dict[str, Any]:
    """What the cells of a page define, up to the cell `last`."""
    scope: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in json.loads((ROOT / f"{page}.ipynb").read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), scope)
            if cell["id"] == last:
                return scope
    raise LookupError(f"{page} has no cell {last}")


def quantities() -> Mapping[str, Callable[..., float]]:
    """What the book computes for the page Peers, by the names in its file."""
    helium = names("chapters/cosmology/nucleosynthesis", "helium")["per_neutrino"]
    return {**names("chapters/synthesis/peers", "ours")["OURS"], "helium_per_neutrino": lambda: helium}
