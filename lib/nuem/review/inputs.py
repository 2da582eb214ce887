"""Physical inputs: values with unit, uncertainty and source, in two vintages.

One YAML file per chapter in `data/inputs/`, one entry per physical input; names are unique over the whole book::

    muon_anomaly_error:
      describe: experimental uncertainty of the muon anomaly
      symbol: '\\sigma_{a_\\mu}'
      unit: "1"
      allowed: positive                     # any (default), positive or probability
      published: {value: "9e-9", source: babu-volkas-1992, where: after eq. (11)}
      today:     {value: "1.5e-10", source: ..., where: ...}     # or {pdg: S004MM} or {codata: fine-structure constant}

`checked` says how a typed value was compared with its source (`CHECKED`); where it is missing, we read the value there.
Where value and uncertainty differ in this, the worse counts.
Values are text, so that digits survive: "9e-9", "1.5(3)e-10", "(1.1 ± 2.1)e-9"; `nuem.review.numbertext` says which
notations are read. `{error_of: muon_anomaly}` makes the uncertainty of another input an input of its own, which follows
the other one's overrides. Where a package's entry can be taken in two ways, it says which:
`{pdg: Q004M, confidence_level: 0.9}`,
`{pdg: S067P23, comment: Assuming normal mass ordering}`, `{codata: weak mixing angle, scheme: on-shell}`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nuem.errors import NuemError, allowed
from nuem.review import reads, tabulated, yamlfile
from nuem.review.numbertext import parse

FOLDER = Path(__file__).parents[1] / "data" / "inputs"
VINTAGES = ("published", "today")
# How well a value is known to be what its source says, from best to worst.
CHECKED = {
    "source": "read at its source",
    "secondhand": "read where a listing, a later work or a copy gives it",
    "memory": "from memory",
    "none": "not verified",
}
UNVERIFIED = ("memory", "none")
SET_BY_READER = "override"  # in place of the key of a source
_ALLOWED_RANGES: dict[str, tuple[Callable[[float], bool], str]] = {
    "any": (math.isfinite, "a finite number"),
    "positive": (lambda value: 0 < value < math.inf, "larger than zero"),
    "probability": (lambda value: 0 < value < 1, "between 0 and 1, ends excluded"),
}


@dataclass(frozen=True)
class Value:
    """A number with its standard uncertainty (0 if none is given), and where it comes from.

    `checked` is a key of `CHECKED`, or None for a reader's own value.
    """

    nominal: float
    error: float
    text: str
    source: str
    where: str
    overridden: bool = False
    error_of: str = ""
    checked: str | None = "source"


@dataclass(frozen=True)
class Entry:
    """One physical input in the vintages it exists in."""

    name: str
    describe: str
    symbol: str
    unit: str
    allowed: str
    values: Mapping[str, Value]


def _check_range(entry_name: str, rule: str, nominal: float, place: str) -> None:
    if rule not in _ALLOWED_RANGES:
        raise NuemError(f"{place}: unknown range; {allowed(_ALLOWED_RANGES, rule)}")
    holds, words = _ALLOWED_RANGES[rule]
    if not holds(nominal):
        raise NuemError(f"{place}: {entry_name} = {nominal:g} is not allowed; it must be {words}")


_FIELDS = {"describe", "symbol", "unit", "allowed", *VINTAGES}
# What each kind of value may hold: a value typed from a source, the error of another input, a package's entry.
_VALUE_FIELDS = {
    "error_of": {"error_of", "where"},
    "codata": {"codata", "scheme", "where"},
    "pdg": {"pdg", "comment", "confidence_level", "where"},
    "value": {"value", "source", "where", "checked"},
}
_OTHER_TYPES = {"value": object, "confidence_level": float, "published": object, "today": object}  # else text


def _check_fields(raw: Any, known: set[str], place: str) -> None:
    """Refuse what isn't a mapping from known fields to what they may hold."""
    if not isinstance(raw, Mapping):
        raise NuemError(f"{place}: {raw!r} is not a mapping; see the other entries for the form")
    for name, content in raw.items():
        if name not in known:
            raise NuemError(f"{place}: unknown field {name!r}; {allowed(known, name)}")
        if not isinstance(content, kind := _OTHER_TYPES.get(name, str)):
            words = "text; put it in quotes" if kind is str else "a fraction; write for instance 0.9"
            raise NuemError(f"{place}: {name} {content!r} is not {words}")


