"""Public files of older versions, read as if today's book had written them.

1.1 added `root`, `unstated` and `unstated_range` to a claim. 1.2 added `checked` to a claim and to each input of a
bound, and `origin` and `assumes` to a bound; with it came the third file, of the listings, and the origin "predicted".
What an older file doesn't say is empty; what it said in words becomes a field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

CURRENT = "1.2"


def upgraded(document: Any) -> Any:
    """The content of a public file in today's form; what is no such file comes back as it is."""
    if not isinstance(document, Mapping) or document.get("schema") not in _STEPS:
        return document
    added = _STEPS[document["schema"]]
    return {
        name: [_with(added[name], row) for row in rows] if name in added and isinstance(rows, list) else rows
        for name, rows in {**document, "schema": CURRENT}.items()
    }


def _with(added: Callable[[Mapping[str, Any]], Mapping[str, Any]], row: Any) -> Any:
    """A row with what later versions added; one that its schema will refuse is let pass."""
    if not isinstance(row, Mapping):
        return row
    newer = {**added(row), **row}
    if isinstance(row.get("parts"), list):
        newer["parts"] = [_with(added, part) for part in row["parts"]]
    if isinstance(row.get("inputs"), list):
        newer["inputs"] = [{"checked": None, **used} if isinstance(used, Mapping) else used for used in row["inputs"]]
    return newer


def _of_a_bound(row: Mapping[str, Any]) -> Mapping[str, Any]:
    words = str(row.get("valid") or "")
    origin = "quoted" if words.startswith("quoted") else "computed"
    assumes = ["no paraphoton"] if "no paraphoton" in words else ["paraphoton"] if "with a paraphoton" in words else []
    return {"origin": "printed" if row.get("vintage") == "published" else origin, "assumes": assumes}


def _of_a_claim(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"root": None, "unstated": None, "unstated_range": None, "checked": None}


_STEPS = {version: {"bounds": _of_a_bound, "claims": _of_a_claim} for version in ("1.0", "1.1")}
