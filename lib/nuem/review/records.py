"""The book's results as data: typed bounds and verdicts, written by chapters and read back from executed notebooks.

The executed notebook is the only store. A chapter displays a record as a private MIME bundle beside a readable card;
`read_notebook` collects the records of one executed notebook, `collect` those of the whole book.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nuem import typeset
from nuem.errors import NuemError, allowed
from nuem.review import claims

if TYPE_CHECKING:
    import numpy as np

BOUND_MIME = "application/vnd.nuem.bound+json"
VERDICT_MIME = "application/vnd.nuem.verdict+json"
SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"
# 1.1 adds root, unstated and unstated_range to a claim; files of an older version are read as if these were empty.
SCHEMA_VERSION = "1.1"
_ADDED_IN_1_1 = {"root": None, "unstated": None, "unstated_range": None}

KINDS = ("limit", "interval", "measurement", "region")
VINTAGES = ("published", "recomputed", "today")
SENSITIVITY = "sensitivity"  # a limit from an uncertainty alone: what goes unnoticed if theory and experiment agree


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What is known about one parameter: a limit, an interval, a measurement, or an excluded region.

    Attributes:
        id: unique in the book, `<name>/<vintage>`.
        title: one line of plain text, what bounds what.
        parameter: symbol of what is bounded, in Unicode: `"|ε|"`, `"μ_ν"`, `"⟨r²⟩"`, `"m_γ"`.
        kind: "limit" (`value` is the largest allowed one), "interval" (`lower` to `upper`), "measurement" (`value`
            with `error`) or "region" (a `curve`).
        error: of a measurement its standard uncertainty; of a limit the uncertainty from its inputs.
        cl: confidence level as a fraction, or None if the source states none.
        cl_method: construction, such as "sensitivity" (the uncertainty alone) or "credible, flat prior".
        sided: 1, 2 or None.
        flavour, nature, convention: flavour or mass basis; Dirac or Majorana; sign and unit conventions.
        valid: what the bound assumes and where it holds (mass range, sign of ε, model).
        vintage: "published" (as printed), "recomputed" (the paper's inputs) or "today".
        claim: id of the printed claim behind it, or None.
        inputs: name, value, unit, source and elasticity of each input used.
        curve: {"x", "lower", "upper", "units"} with x sorted; an open edge is None. It is without points only where a
            reader's own inputs exclude nothing; such a bound isn't stored.
    """

    id: str
    title: str
    parameter: str
    kind: str
    unit: str
    vintage: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    error: float | None = None
    cl: float | None = None
    cl_method: str | None = None
    sided: int | None = None
    flavour: str | None = None
    nature: str | None = None
    convention: str | None = None
    valid: str | None = None
    claim: str | None = None
    inputs: tuple[Mapping[str, Any], ...] = ()
    curve: Mapping[str, Any] | None = None
    overridden: bool = False

    def __post_init__(self) -> None:
        place = f"bound {self.id}"
        if self.kind not in KINDS:
            raise NuemError(f"{place}: unknown kind; {allowed(KINDS, self.kind)}")
        if self.vintage not in VINTAGES:
            raise NuemError(f"{place}: unknown vintage; {allowed(VINTAGES, self.vintage)}")
        if self.cl is not None and not 0 < self.cl < 1:
            raise NuemError(f"{place}: the confidence level {self.cl} is not a fraction between 0 and 1")
        if self.sided not in (None, 1, 2):
            raise NuemError(f"{place}: sided is {self.sided!r}; a limit is one-sided (1) or two-sided (2)")
        if self.error is not None and self.error < 0:
            raise NuemError(f"{place}: the uncertainty {self.error} is negative")
        for name in ("value", "lower", "upper", "error"):
            number = getattr(self, name)
            if number is not None and not math.isfinite(number):
                raise NuemError(f"{place}: {name} is {number}; a bound needs finite numbers")
        for row in self.inputs:
            for name in ("value", "error", "elasticity", "contribution"):
                if row[name] is not None and not math.isfinite(row[name]):
                    raise NuemError(f"{place}: {name} of its input {row['name']} is {row[name]}, not a finite number")
        self._check_kind(place)

    def _check_kind(self, place: str) -> None:
        given = {name for name in ("value", "lower", "upper", "curve") if getattr(self, name) is not None}
        needed = {
            "limit": {"value"},
            "measurement": {"value"},
            "interval": {"lower", "upper"},
            "region": {"curve"},
        }
        if given != needed[self.kind]:
            raise NuemError(
                f"{place}: a {self.kind} takes {' and '.join(sorted(needed[self.kind]))}, "
                f"given: {' and '.join(sorted(given)) or 'nothing'}"
            )
        if self.kind == "measurement" and self.error is None:
            raise NuemError(f"{place}: a measurement needs its uncertainty (error); a limit is another kind")
        if self.kind == "interval" and not self.lower < self.upper:
            raise NuemError(f"{place}: the lower end {self.lower} is not below the upper end {self.upper}")
        if self.curve is not None:
            _check_curve(self.curve, place, may_be_empty=self.overridden)

    @property
    def name(self) -> str:
        """The id without its vintage."""
        return self.id.removesuffix("/" + self.vintage)

    @property
    def anchor(self) -> str:
        """The anchor of the bound's card on its page."""
        return "bound-" + self.name

    @property
    def quoted(self) -> bool:
        """Whether the bound is another work's and only stands here; `valid` then begins with that word."""
        return (self.valid or "").startswith("quoted")

    def edges(self, bottom: float, top: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Points, lower and upper edge of a region; an open edge lies at `bottom` or `top`."""
        import numpy as np

        lower = [bottom if y is None else y for y in self.curve["lower"]]
        upper = [top if y is None else y for y in self.curve["upper"]]
        return np.array(self.curve["x"], dtype=float), np.array(lower, dtype=float), np.array(upper, dtype=float)

    def edges_at(self, x: Any, bottom: float, top: float) -> tuple[Any, Any]:
        """Both edges of a region at x, straight in logarithms between its points; nan where it doesn't reach."""
        import numpy as np

        points, *edges = self.edges(bottom, top)
        beyond = {"left": np.nan, "right": np.nan}
        lower, upper = (np.exp(np.interp(np.log(x), np.log(points), np.log(edge), **beyond)) for edge in edges)
        return lower, upper

    def value_text(self, digits: int = 2) -> str:
        """The number in print, without its confidence level. A limit always carries its "<"."""
        if self.vintage == "published" and self.claim and self.kind == "limit":
            printed = claims.claim(self.claim)
            return typeset.join(f"{self.parameter} {printed.sign or '<'} {printed.number_text}", self.unit)
        if self.kind == "limit":
            return typeset.join(f"{self.parameter} < {typeset.number(self.value, digits)}", self.unit)
        if self.kind == "measurement":
            text = typeset.with_error(self.value, self.error)
            return typeset.join(f"{self.parameter} = {text}", self.unit)
        if self.kind == "interval":
            ends = f"{typeset.number(self.lower, digits)} < {self.parameter} < {typeset.number(self.upper, digits)}"
            return typeset.join(ends, self.unit)
        return f"{self.parameter}: {'excluded region' if self.curve['x'] else 'nothing is excluded with your inputs'}"

    def cl_text(self) -> str:
        """Confidence level and construction, as a label.

        >>> options = {"parameter": "|ε|", "kind": "limit", "unit": "1", "vintage": "today"}
        >>> Bound(id="a/today", title="a", value=1e-6, cl=0.9, **options).cl_text()
        '90 % CL'
        >>> Bound(id="a/today", title="a", value=1e-6, cl=0.9, cl_method="sensitivity", **options).cl_text()
        '90 % CL, sensitivity'
        """
        level = None if self.cl is None else f"{typeset.percent(self.cl)} CL"
        construction = self.cl_method or ("one standard deviation" if self.kind == "measurement" else None)
        return ", ".join(filter(None, (level, construction))) or "no CL stated"

    def at_confidence(self, cl: float, power: int = 1) -> Bound:
        """The same sensitivity at another confidence level: the explicit step before two CLs are compared.

        What is measured scales with the number of Gaussian standard deviations, and goes as the given power of the
        parameter: 1 for an interference, 2 for a charge or a moment that enters squared.

        Raises:
            NuemError: the bound isn't a sensitivity with a stated CL, or `cl` isn't a fraction.
        """
        if self.kind != "limit" or self.cl_method != SENSITIVITY or self.cl is None or self.sided is None:
            raise NuemError(f"bound {self.id}: only a sensitivity with a stated CL can be moved to another CL")
        from nuem.physics.statistics import standard_deviations  # not for those who only read bounds

        scale = (standard_deviations(cl, self.sided) / standard_deviations(self.cl, self.sided)) ** (1 / power)
        error = None if self.error is None else self.error * scale
        return dataclasses.replace(self, value=self.value * scale, error=error, cl=cl)

    def times_stronger(self, other: Bound) -> float:
        """How many times lower this limit is than another one on the same parameter.

        Raises:
            NuemError: parameter, flavour, unit or confidence level differ; convert first.
        """
        for name in ("kind", "parameter", "flavour", "unit", "cl", "sided"):
            ours, theirs = getattr(self, name), getattr(other, name)
            if ours != theirs:
                raise NuemError(
                    f"{self.id} and {other.id} can't be compared: {name} is {ours!r} and {theirs!r}; convert one first"
                )
        if self.kind != "limit":
            raise NuemError(f"{self.id} is a {self.kind}; only limits have an order")
        return other.value / self.value


def _check_curve(curve: Mapping[str, Any], place: str, *, may_be_empty: bool) -> None:
    if set(curve) != {"x", "lower", "upper", "units"}:
        raise NuemError(f"{place}: a curve has x, lower, upper and units")
    x = list(curve["x"])
    if not all(math.isfinite(point) for point in x):
        raise NuemError(f"{place}: the curve's x holds a number that isn't finite")
    if sorted(x) != x:
        raise NuemError(f"{place}: the curve's x is not sorted")
    if not x and not may_be_empty:
        raise NuemError(f"{place}: the region is empty; its lower edge must be below its upper one somewhere")
    for name in ("lower", "upper"):
        if len(curve[name]) != len(x):
            raise NuemError(f"{place}: the curve's {name} has {len(curve[name])} points for {len(x)} x")
        if any(y is not None and not math.isfinite(y) for y in curve[name]):
            raise NuemError(f"{place}: the curve's {name} holds a number that isn't finite; an open edge is None")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a chapter found out about one printed claim, or about one part of it.

    Attributes:
        claim: id of the claim or of its part.
        recomputed, uncertainty: in the claim's unit; of what isn't a number, the finding in words.
        factor: recomputed over printed.
        severity, explanation: how much a discrepancy matters, and why it is one.
        root: id of the claim in which the error is made that this one only repeats.
        unstated: what the paper leaves open.
        unstated_range: the two ends of what comes out over a sensible range of it.
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

    def __post_init__(self) -> None:
        if self.verdict not in claims.VERDICTS:
            raise NuemError(f"claim {self.claim}: unknown verdict; {allowed(claims.VERDICTS, self.verdict)}")
        for name in ("recomputed", "factor", "uncertainty"):
            number = getattr(self, name)
            if isinstance(number, float) and not math.isfinite(number):
                raise NuemError(f"claim {self.claim}: {name} is {number}; a verdict needs finite numbers")
        if self.uncertainty is not None and self.uncertainty < 0:
            raise NuemError(f"claim {self.claim}: the uncertainty {self.uncertainty} is negative")
        if self.verdict == "discrepant" and not (self.explanation.strip() and self.severity in claims.SEVERITIES):
            raise NuemError(
                f"claim {self.claim} comes out discrepant: give explanation= (what is wrong, why, what it does to "
                f"the bound) and severity= ({', '.join(claims.SEVERITIES)})"
            )
        if self.verdict != "discrepant" and self.severity is not None:
            raise NuemError(
                f"claim {self.claim} comes out {self.verdict}: drop severity=, it belongs to discrepant ones"
            )
        if self.root is not None:
            self._check_root()

    def _check_root(self) -> None:
        if self.verdict != "discrepant":
            raise NuemError(f"claim {self.claim} comes out {self.verdict}: drop root=, it belongs to discrepant ones")
        if self.root == self.claim:
            raise NuemError(f"claim {self.claim} is its own root; drop root=, or name the claim that it repeats")
        if parts := claims.claim(self.root).parts:
            names = ", ".join(part.id for part in parts)
            raise NuemError(f"claim {self.claim}: its root {self.root} has parts; name the one with the error: {names}")


@dataclass(frozen=True)
class Located:
    """A record with the place that made it."""

    record: Mapping[str, Any]
    chapter: str
    cell: str

    def url(self, anchor: str) -> str:
        """Address relative to the site's root."""
        return f"{self.chapter}.html#{anchor}"

    @property
    def place(self) -> str:
        """The place in words, for messages."""
        return f"chapters/{self.chapter.removeprefix('chapters/')} (cell {self.cell})"


@dataclass
class Book:
    """Everything the executed notebooks say."""

    bounds: list[Located] = field(default_factory=list)
    verdicts: list[Located] = field(default_factory=list)


def to_json(record: Bound | Verdict) -> dict[str, Any]:
    """A record as plain JSON types."""
    return dataclasses.asdict(record)


def from_json(record: Mapping[str, Any]) -> Bound:
    """The bound of a stored record."""
    return Bound(**{**record, "inputs": tuple(record["inputs"])})


def read_notebook(notebook: Mapping[str, Any], chapter: str) -> Book:
    """The records in the outputs of one executed notebook."""
    found = Book()
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            for mime, place in ((BOUND_MIME, found.bounds), (VERDICT_MIME, found.verdicts)):
                if mime in data:
                    place.extend(Located(record, chapter, cell["id"]) for record in data[mime])
    return found


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
    _refuse_twins(book.bounds, "id", "the record id {} is published in {} and again in {}; rename one")
    _refuse_mixed_vintages(book.bounds)
    _refuse_twins(book.verdicts, "claim", "the claim {} is settled in {} and again in {}; settle it once")
    book.verdicts = _with_roots(book.verdicts, own_inputs)
    return book


def _with_roots(verdicts: list[Located], own_inputs: bool) -> list[Located]:
    """The verdicts, after each root was found to be an error of its own; one that isn't settled here is let pass."""
    settled = {located.record["claim"]: located for located in verdicts}
    checked = []
    for located in verdicts:
        root = settled.get(located.record["root"])
        if root and (root.record["verdict"] != "discrepant" or root.record["root"]):
            name, is_what = root.record["claim"], root.record["root"] or root.record["verdict"]
            if not own_inputs:
                found = f"itself repeats {is_what}; name that" if root.record["root"] else f"is {is_what}; drop root="
                raise NuemError(f"the claim {located.record['claim']} in {located.place}: its root {name} {found}")
            located = dataclasses.replace(located, record={**located.record, "root": None})
        checked.append(located)
    return checked


def _refuse_twins(records: Iterable[Located], key: str, message: str) -> None:
    seen: dict[str, Located] = {}
    for located in records:
        identifier = located.record[key]
        if identifier in seen:
            raise NuemError(message.format(identifier, seen[identifier].place, located.place))
        seen[identifier] = located


def _refuse_mixed_vintages(bounds: Iterable[Located]) -> None:
    """One bound as published, recomputed and today stands in one line of a table: it must be one quantity."""
    seen: dict[str, Located] = {}
    for located in bounds:
        name = from_json(located.record).name
        first = seen.setdefault(name, located)
        for what in ("parameter", "kind", "unit", "cl", "sided"):
            ours, theirs = located.record[what], first.record[what]
            if ours != theirs:
                raise NuemError(
                    f"the vintages of the bound {name} can't be compared: {what} is {theirs!r} in {first.place} and "
                    f"{ours!r} in {located.place}; convert one, or give it another name"
                )


def bounds_json(book: Book) -> dict[str, Any]:
    """The public list of bounds."""
    rows = []
    for located in book.bounds:
        bound = from_json(located.record)
        rows.append(
            {
                **located.record,
                "chapter": located.chapter,
                "cell": located.cell,
                "url": located.url(bound.anchor),
            }
        )
    return {"schema": SCHEMA_VERSION, "bounds": rows}


def ledger_json(book: Book) -> dict[str, Any]:
    """The public ledger: every claim of the papers, with its verdict or null.

    Raises:
        NuemError: a claim with several parts is settled only in part.
    """
    settled = {located.record["claim"]: located for located in book.verdicts}
    return {
        "schema": SCHEMA_VERSION,
        "claims": [_ledger_row(claim, settled) for claim in claims.load().values()],
    }


def _ledger_row(claim: claims.Claim, settled: Mapping[str, Located]) -> dict[str, Any]:
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
                **outcome_of_parts(parts),
                **{name: parts[0][name] for name in ("chapter", "cell")},
                url=parts[0]["url"],
            )
    elif claim.id in settled:
        located = settled[claim.id]
        names = ("recomputed", "uncertainty", "factor", "verdict", "severity", "explanation", *_ADDED_IN_1_1)
        row.update(
            {name: located.record[name] for name in names},
            chapter=located.chapter,
            cell=located.cell,
            url=located.url(claim.anchor),
        )
    return row