def _read_value(raw: Any, unit: str, place: str, vintage: str, lookup: Callable[[str], Entry]) -> Value:
    kind = next((kind for kind in _VALUE_FIELDS if isinstance(raw, Mapping) and kind in raw), "value")
    _check_fields(raw, _VALUE_FIELDS[kind], place)
    if kind == "error_of":
        return _error_of(raw, lookup, vintage, place)
    return _from_text(raw, place) if kind == "value" else _from_package(kind, raw, unit, place)


def _from_text(raw: Mapping[str, Any], place: str) -> Value:
    missing = {"value", "source", "where"} - set(raw)
    if missing:
        raise NuemError(f"{place}: {' and '.join(sorted(missing))} missing; an input needs value, source and where")
    checked = raw.get("checked", "source")
    if checked not in CHECKED:
        raise NuemError(f"{place}: checked is {checked!r}; {allowed(CHECKED, checked)}")
    nominal, error = parse(raw["value"], place)
    return Value(nominal, error, str(raw["value"]), raw["source"], raw["where"], checked=checked)


def _from_package(kind: str, raw: Mapping[str, Any], unit: str, place: str) -> Value:
    key, where = raw[kind], raw.get("where", raw[kind])
    try:
        if kind == "codata":
            nominal, error, found_unit = tabulated.codata(key, raw.get("scheme", ""))
        else:
            nominal, error, found_unit = tabulated.pdg(*tabulated.pdg_arguments(raw))
    except NuemError as problem:
        raise NuemError(f"{place}: {problem}") from problem
    if found_unit != unit:
        raise NuemError(
            f"{place}: {kind} gives {key!r} in {found_unit!r}, the entry says unit {unit!r}; make them equal"
        )
    if level := raw.get("confidence_level"):
        where += f"; its error at {level:.0%} confidence divided by {tabulated.gaussian_half_width(level):.4g}"
    source = "codata-2022" if kind == "codata" else "pdg-2026"
    return Value(nominal, error, f"{nominal!r} ± {error!r}", source, where)


def _error_of(raw: Mapping[str, Any], lookup: Callable[[str], Entry], vintage: str, place: str) -> Value:
    """The uncertainty of another input as a value of its own."""
    other = lookup(raw["error_of"])
    value = other.values.get(vintage)
    if value is None or not value.error:
        if value and value.overridden:
            raise NuemError(
                f"override of {other.name}: {place} is its uncertainty, so give one; write "
                f"{other.name}: '{value.text} ± …', or override that input, too"
            )
        raise NuemError(f"{place}: the input {other.name} has no uncertainty in this vintage; give one there")
    where = raw.get("where", value.where)
    text = f"{value.error:.3g}"
    return Value(value.error, 0.0, text, value.source, where, value.overridden, other.name, value.checked)


def read_files(folder: Path = FOLDER) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """All raw entries of the book: name → (file name, raw entry).

    Raises:
        NuemError: a file can't be read as strict YAML, isn't a mapping, or two files share a name.
    """
    return _entries_of(tuple((path, path.read_bytes()) for path in sorted(folder.glob("*.yml"))))


