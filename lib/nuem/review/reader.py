"""The book's results for other projects: the public files as typed records.

`nuem.bounds()` reads what an installed package carries, in a checkout the built site; `nuem.bounds("bounds.json")`
reads a downloaded file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nuem.errors import NuemError, allowed
from nuem.review import handover, records, versions
from nuem.review.bounds import Bound, from_row
from nuem.review.selection import Bounds

PACKAGED = Path(__file__).parents[1] / "results"  # in the package that others install; a checkout has none


def bounds(
    path: str | Path | None = None,
    *,
    parameter: str | None = None,
    flavour: str | None = None,
    vintage: str | None = None,
    mass: tuple[float, float] | None = None,
) -> Bounds:
    """All bounds with their places, or those that fit all that is given; see `Bounds.only`.

    Args:
        path: of a downloaded `bounds.json`; without it the results of this package or of this copy of the book count.
        parameter, flavour, vintage, mass: of the bounds that are wanted, see `Bounds.only`.

    Raises:
        NuemError: the file is missing, of another version, or doesn't fit its schema; nothing is as it is wanted.
    """
    return _all(path).only(parameter=parameter, flavour=flavour, vintage=vintage, mass=mass)


def _all(path: str | Path | None) -> Bounds:
    building = handover.read().get("compared") if path is None else None
    if building:  # a page of the book that is being built sees its other chapters
        return Bounds(map(from_row, building["bounds"]))
    rows = _read("bounds", path)["bounds"]
    beside = _place("citations", None) if path is None else Path(path).with_name("citations.json")
    return Bounds(map(from_row, rows), _content(beside) if beside.is_file() else None)


def ledger(path: str | Path | None = None) -> list[dict[str, Any]]:
    """All printed claims with their verdicts, from a given `ledger.json` or from where `bounds` looks.

    Raises:
        NuemError: as for `bounds`.
    """
    return _read("ledger", path)["claims"]


def listed(path: str | Path | None = None) -> list[dict[str, Any]]:
    """All entries of the listings with their standing, from a given `listings.json` or from where `bounds` looks.

    Raises:
        NuemError: as for `bounds`.
    """
    return _read("listings", path)["entries"]


def _place(name: str, path: str | Path | None) -> Path:
    if path is not None:
        return Path(path)
    folder = PACKAGED if PACKAGED.is_dir() else handover.build_folder() / "html" / "data"
    return folder / f"{name}.json"


def _content(place: Path) -> dict[str, Any]:
    try:
        return json.loads(place.read_text("utf-8"))
    except FileNotFoundError as error:
        name = place.name
        raise NuemError(f"there is no {place}; run `make book` first, or give the path of a {name}") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise NuemError(f"{place} is not valid JSON ({error}); download or build it again") from error


def _read(name: str, path: str | Path | None) -> dict[str, Any]:
    place = _place(name, path)
    document = versions.upgraded(_content(place))
    version = document.get("schema") if isinstance(document, dict) else None
    if version != versions.CURRENT:
        raise NuemError(f"{place}: {allowed([versions.CURRENT], str(version))} as the version of its schema")
    if place.parent != PACKAGED:  # what the package carries was checked when it was made
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
