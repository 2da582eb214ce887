"""The data files beside the site: all results as JSON, and each bound as CSV, JSON, BibTeX and, of a region, text.

    bounds.json, ledger.json, *.schema.json    all bounds and claims
    listings.json                              entries of the Particle Data Group, with their standing
    citations.json                             BibTeX of the book and of its sources, by key
    bounds/<name>.csv, .json, .bib             a bound in its vintages, and what to cite with it
    bounds/<name>-<vintage>.txt                the edge of an excluded region, in two columns
    SHA256SUMS, nuem-results.zip               checksums, and all of these in one archive

Nothing in them depends on when or where they were made.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nuem.errors import NuemError
from nuem.press.book import settings, write_whole
from nuem.review import records, versions
from nuem.review.bounds import Region
from nuem.review.selection import Bounds

ARCHIVE = "nuem-results.zip"
_ENTRY = re.compile(
    r"^@\w+\{(?P<key>[^,\s]+),(?:(?!^@).)*?^\}", re.S | re.M
)  # as references.bib is written: a brace ends it


def export(book_records: records.Book, root: Path, folder: Path) -> None:
    """Write the data files of the book into a folder; what they don't name goes.

    Raises:
        NuemError: a record doesn't fit its schema, or an entry of the bibliography doesn't end in a line of its own.
    """
    files = _all_files(book_records, root)
    files["SHA256SUMS"] = "".join(
        f"{hashlib.sha256(content.encode()).hexdigest()}  {name}\n" for name, content in sorted(files.items())
    )
    for place in folder.rglob("*"):
        if place.is_file() and place.relative_to(folder).as_posix() not in {*files, ARCHIVE}:
            place.unlink()
    changed = [name for name, content in files.items() if _write_if_new(folder / name, content)]
    if changed or not (folder / ARCHIVE).is_file():
        (folder / ARCHIVE).write_bytes(_archive(files))


def _all_files(book_records: records.Book, root: Path) -> dict[str, str]:
    """Content by name."""
    files = {}
    documents = {
        "bounds": records.bounds_json(book_records),
        "ledger": records.ledger_json(book_records),
        "listings": records.listings_json(book_records),
    }
    for name, document in documents.items():
        records.validate(document, name)
        files[f"{name}.json"] = _json(document)
        files[f"{name}.schema.json"] = json.dumps(records.schema(name), ensure_ascii=False, indent=2) + "\n"
    cited = citations(root)
    files["citations.json"] = _json(cited)
    by_name: dict[str, Bounds] = {}
    for bound in book_records.bounds:
        by_name.setdefault(bound.name, Bounds([], cited)).append(bound)
    for name, bounds in by_name.items():
        rows = [row for row in documents["bounds"]["bounds"] if row["id"].rpartition("/")[0] == name]
        files[f"bounds/{name}.json"] = _json({"schema": versions.CURRENT, "bounds": rows})
        files[f"bounds/{name}.csv"] = bounds.csv()
        files[f"bounds/{name}.bib"] = bounds.cite()
        for region in bounds:
            if isinstance(region, Region):
                files[f"bounds/{name}-{region.vintage}.txt"] = region.text()
    return files


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def citations(root: Path) -> dict[str, Any]:
    """BibTeX of the book, and of each source by its key, as it stands in the bibliography.

    Raises:
        NuemError: an entry doesn't end in a line of its own.
    """
    text = (root / "references.bib").read_text("utf-8")
    sources = {entry["key"]: entry[0] for entry in _ENTRY.finditer(text)}
    if lost := set(re.findall(r"^@\w+\{([^,\s]+),", text, re.M)) - set(sources):
        raise NuemError(f"references.bib: the entry {min(lost)} has no closing brace in a line of its own; add it")
    about = settings(root / "CITATION.cff")
    authors = " and ".join(f"{{{author['name']}}}" for author in about["authors"])
    book = (
        f"@misc{{nuem,\n  author = {{{authors}}},\n  title = {{{about['title']}}},\n"
        f"  note = {{version {about['version']}}}\n}}"
    )
    return {"schema": versions.CURRENT, "book": book, "sources": sources}


def _write_if_new(place: Path, text: str) -> bool:
    """Leave a file with this content alone, since pages that show records follow its time; whether it is new."""
    if place.is_file() and place.read_text("utf-8") == text:
        return False
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, text)
    return True


def _archive(files: Mapping[str, str]) -> bytes:
    """A ZIP file that is the same to the byte whenever its content is."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"nuem-results/{name}"), text, zipfile.ZIP_DEFLATED)
    return content.getvalue()