@functools.lru_cache(maxsize=1)
def _entries_of(files: tuple[tuple[Path, bytes], ...]) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Files with the same content are parsed once: that takes ten times as long as a bound."""
    entries: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for path, _ in files:
        content = yamlfile.read(path, f"inputs/{path.name}", booleans=False)
        if content is None:
            continue
        if not isinstance(content, Mapping):
            raise NuemError(f"inputs/{path.name}: not a mapping from names to entries; see the other files")
        for name, raw in content.items():
            if name in entries:
                raise NuemError(
                    f"the input {name} stands in inputs/{entries[name][0]} and in inputs/{path.name}; "
                    "names are unique over the whole book, so keep one of them and read it by name"
                )
            entries[name] = (path.name, raw)
    return entries


class Values:
    """The inputs of one vintage: attribute access gives a float and remembers that the input was used.

    Every read is noted with its place in the notebook as well; see `nuem.review.reads`. `names` are for completion.
    """

    def __init__(
        self,
        vintage: str,
        lookup: Callable[[str], Entry],
        shifts: Mapping[str, float] | None = None,
        names: Iterable[str] = (),
    ):
        self._vintage = vintage
        self._lookup = lookup
        self._shifts = dict(shifts or {})
        self._names = names
        self.used: dict[str, None] = {}  # an ordered set

    def __getattr__(self, name: str) -> float:
        if name.startswith("_"):
            raise AttributeError(name)
        value = self.value(name)
        self.used[name] = None
        return self._shifts.get(name, value.nominal)

    def __dir__(self) -> list[str]:
        return sorted([*super().__dir__(), *self._names])

    def __repr__(self) -> str:
        shifted = "".join(f", {name} = {value:g}" for name, value in self._shifts.items())
        return f"<inputs of the vintage {self._vintage!r}{shifted}: write a dot and press Tab for their names>"

    @property
    def vintage(self) -> str:
        """`published` or `today`, for a formula that has itself changed."""
        return self._vintage

    def value(self, name: str) -> Value:
        """The full entry behind a number, with uncertainty and source."""
        reads.note(name)
        entry = self._lookup(name)
        if self._vintage not in entry.values:
            raise NuemError(f"the input {name} has no value in the vintage {self._vintage!r}")
        return entry.values[self._vintage]

    def shifted(self, name: str, nominal: float) -> Values:
        """The same inputs, with one of them moved."""
        return Values(self._vintage, self._lookup, {**self._shifts, name: nominal}, self._names)


def read_overrides(path: Path) -> dict[str, Any]:
    """The overrides in a reader's YAML file.

    Raises:
        NuemError: the file is missing, isn't strict YAML or isn't a mapping.
    """
    content = yamlfile.read(path, f"INPUTS={path}", booleans=False)
    if not isinstance(content, Mapping) or not content:
        raise NuemError(f"INPUTS={path}: no overrides in it; write lines such as `muon_anomaly_error: 1e-10`")
    return dict(content)


@dataclass
class Inputs:
    """Every input of the book, read from its file when first used, with a reader's overrides on top."""

    overrides: Mapping[str, Any] = field(default_factory=dict)
    folder: Path = field(default_factory=lambda: FOLDER)  # as a plain default, the documentation would show where it is

    def __post_init__(self) -> None:
        self._raw = read_files(self.folder)
        self._entries: dict[str, Entry] = {}
        self._reading: list[str] = []
        if not isinstance(self.overrides, Mapping):
            raise NuemError("overrides is not a mapping; write for instance {muon_anomaly_error: 1e-10}")
        for name in self.overrides:
            self._entry(name)
        for name, (_, raw) in self._raw.items():
            if others(raw) & set(self.overrides):  # an override without the uncertainty that others need stops here
                self._entry(name)

    def __iter__(self) -> Iterator[str]:
        reads.name("inputs", reads.ALL)
        return iter(self._raw)

    def entry(self, name: str) -> Entry:
        """One input by name.

        Raises:
            NuemError: there is no such input, or its file or its override is malformed.
        """
        reads.name("inputs", name)
        return self._entry(name)

    def glimpse(self, name: str) -> Entry:
        """As `entry`, for who only says what the entry is: nothing that a chapter computes may depend on it."""
        return self._entry(name)

    def _entry(self, name: str) -> Entry:
        if name not in self._raw:
            origin = " for this override" if name in self.overrides else ""
            near = allowed(self._raw, name)
            raise NuemError(f"there is no input {name!r}{origin}; {near} (the page reference/inputs has all)")
        if name in self._reading:
            ring = " → ".join([*self._reading[self._reading.index(name) :], name])
            raise NuemError(f"inputs/{self._raw[name][0]}: the ring of error_of {ring}; give one of them a value")
        if name not in self._entries:
            self._reading.append(name)
            try:
                self._entries[name] = self._read(name)
            finally:
                self._reading.pop()
        return self._entries[name]

    def _read(self, name: str) -> Entry:
        file_name, raw = self._raw[name]
        place = f"inputs/{file_name}, {name}"
        _check_fields(raw, _FIELDS, place)
        for needed in ("describe", "unit"):
            if needed not in raw:
                raise NuemError(f"{place}: field {needed} is missing")
        given = [vintage for vintage in VINTAGES if vintage in raw]
        if not given:
            raise NuemError(f"{place}: neither published nor today is given")
        own = _by_vintage(name, self.overrides[name], given) if name in self.overrides else {}
        entry = Entry(name, raw["describe"], raw.get("symbol", ""), raw["unit"], raw.get("allowed", "any"), {})
        values: dict[str, Value] = {}
        for vintage in given:
            if vintage in own:
                values[vintage] = _override_value(entry, own[vintage], f"override of {name}")
            else:
                here = f"{place}, {vintage}"
                values[vintage] = _read_value(raw[vintage], entry.unit, here, vintage, self._entry)
                _check_range(name, entry.allowed, values[vintage].nominal, here)
        return replace(entry, values=values)

    @property
    def published(self) -> Values:
        """What the paper under review used."""
        return self._of("published")

    @property
    def today(self) -> Values:
        """What is known today."""
        return self._of("today")

    def _of(self, vintage: str) -> Values:
        names = [name for name, (_, raw) in self._raw.items() if isinstance(raw, Mapping) and vintage in raw]
        return Values(vintage, self.entry, names=names)


