"""What is known about a parameter: a limit, an interval, a measurement or an excluded region.

The four share what `Bound` holds. As plain data they are rows with the same fields, where what doesn't apply is None;
`of_kind` makes a bound from such a row, and `row` the row from a bound.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from nuem import typeset
from nuem.errors import NuemError, allowed
from nuem.review import claims
from nuem.review.inputs import UNVERIFIED
from nuem.review.place import Placed, plain

if TYPE_CHECKING:
    import numpy as np

VINTAGES = ("published", "recomputed", "today")
ORIGINS = ("computed", "quoted", "printed", "predicted")
ASSUMPTIONS = ("paraphoton", "no paraphoton")  # about the world, which other bounds don't share
SENSITIVITY = "sensitivity"  # a limit from an uncertainty alone: what goes unnoticed if theory and experiment agree


@dataclass(frozen=True, kw_only=True)
class Bound(Placed):
    """What the four kinds share. What only another kind has (`value`, `curve`, …) reads as None.

    Attributes:
        kind: "limit", "interval", "measurement" or "region".
        id: unique in the book, `<name>/<vintage>`.
        title: one line of plain text, what bounds what.
        parameter: symbol of what is bounded, in Unicode: `"|ε|"`, `"μ_ν"`, `"⟨r²⟩"`, `"m_γ"`.
        cl: confidence level as a fraction, or None if the source states none.
        cl_method: construction, such as "sensitivity" (the uncertainty alone) or "credible, flat prior".
        sided: 1, 2 or None.
        flavour, nature, convention: flavour or mass basis; Dirac or Majorana; sign and unit conventions.
        valid: what the bound assumes and where it holds (mass range, sign of ε, model), in words.
        origin: "computed" here, "quoted" from another work, at most converted, "printed" in the paper under review, or
            "predicted": what a model gives, where nobody has looked.
        assumes: those of `ASSUMPTIONS` without which the bound doesn't hold.
        vintage: "published" (as printed), "recomputed" (the paper's inputs) or "today".
        claim: id of the printed claim behind it, or None.
        inputs: name, value, unit, source, elasticity of each input used, and how it was checked.
        overridden: whether a reader's own inputs went in.
        chapter, cell, url: which cell made the bound, and the address of its card, relative to the site's root.
    """

    kind: ClassVar[str]
    _numbers: ClassVar[tuple[str, ...]] = ()  # fields that have to be finite
    _construction: ClassVar[str | None] = None  # where no other is said
    _has_sides: ClassVar[bool] = False  # whether a level needs "one-sided" or "two-sided" to say what it means

    id: str
    title: str
    parameter: str
    unit: str
    vintage: str
    cl: float | None = None
    cl_method: str | None = None
    sided: int | None = None
    flavour: str | None = None
    nature: str | None = None
    convention: str | None = None
    valid: str | None = None
    origin: str = "computed"
    assumes: tuple[str, ...] = ()
    claim: str | None = None
    inputs: tuple[Mapping[str, Any], ...] = ()
    overridden: bool = False

    def __post_init__(self) -> None:
        if self.vintage not in VINTAGES:
            raise NuemError(f"bound {self.id}: unknown vintage; {allowed(VINTAGES, self.vintage)}")
        if self.origin not in ORIGINS:
            raise NuemError(f"bound {self.id}: unknown origin; {allowed(ORIGINS, self.origin)}")
        if (self.origin == "printed") != (self.vintage == "published"):
            raise NuemError(f"bound {self.id}: what the vintage 'published' holds is 'printed', and nothing else is")
        for assumption in self.assumes:
            if assumption not in ASSUMPTIONS:
                raise NuemError(f"bound {self.id}: unknown assumption; {allowed(ASSUMPTIONS, assumption)}")
        if self.cl is not None and not 0 < self.cl < 1:
            raise NuemError(f"bound {self.id}: the confidence level {self.cl} is not a fraction between 0 and 1")
        if self.sided not in (None, 1, 2):
            raise NuemError(f"bound {self.id}: sided is {self.sided!r}; a limit is one-sided (1) or two-sided (2)")
        for name in self._numbers:
            number = getattr(self, name)
            if number is not None and not math.isfinite(number):
                raise NuemError(f"bound {self.id}: {name} is {number}; a bound needs finite numbers")
        if self.error is not None and self.error < 0:
            raise NuemError(f"bound {self.id}: the uncertainty {self.error} is negative")
        for used in self.inputs:
            for name in ("value", "error", "elasticity", "contribution"):
                if used[name] is not None and not math.isfinite(used[name]):
                    raise NuemError(
                        f"bound {self.id}: {name} of its input {used['name']} is {used[name]}, not a finite number"
                    )

    def __getattr__(self, name: str) -> Any:
        """What only another kind has is None, as in the public file."""
        if name in NUMBERS:
            return None
        raise AttributeError(f"a {self.kind} has no {name!r}")

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
        """Whether the bound is another work's and only stands here."""
        return self.origin == "quoted"

    @property
    def unverified(self) -> tuple[str, ...]:
        """Names of the inputs whose values nobody could verify."""
        return tuple(used["name"] for used in self.inputs if used["checked"] in UNVERIFIED)

    def value_text(self, digits: int = 2) -> str:
        """The number in print, without its confidence level."""
        raise NotImplementedError

    def cl_text(self) -> str:
        """Confidence level, whether a limit is one- or two-sided, and construction, as a label.

        >>> options = {"id": "a/today", "title": "a", "parameter": "|ε|", "unit": "1", "vintage": "today", "cl": 0.9}
        >>> Limit(value=1e-6, sided=2, cl_method="sensitivity", **options).cl_text()
        '90 % CL, two-sided, sensitivity'
        >>> Limit(value=1e-6, **options).cl_text()
        '90 % CL, one- or two-sided not stated'
        """
        level = None if self.cl is None else f"{typeset.percent(self.cl)} CL"
        construction = self.cl_method or self._construction
        return ", ".join(filter(None, (level, self._sides_text(), construction))) or "no CL stated"

    def _sides_text(self) -> str | None:
        """What makes a level a number of standard deviations, unless the construction says it already."""
        if self.cl is None or not self._has_sides or "-sided" in (self.cl_method or ""):
            return None
        return {1: "one-sided", 2: "two-sided", None: "one- or two-sided not stated"}[self.sided]

    def at_confidence(self, cl: float, power: int = 1) -> Bound:
        """Only a limit can be moved to another confidence level; see `Limit.at_confidence`."""
        raise NuemError(f"bound {self.id}: only a sensitivity with a stated CL can be moved to another CL")

    def times_stronger(self, other: Bound) -> float:
        """Only limits have an order; see `Limit.times_stronger`."""
        raise NuemError(f"{self.id} is a {self.kind}; only limits have an order")


@dataclass(frozen=True, kw_only=True)
class Limit(Bound):
    """The largest allowed value; `error` is what the uncertainties of its inputs do to it."""

    kind = "limit"
    _has_sides = True
    _numbers = ("value", "error")
    value: float
    error: float | None = None

    def value_text(self, digits: int = 2) -> str:
        """The limit in print; it always carries its "<"."""
        if self.vintage == "published" and self.claim:
            printed = claims.claim(self.claim)
            return typeset.join(f"{self.parameter} {printed.sign or '<'} {printed.number_text}", self.unit)
        return typeset.join(f"{self.parameter} < {typeset.number(self.value, digits)}", self.unit)

    def at_confidence(self, cl: float, power: int = 1) -> Limit:
        """The same sensitivity at another confidence level: the explicit step before two CLs are compared.

        What is measured scales with the number of Gaussian standard deviations, and goes as the given power of the
        parameter: 1 for an interference, 2 for a charge or a moment that enters squared.

        Raises:
            NuemError: the limit isn't a sensitivity with a stated CL, or `cl` isn't a fraction.
        """
        if self.cl_method != SENSITIVITY or self.cl is None or self.sided is None:
            raise NuemError(f"bound {self.id}: only a sensitivity with a stated CL can be moved to another CL")
        from nuem.physics.statistics import standard_deviations  # not for those who only read bounds

        scale = (standard_deviations(cl, self.sided) / standard_deviations(self.cl, self.sided)) ** (1 / power)
        error = None if self.error is None else self.error * scale
        return dataclasses.replace(self, value=self.value * scale, error=error, cl=cl)

    def times_stronger(self, other: Bound) -> float:
        """How many times lower this limit is than another one on the same parameter.

        Raises:
            NuemError: the other is no limit, or parameter, flavour, unit or confidence level differ; convert first.
        """
        for name in ("kind", "parameter", "flavour", "unit", "cl", "sided"):
            ours, theirs = getattr(self, name), getattr(other, name)
            if ours != theirs:
                raise NuemError(
                    f"{self.id} and {other.id} can't be compared: {name} is {ours!r} and {theirs!r}; convert one first"
                )
        return other.value / self.value


@dataclass(frozen=True, kw_only=True)
class Interval(Bound):
    """The allowed values from `lower` to `upper`."""

    kind = "interval"
    _numbers = ("lower", "upper")
    lower: float
    upper: float

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.lower < self.upper:
            raise NuemError(f"bound {self.id}: the lower end {self.lower} is not below the upper end {self.upper}")

    def value_text(self, digits: int = 2) -> str:
        """Both ends in print."""
        ends = f"{typeset.number(self.lower, digits)} < {self.parameter} < {typeset.number(self.upper, digits)}"
        return typeset.join(ends, self.unit)


@dataclass(frozen=True, kw_only=True)
class Measurement(Bound):
    """A value with its standard uncertainty."""

    kind = "measurement"
    _numbers = ("value", "error")
    _construction = "one standard deviation"
    value: float
    error: float

    def value_text(self, digits: int = 2) -> str:
        """Value and uncertainty in print."""
        return typeset.join(f"{self.parameter} = {typeset.with_error(self.value, self.error)}", self.unit)


@dataclass(frozen=True, kw_only=True)
class Region(Bound):
    """An excluded region of a plane.

    Attributes:
        curve: {"x", "lower", "upper", "units"} with x sorted; an open edge is None. It is without points only where a
            reader's own inputs exclude nothing; such a bound isn't stored.
    """

    kind = "region"
    _has_sides = True
    curve: Mapping[str, Any]

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_curve(self.curve, f"bound {self.id}", may_be_empty=self.overridden)

    def value_text(self, digits: int = 2) -> str:
        """Whether there is a region, in words."""
        found = "excluded region" if self.curve["x"] else "nothing is excluded with your inputs"
        return f"{self.parameter}: {found}"

    def edges(self, bottom: float, top: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Points, lower and upper edge; an open edge lies at `bottom` or `top`."""
        import numpy as np

        lower = [bottom if y is None else y for y in self.curve["lower"]]
        upper = [top if y is None else y for y in self.curve["upper"]]
        return np.array(self.curve["x"], dtype=float), np.array(lower, dtype=float), np.array(upper, dtype=float)

    def edges_at(self, x: Any, bottom: float, top: float) -> tuple[Any, Any]:
        """Both edges at x, straight in logarithms between the points; nan where the region doesn't reach."""
        import numpy as np

        points, *edges = self.edges(bottom, top)
        beyond = {"left": np.nan, "right": np.nan}
        lower, upper = (np.exp(np.interp(np.log(x), np.log(points), np.log(edge), **beyond)) for edge in edges)
        return lower, upper

    def outline(self) -> np.ndarray:
        """The edge of the region in the units of the curve, shape (points, 2).

        Along the lower edge to larger x and back along the upper one, without those points where an edge is open.
        """
        import numpy as np

        there = zip(self.curve["x"], self.curve["lower"], strict=True)
        back = zip(reversed(self.curve["x"]), reversed(self.curve["upper"]), strict=True)
        return np.array([(x, y) for x, y in (*there, *back) if y is not None])

    def text(self) -> str:
        """The outline in two columns, below lines that say what it is, as collections of limits keep their curves."""
        units = self.curve["units"]
        head = {
            "title": self.title,
            "bound": f"{self.id}, {self.url}",
            "columns": f"mass in {units['x']}; {self.parameter}{'' if units['y'] == '1' else ' in ' + units['y']}",
            "confidence level": self.cl_text(),
            "holds": ", ".join(filter(None, (self.valid, *self.assumes))) or "not restricted",
            "origin": self.origin,
            "sources": ", ".join(sorted({used["source"] for used in self.inputs})),
            "edge": "lower edge to larger masses, then upper edge back; where an edge is open it has no points",
        }
        lines = [f"# {name}: {words}" for name, words in head.items()]
        return "\n".join([*lines, *(f"{x:.6e} {y:.6e}" for x, y in self.outline())]) + "\n"


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


KINDS: dict[str, type[Bound]] = {kind.kind: kind for kind in (Limit, Interval, Measurement, Region)}
NUMBERS = ("value", "lower", "upper", "error", "curve")
# The fields of a row, in the order of the public file.
_FIELDS = (
    *("id", "title", "parameter", "kind", "unit", "vintage", "value", "lower", "upper", "error"),
    *("cl", "cl_method", "sided", "flavour", "nature", "convention", "valid"),
    *("origin", "assumes", "claim", "inputs", "curve", "overridden"),
)


def of_kind(kind: str, **fields: Any) -> Bound:
    """A bound of the given kind, from the fields of a row; what doesn't apply may be None.

    Raises:
        NuemError: there is no such kind, a number is missing, or one of another kind is given.
    """
    place = f"bound {fields.get('id')}"
    if kind not in KINDS:
        raise NuemError(f"{place}: unknown kind; {allowed(KINDS, kind)}")
    own = {field.name: field for field in dataclasses.fields(KINDS[kind])}
    given = {name for name in NUMBERS if fields.get(name) is not None}
    needed = {name for name in NUMBERS if name in own and own[name].default is dataclasses.MISSING}
    if kind == "measurement" and "error" not in given:
        raise NuemError(f"{place}: a measurement needs its uncertainty (error); a limit is another kind")
    if not needed <= given <= set(own):
        raise NuemError(
            f"{place}: a {kind} takes {' and '.join(sorted(needed))}, given: {' and '.join(sorted(given)) or 'nothing'}"
        )
    return KINDS[kind](**{name: value for name, value in fields.items() if name in given or name not in NUMBERS})


def from_row(row: Mapping[str, Any]) -> Bound:
    """The bound of a stored row, with its place if the row has one."""
    fields = {name: row[name] for name in (*_FIELDS, "chapter", "cell") if name in row}
    return of_kind(**{**fields, "assumes": tuple(row["assumes"]), "inputs": tuple(row["inputs"])})


def to_row(bound: Bound) -> dict[str, Any]:
    """A bound as plain JSON types, without its place."""
    return plain(bound, _FIELDS)