def outcome_of_parts(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Verdict, severity, root and explanation of a claim with parts.

    Its root is that of the first discrepant part, unless a part makes an error of its own.
    """
    roots = [part["root"] for part in parts if part["verdict"] == "discrepant"]
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
    return sum(row["verdict"] == "discrepant" and not row["root"] for row in rows)


def upgraded(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """A public file of version 1.0 in today's form: what was added since is empty."""
    if not isinstance(document, Mapping) or document.get("schema") != "1.0":
        return document
    newer = {**document, "schema": SCHEMA_VERSION}
    if isinstance(newer.get("claims"), list):
        newer["claims"] = [_upgraded_row(row) for row in newer["claims"]]
    return newer


def _upgraded_row(row: Any) -> Any:
    if not isinstance(row, Mapping) or not isinstance(row.get("parts"), list):
        return row  # the schema says what is wrong with it
    return {**_ADDED_IN_1_1, **row, "parts": [_upgraded_row(part) for part in row["parts"]]}


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
        **_ADDED_IN_1_1,
        "parts": [],
        "chapter": None,
        "cell": None,
        "url": None,
    }


@functools.cache
def _validator(name: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8")))


def validate(document: Mapping[str, Any], name: str) -> None:
    """Check a public file ("bounds" or "ledger") against its schema.

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
