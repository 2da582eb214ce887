"""The book's results as data: typed bounds and verdicts, written by chapters and read back from executed notebooks.

The executed notebook is the only store. A chapter shows a record as a view, plain JSON in a private MIME type beside a
readable card (see `nuem.view.cards`); `read_notebook` collects the records of one executed notebook, `collect` those of
the whole book.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nuem.errors import NuemError, allowed
from nuem.review import bounds, claims, versions
from nuem.review.bounds import Bound
from nuem.review.inputs import CHECKED
from nuem.review.place import Placed, Record, at, plain

VIEW_MIME = "application/vnd.nuem.view+json"
UNSEEN = "application/papermill.record/"  # in front of the type of what shows only where the text places it
SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"


@dataclass(frozen=True, kw_only=True)
class Verdict(Placed):
    """What a chapter found out about one printed claim, or about one part of it.

    Attributes:
        claim: id of the claim or of its part.
        recomputed, uncertainty: in the claim's unit; of what isn't a number, the finding in words.
        factor: recomputed over printed.
        severity, explanation: how much a discrepancy matters, and why it is one.
        root: id of the claim in which the error is made that this one only repeats.
        unstated: what the paper leaves open.
        unstated_range: the two ends of what comes out over a sensible range of it.
        checked: of what the paper takes from elsewhere, how its source was read; a key of `inputs.CHECKED`.
    """

    claim: str
    verdict: str
    recomputed: float | str
    factor: float | None = None
    uncertainty: float | None = None
    severity: str | None = None
    explanation: str = ""
    root: str | None = None
    unstated: str | None = None
    unstated_range: tuple[float, float] | None = None
    checked: str | None = None

    def __post_init__(self) -> None:
        if self.verdict not in claims.VERDICTS:
            raise NuemError(f"claim {self.claim}: unknown verdict; {allowed(claims.VERDICTS, self.verdict)}")
        if self.checked is not None and self.checked not in CHECKED:
            raise NuemError(f"claim {self.claim}: checked is {self.checked!r}; {allowed(CHECKED, self.checked)}")
        if self.verdict == "quoted" and self.checked is None:
            raise NuemError(f"claim {self.claim} is quoted: say with checked= how its source was read")
        for name in ("recomputed", "factor", "uncertainty"):
            number = getattr(self, name)
            if isinstance(number, float) and not math.isfinite(number):
                raise NuemError(f"claim {self.claim}: {name} is {number}; a verdict needs finite numbers")
        if self.uncertainty is not None and self.uncertainty < 0:
            raise NuemError(f"claim {self.claim}: the uncertainty {self.uncertainty} is negative")
        wrong = claims.is_wrong(self.verdict)
        if wrong and not (self.explanation.strip() and self.severity in claims.SEVERITIES):
            raise NuemError(
                f"claim {self.claim} comes out {self.verdict}: give explanation= (what is wrong, why, what it does to "
                f"the bound) and severity= ({', '.join(claims.SEVERITIES)})"
            )
        if not wrong and self.severity is not None:
            raise NuemError(f"claim {self.claim} comes out {self.verdict}: drop severity=, it belongs to errors")
        if self.root is not None:
            self._check_root()

    @property
    def anchor(self) -> str:
        """The anchor of the claim's card on its page."""
        return claims.claim(self.claim).anchor

    def _check_root(self) -> None:
        if not claims.is_wrong(self.verdict):
            raise NuemError(f"claim {self.claim} comes out {self.verdict}: drop root=, it belongs to errors")
        if self.root == self.claim:
            raise NuemError(f"claim {self.claim} is its own root; drop root=, or name the claim that it repeats")
        if parts := claims.claim(self.root).parts:
            names = ", ".join(part.id for part in parts)
            raise NuemError(f"claim {self.claim}: its root {self.root} has parts; name the one with the error: {names}")


# The fields of a verdict as plain data, without its place.
_FIELDS = [field.name for field in dataclasses.fields(Verdict) if field.name not in ("chapter", "cell")]


@dataclass
class Book:
    """Everything the executed notebooks say."""

    bounds: list[Bound] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    listings: list[dict[str, Any]] = field(default_factory=list)  # rows, see `data/schemas/listings.schema.json`


def to_json(record: Bound | Verdict) -> dict[str, Any]:
    """A record as plain JSON types, without its place."""
    if isinstance(record, Bound):
        return bounds.to_row(record)
    return plain(record, _FIELDS)


def verdict_from_row(row: Mapping[str, Any]) -> Verdict:
    """The verdict of a stored record."""
    ends = row["unstated_range"]
    return Verdict(**{**row, "unstated_range": None if ends is None else tuple(ends)})