def others(raw: Any) -> set[str]:
    """The inputs whose uncertainty an entry is."""
    values = [raw.get(vintage) for vintage in VINTAGES] if isinstance(raw, Mapping) else []
    return {str(value["error_of"]) for value in values if isinstance(value, Mapping) and "error_of" in value}


def _by_vintage(name: str, override: Any, given: list[str]) -> Mapping[str, Any]:
    """A number, a text or {value, unit} replaces today's value; {published: ...} and {today: ...} name the vintage."""
    named = isinstance(override, Mapping) and set(override) & set(VINTAGES)
    own = override if named else {"today": override}
    for vintage in own:
        if vintage not in VINTAGES:
            raise NuemError(f"override of {name}: unknown vintage; {allowed(VINTAGES, vintage)}")
        if vintage not in given:
            # Nothing in the book reads that vintage, so such an override would change nothing.
            shown = override if not named else own[vintage]
            raise NuemError(
                f"override of {name}: the input has no value of the vintage {vintage!r} to replace; "
                f"write {name}: {{{given[0]}: {shown}}}"
            )
    return own


def _override_value(entry: Entry, new: Any, place: str) -> Value:
    if isinstance(new, Mapping):
        for unknown in set(new) - {"value", "unit"}:
            raise NuemError(f"{place}: unknown field {unknown!r}; {allowed(['value', 'unit'], unknown)}")
        if "value" not in new:
            raise NuemError(f"{place}: the field value is missing; write {{value: ..., unit: {entry.unit!r}}}")
        unit = str(new.get("unit", entry.unit))
        if unit != entry.unit:
            raise NuemError(f"{place}: unit {unit!r} given, but it is kept in {entry.unit!r}; convert the value")
        new = new["value"]
    nominal, error = parse(new, place)
    _check_range(entry.name, entry.allowed, nominal, place)
    return Value(nominal, error, str(new), SET_BY_READER, "set by the reader", overridden=True, checked=None)


@dataclass(frozen=True)
class Propagated:
    """A function of the inputs, evaluated, and what each input does to it.

    Attributes:
        elasticities: percent change of the value per percent change of an input; None where one of the two is zero.
        contributions: the uncertainty that each input adds.
    """

    value: float
    elasticities: Mapping[str, float | None]
    contributions: Mapping[str, float]

    @property
    def error(self) -> float:
        """The uncertainty of the value, for independent inputs."""
        return math.hypot(*self.contributions.values())


# Steps follow the input's own uncertainty, as far as they stay large against the noise of an integral or ODE inside
# the function and small against its curvature.
_SMALLEST_STEP, _LARGEST_STEP = 1e-6, 1e-3


def propagate(function: Callable[[Values], float], values: Values) -> Propagated:
    """Evaluate `function(values)` with its uncertainty and its elasticity d ln f / d ln x to each input it used.

    An input whose uncertainty the function itself uses (through an `error_of` input) adds nothing on top of that.
    Derivatives are central differences, so the function may contain anything that gives a float: a lambdified
    formula, an integral, a differential equation. Uncertainties of the inputs count as independent and small.
    """
    center = float(function(values))
    elasticities: dict[str, float | None] = {}
    contributions: dict[str, float] = {}
    spent = {values.value(name).error_of for name in values.used}
    for name in values.used:
        value = values.value(name)
        size = abs(value.nominal)
        step = min(max(value.error or math.inf, _SMALLEST_STEP * size), _LARGEST_STEP * size) or value.error
        slope = 0.0
        if step:
            upper = float(function(values.shifted(name, value.nominal + step)))
            lower = float(function(values.shifted(name, value.nominal - step)))
            slope = (upper - lower) / (2 * step)
        elasticities[name] = slope * value.nominal / center if center and step else None
        contributions[name] = 0.0 if name in spent else abs(slope) * value.error
    return Propagated(center, elasticities, contributions)
