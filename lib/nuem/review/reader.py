"""The book's results for other projects: the public files as typed records.

`nuem.bounds()` reads the built site, `nuem.bounds("bounds.json")` a downloaded file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nuem.errors import NuemError, allowed
from nuem.review import handover, records, versions
from nuem.review.bounds import Bound, from_row


def bounds(path: str | Path | None = None) -> list[Bound]:
    """All bounds with their places, from a given `bounds.json` or from the built site of this copy of the book.

    Raises:
        NuemError: the file is missing, of another version, or doesn't fit its schema.
    """
    return list(map(from_row, _read("bounds", path)["bounds"]))


def ledger(path: str | Path | None = None) -> list[dict[str, Any]]:
    """All printed claims with their verdicts, from a given `ledger.json` or from the built site.

    Raises:
        NuemError: as for `bounds`.
    """
    return _read("ledger", path)["claims"]


def _read(name: str, path: str | Path | None) -> dict[str, Any]:
    place = Path(path) if path else handover.build_folder() / "html" / "data" / f"{name}.json"
    try:
        document = json.loads(place.read_text("utf-8"))
    except FileNotFoundError as error:
        raise NuemError(f"there is no {place}; run `make book` first, or give the path of a {name}.json") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise NuemError(f"{place} is not valid JSON ({error}); download or build it again") from error
    document = versions.upgraded(document)
    version = document.get("schema") if isinstance(document, dict) else None
    if version != versions.CURRENT:
        raise NuemError(f"{place}: {allowed([versions.CURRENT], str(version))} as the version of its schema")
    records.validate(document, name)
    return document


def other_chapters() -> tuple[list[Bound], list[dict[str, Any]]]:
    """Bounds and ledger as the executed chapters of this build stand, for the chapters that compare them.

    A chapter that is opened alone sees what the last build left, as long as no source has changed since.

    Raises:
        NuemError: no build has left anything, or a chapter was changed since; run `make book` first.
    """
    left = handover.of_last_build()
    if "compared" not in left:
        raise NuemError("no build has left results to compare; run `make book` first")
    root, compared = Path(left["root"]), left["compared"]
    if compared.get("schema") != versions.CURRENT:
        raise NuemError("the last build left results in another form; run `make book` again")
    for chapter, digest in compared["sources"].items():
        notebook = json.loads((root / f"{chapter}.ipynb").read_text("utf-8"))
        if handover.digest(notebook) != digest:
            raise NuemError(f"{chapter}: changed since the last build; run `make book` again")
    return list(map(from_row, compared["bounds"])), compared["claims"]