def read_notebook(notebook: Mapping[str, Any], chapter: str) -> Book:
    """The records in the outputs of one executed notebook.

    Raises:
        NuemError: two numbers for the text share a key.
    """
    found, keys = Book(), {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            view = output.get("data", {}).get(VIEW_MIME, {"kind": None})
            if view["kind"] == "number":
                if view["key"] in keys:
                    raise NuemError(
                        f"{chapter}: the key {view['key']!r} is used in the cell {keys[view['key']]} and again in the "
                        f"cell {cell['id']}; rename one"
                    )
                keys[view["key"]] = cell["id"]
            if view["kind"] == "bound":
                rows = [row for row in view["bounds"] if _says_something(row)]
                found.bounds += [at(bounds.from_row(row), chapter, cell["id"]) for row in rows]
            elif view["kind"] == "verdict":
                found.verdicts.append(at(verdict_from_row(view["verdict"]), chapter, cell["id"]))
            elif view["kind"] == "listings":
                found.listings += [_placed_entry(row, chapter, cell["id"]) for row in view["rows"]]
    return found


def _placed_entry(row: Mapping[str, Any], chapter: str, cell: str) -> dict[str, Any]:
    return {**row, "chapter": chapter, "cell": cell, "url": f"{chapter}.html#{entry_anchor(row['id'])}"}


def entry_anchor(identifier: str) -> str:
    """Anchor of an entry of the listings on its page.

    >>> entry_anchor("S066CHR/raffelt-1999/2")
    'entry-s066chr-raffelt-1999-2'
    """
    return f"entry-{identifier.lower().replace('/', '-')}"


def _says_something(bound: Mapping[str, Any]) -> bool:
    """Whether a bound is one: with a reader's own inputs a region may be empty."""
    return bound["curve"] is None or bool(bound["curve"]["x"])


def collect(notebooks: Iterable[tuple[str, Mapping[str, Any]]], *, own_inputs: bool = False) -> Book:
    """The records of the whole book, from (chapter, executed notebook) pairs.

    Args:
        own_inputs: whether the book ran with a reader's inputs. They may cure an error whose repetition remains; that
            one then stands for itself.

    Raises:
        NuemError: two records share an id, the vintages of one bound can't be compared, a claim is settled twice, or
            the root of a claim makes no error of its own.
    """
    book = Book()
    for chapter, notebook in notebooks:
        found = read_notebook(notebook, chapter)
        book.bounds += found.bounds
        book.verdicts += found.verdicts
        book.listings += found.listings
    _refuse_twins(book.bounds, "id", "the record id {} is published in {} and again in {}; rename one")
    _refuse_mixed_vintages(book.bounds)
    _refuse_twins(book.verdicts, "claim", "the claim {} is settled in {} and again in {}; settle it once")
    book.verdicts = _with_roots(book.verdicts, own_inputs)
    return book


def _with_roots(verdicts: list[Verdict], own_inputs: bool) -> list[Verdict]:
    """The verdicts, after each root was found to be an error of its own; one that isn't settled here is let pass."""
    settled = {verdict.claim: verdict for verdict in verdicts}
    checked = []
    for verdict in verdicts:
        root = settled.get(verdict.root or "")
        if root and (not claims.is_wrong(root.verdict) or root.root):
            if not own_inputs:
                found = f"itself repeats {root.root}; name that" if root.root else f"is {root.verdict}; drop root="
                raise NuemError(f"the claim {verdict.claim} in {verdict.place}: its root {root.claim} {found}")
            verdict = dataclasses.replace(verdict, root=None)
        checked.append(verdict)
    return checked


def _refuse_twins(found: Iterable[Record], key: str, message: str) -> None:
    seen: dict[str, Record] = {}
    for record in found:
        identifier = getattr(record, key)
        if identifier in seen:
            raise NuemError(message.format(identifier, seen[identifier].place, record.place))
        seen[identifier] = record


def _refuse_mixed_vintages(found: Iterable[Bound]) -> None:
    """One bound as published, recomputed and today stands in one line of a table: it must be one quantity."""
    seen: dict[str, Bound] = {}
    for bound in found:
        first = seen.setdefault(bound.name, bound)
        for what in ("parameter", "kind", "unit", "cl", "sided"):
            ours, theirs = getattr(bound, what), getattr(first, what)
            if ours != theirs:
                raise NuemError(
                    f"the vintages of the bound {bound.name} can't be compared: {what} is {theirs!r} in {first.place} "
                    f"and {ours!r} in {bound.place}; convert one, or give it another name"
                )


def bounds_json(book: Book) -> dict[str, Any]:
    """The public list of bounds."""
    return {
        "schema": versions.CURRENT,
        "bounds": [
            {**to_json(bound), "chapter": bound.chapter, "cell": bound.cell, "url": bound.url} for bound in book.bounds
        ],
    }


def ledger_json(book: Book) -> dict[str, Any]:
    """The public ledger: every claim of the papers, with its verdict or null.

    Raises:
        NuemError: a claim with several parts is settled only in part.
    """
    settled = {verdict.claim: verdict for verdict in book.verdicts}
    return {
        "schema": versions.CURRENT,
        "claims": [_ledger_row(claim, settled) for claim in claims.load().values()],
    }


def listings_json(book: Book) -> dict[str, Any]:
    """The public list of the Particle Data Group's entries, each with its standing in this book."""
    return {"schema": versions.CURRENT, "entries": book.listings}


def _ledger_row(claim: claims.Claim, settled: Mapping[str, Verdict]) -> dict[str, Any]:
    row = _row_without_verdict(claim)
    if claim.parts:
        parts = [_ledger_row(part, settled) for part in claim.parts]
        done = [part for part in parts if part["verdict"]]
        if done and len(done) < len(parts):
            missing = ", ".join(part["id"] for part in parts if not part["verdict"])
            raise NuemError(f"the claim {claim.id} is settled only in part; still open: {missing}")
        row["parts"] = parts
        if done:
            row.update(
                recomputed="; ".join(str(part["recomputed"]) for part in parts),
                checked=max(filter(None, (part["checked"] for part in parts)), key=list(CHECKED).index, default=None),
                **outcome_of_parts(parts),
                **{name: parts[0][name] for name in ("chapter", "cell")},
                url=parts[0]["url"],
            )
    elif claim.id in settled:
        verdict = settled[claim.id]
        row.update(plain(verdict, [name for name in (*_FIELDS, "chapter", "cell", "url") if name != "claim"]))
    return row


def outcome_of_parts(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Verdict, severity, root and explanation of a claim with parts.

    Its root is that of the first discrepant part, unless a part makes an error of its own.
    """
    roots = [part["root"] for part in parts if claims.is_wrong(part["verdict"])]
    return {
        "verdict": claims.worst([part["verdict"] for part in parts]),
        "severity": claims.worst_severity(part["severity"] for part in parts),
        "root": roots[0] if roots and all(roots) else None,
        "explanation": " ".join(part["explanation"] for part in parts if part["explanation"]),
    }


def independent_errors(rows: Iterable[Mapping[str, Any]]) -> int:
    """How many of these rows of the ledger are discrepant by an error of their own, not by another claim's.

    >>> wrong = {"verdict": "discrepant", "root": None}
    >>> independent_errors([wrong, {**wrong, "root": "paper/eq-1"}, {"verdict": "quoted", "root": None}])
    1
    """
    return sum(claims.is_wrong(row["verdict"]) and not row["root"] for row in rows)


def _row_without_verdict(claim: claims.Claim) -> dict[str, Any]:
    is_number = claim.kind == "number"
    return {
        "id": claim.id,
        "paper": claim.paper,
        "where": claim.where,
        "claim": claim.claim,
        "kind": claim.kind,
        "relation": claim.relation or None,
        "published": claim.published,
        "published_number": claim.printed.value if is_number else None,
        "recomputed": None,
        "uncertainty": None,
        "unit": claim.unit or None,
        "factor": None,
        "verdict": None,
        "severity": None,
        "explanation": "",
        "root": None,
        "unstated": None,
        "unstated_range": None,
        "checked": None,
        "parts": [],
        "chapter": None,
        "cell": None,
        "url": None,
    }


def schema(name: str) -> dict[str, Any]:
    """The schema of a public file ("bounds", "ledger" or "listings").

    Where its source says "$verdicts" it has the names of the verdicts, and so on: they stand in one table of the code.
    """
    tables = {
        "$verdicts": claims.VERDICTS,
        "$errors": [verdict for verdict in claims.VERDICTS if claims.is_wrong(verdict)],
        "$severities": claims.SEVERITIES,
        "$claim-kinds": claims.KINDS,
        "$bound-kinds": bounds.KINDS,
        "$vintages": bounds.VINTAGES,
        "$origins": bounds.ORIGINS,
        "$assumptions": bounds.ASSUMPTIONS,
        "$checked": CHECKED,
    }
    text = (SCHEMAS / f"{name}.schema.json").read_text("utf-8")
    for placeholder, names in tables.items():
        text = text.replace(json.dumps(placeholder), ", ".join(map(json.dumps, names)))
    return dict(json.loads(text))


@functools.cache
def _validator(name: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema(name))


def validate(document: Mapping[str, Any], name: str) -> None:
    """Check a public file ("bounds", "ledger" or "listings") against its schema.

    Raises:
        NuemError: naming the record and the field.
    """
    for error in _validator(name).iter_errors(document):
        path = list(error.absolute_path)
        record = document
        for step in path[:2]:
            record = record[step]
        who = record.get("id", "?") if isinstance(record, Mapping) else "?"
        raise NuemError(f"{name}.json, record {who}, field {'/'.join(map(str, path[2:])) or '-'}: {error.message}")
