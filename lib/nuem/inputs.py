"""Physical inputs: values with unit, uncertainty and source, in two vintages.

One YAML file per chapter in `data/inputs/`, one entry per physical input; names are unique over the whole book::

    muon_anomaly_error:
      describe: experimental uncertainty of the muon anomaly
      symbol: '\\sigma_{a_\\mu}'
      unit: "1"
      allowed: positive                     # any (default), positive or probability
      published: {value: "9e-9", source: babu-volkas-1992, where: after eq. (11)}
      today:     {value: "1.5e-10", source: ..., where: ...}     # or {pdg: S004MM} or {codata: fine-structure constant}

Values are text, so that digits survive: "9e-9", "1.5(3)e-10", "(1.1 ± 2.1)e-9". `{error_of: muon_anomaly}` makes the
uncertainty of another input an input of its own, which follows the other one's overrides.
"""

from __future__ import annotations

import functools
import json
import math
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from uncertainties import ufloat_fromstr
from uncertainties.core import NegativeStdDev

from nuem import provenance
from nuem.errors import NuemError, allowed

FOLDER = Path(__file__).parent / "data" / "inputs"
VINTAGES = ("published", "today")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # each chapter reads all files; in C that is nine times faster
_ALLOWED_RANGES: dict[str, tuple[Callable[[float], bool], str]] = {
    "any": (math.isfinite, "a finite number"),
    "positive": (lambda value: 0 < value < math.inf, "larger than zero"),
    "probability": (lambda value: 0 < value < 1, "between 0 and 1, ends excluded"),
}


@dataclass(frozen=True)
class Value:
    """A number with its standard uncertainty (0 if none is given), and where it comes from."""

    nominal: float
    error: float
    text: str
    source: str
    where: str
    overridden: bool = False
    error_of: str = ""


@dataclass(frozen=True)
class Entry:
    """One physical input in the vintages it exists in."""

    name: str
    describe: str
    symbol: str
    unit: str
    allowed: str
    values: Mapping[str, Value]


def parse(text: str | float, place: str) -> tuple[float, float]:
    """Value and standard uncertainty of a number or of its text.

    >>> parse("1.5(3)e-10", "here"), parse("(1.2 ± 2.1)e-9", "here"), parse(2, "here")
    ((1.5e-10, 3e-11), (1.2e-09, 2.1e-09), (2.0, 0.0))

    Raises:
        NuemError: the text is not a number, or its uncertainty is negative.
    """
    if isinstance(text, bool) or not isinstance(text, (str, int, float)):
        raise NuemError(f"{place}: {text!r} is not a number; write for instance 9e-9 or '1.5(3)e-10'")
    try:
        if isinstance(text, str) and ("(" in text or "±" in text or "+/-" in text):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # an uncertainty of zero is fine here
                parsed = ufloat_fromstr(text)
            if not math.isfinite(parsed.std_dev):
                raise ValueError("the uncertainty is not finite")
            return float(parsed.nominal_value), float(parsed.std_dev)
        return float(text), 0.0
    except (ValueError, NegativeStdDev) as error:
        raise NuemError(
            f"{place}: {text!r} is not a number with a non-negative uncertainty; write for instance 9e-9, "
            "'1.5(3)e-10' or '(1.1 ± 2.1)e-9'"
        ) from error


def _check_range(entry_name: str, rule: str, nominal: float, place: str) -> None:
    if rule not in _ALLOWED_RANGES:
        raise NuemError(f"{place}: unknown range; {allowed(_ALLOWED_RANGES, rule)}")
    holds, words = _ALLOWED_RANGES[rule]
    if not holds(nominal):
        raise NuemError(f"{place}: {entry_name} = {nominal:g} is not allowed; it must be {words}")


@functools.cache
def codata(quantity: str) -> tuple[float, float, str]:
    """Value, standard uncertainty and unit of a CODATA constant, from scipy.constants."""
    from scipy.constants import physical_constants

    if quantity not in physical_constants:
        raise NuemError(f"CODATA has no constant {quantity!r}; see scipy.constants.physical_constants")
    value, unit, error = physical_constants[quantity]
    return value, error, unit or "1"


@functools.cache
def pdg(identifier: str) -> tuple[float, float, str]:
    """Value, standard uncertainty and unit of a PDG summary value, from the installed edition of the `pdg` package.

    A build reads each value once and hands it to all chapters through the file named by NUEM_PDG_VALUES;
    a chapter opened alone reads the database itself.
    """
    store = os.environ.get("NUEM_PDG_VALUES")
    if store and Path(store).is_file():
        known = json.loads(Path(store).read_text("utf-8"))
        if identifier in known:
            value, error, unit = known[identifier]
            return value, error, unit
    return read_pdg(identifier)


@functools.cache
def _pdg_database() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package's own SQLAlchemy deprecations
        import pdg as pdg_package

        return pdg_package.connect()


def read_pdg(identifier: str) -> tuple[float, float, str]:
    """As `pdg`, straight from the database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            summary = _pdg_database().get(identifier).best_summary()
        except Exception as error:
            raise NuemError(f"the PDG database has no property {identifier!r}: {error}") from error
        if summary is None or summary.is_limit or summary.value is None:
            raise NuemError(f"PDG {identifier} is not a measured value; quote its limit as text with its source")
        error = max(summary.error_positive or 0.0, summary.error_negative or 0.0)
        return float(summary.value), float(error), summary.units or "1"


def _from_package(entry: Mapping[str, Any], unit: str, place: str) -> Value:
    kind, key = ("codata", entry["codata"]) if "codata" in entry else ("pdg", entry["pdg"])
    try:
        nominal, error, found_unit = (codata if kind == "codata" else pdg)(key)
    except NuemError as problem:
        raise NuemError(f"{place}: {problem}") from problem
    if found_unit != unit:
        raise NuemError(
            f"{place}: {kind} gives {key!r} in {found_unit!r}, the entry says unit {unit!r}; make them equal"
        )
    source = "codata-2022" if kind == "codata" else "pdg-2026"
    return Value(nominal, error, f"{nominal!r} ± {error!r}", source, entry.get("where", f"{key}"))


_VALUE_FIELDS = {"value", "source", "where", "codata", "pdg", "error_of"}


def _read_value(entry: Mapping[str, Any], unit: str, place: str) -> Value:
    if not isinstance(entry, Mapping):
        raise NuemError(f"{place}: {entry!r} is not a mapping; write {{value: ..., source: ..., where: ...}}")
    for unknown in set(entry) - _VALUE_FIELDS:
        raise NuemError(f"{place}: unknown field {unknown!r}; {allowed(_VALUE_FIELDS, unknown)}")
    return _from_package(entry, unit, place) if {"codata", "pdg"} & set(entry) else _from_text(entry, place)


def _from_text(entry: Mapping[str, Any], place: str) -> Value:
    missing = {"value", "source", "where"} - set(entry)
    if missing:
        raise NuemError(f"{place}: {' and '.join(sorted(missing))} missing; an input needs value, source and where")
    nominal, error = parse(entry["value"], place)
    return Value(nominal, error, str(entry["value"]), entry["source"], entry["where"])


_FIELDS = {"describe", "symbol", "unit", "allowed", *VINTAGES}


def _error_of(entry: Mapping[str, Any], lookup: Callable[[str], Entry], vintage: str, place: str) -> Value:
    """The uncertainty of another input as a value of its own."""
    other = lookup(entry["error_of"])
    value = other.values.get(vintage)
    if value is None or not value.error:
        raise NuemError(f"{place}: the input {other.name} has no uncertainty in this vintage; give one there")
    where = entry.get("where", value.where)
    return Value(value.error, 0.0, f"{value.error:.3g}", value.source, where, value.overridden, other.name)


def _read_entry(name: str, raw: Mapping[str, Any], file_name: str, lookup: Callable[[str], Entry]) -> Entry:
    place = f"{file_name}, {name}"
    if not isinstance(raw, Mapping):
        raise NuemError(f"{place}: not a mapping; see the other entries for the form")
    for unknown in set(raw) - _FIELDS:
        raise NuemError(f"{place}: unknown field {unknown!r}; {allowed(_FIELDS, unknown)}")
    for needed in ("describe", "unit"):
        if needed not in raw:
            raise NuemError(f"{place}: field {needed} is missing")
    values = {
        vintage: _error_of(raw[vintage], lookup, vintage, f"{place}, {vintage}")
        if isinstance(raw[vintage], Mapping) and "error_of" in raw[vintage]
        else _read_value(raw[vintage], str(raw["unit"]), f"{place}, {vintage}")
        for vintage in VINTAGES
        if vintage in raw
    }
    if not values:
        raise NuemError(f"{place}: neither published nor today is given")
    rule = raw.get("allowed", "any")
    for vintage, value in values.items():
        _check_range(name, rule, value.nominal, f"{place}, {vintage}")
    return Entry(name, raw["describe"], raw.get("symbol", ""), str(raw["unit"]), rule, values)


def read_files(folder: Path = FOLDER) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """All raw entries of the book: name → (file name, raw entry).

    Raises:
        NuemError: a file is not valid YAML, or two entries share a name.
    """
    entries: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            # Pairs rather than a mapping: PyYAML would silently drop the first of two entries with one name.
            content = yaml.compose(path.read_text("utf-8"), _LOADER)
        except yaml.YAMLError as error:
            raise NuemError(f"inputs/{path.name}: not valid YAML: {' '.join(str(error).split())}") from error
        if content is None:
            continue
        if not isinstance(content, yaml.MappingNode):
            raise NuemError(f"inputs/{path.name}: not a mapping from names to entries; see the other files")
        constructor = yaml.constructor.SafeConstructor()
        for key, node in content.value:
            name, raw = key.value, constructor.construct_document(node)
            if name in entries:
                raise NuemError(
                    f"the input {name} stands in inputs/{entries[name][0]} and in inputs/{path.name}; "
                    "names are unique over the whole book, so keep one of them and read it by name"
                )
            entries[name] = (path.name, raw)
    return entries


class Values:
    """The inputs of one vintage: attribute access gives a float and remembers that the input was used.

    Every read is noted with its place in the notebook as well; see `nuem.provenance`.
    """

    def __init__(self, vintage: str, lookup: Callable[[str], Entry], shifts: Mapping[str, float] | None = None):
        self._vintage = vintage
        self._lookup = lookup
        self._shifts = dict(shifts or {})
        self.used: dict[str, None] = {}  # an ordered set

    def __getattr__(self, name: str) -> float:
        if name.startswith("_"):
            raise AttributeError(name)
        value = self.value(name)
        self.used[name] = None
        return self._shifts.get(name, value.nominal)

    def value(self, name: str) -> Value:
        """The full entry behind a number, with uncertainty and source."""
        provenance.note(name)
        entry = self._lookup(name)
        if self._vintage not in entry.values:
            raise NuemError(f"the input {name} has no value in the vintage {self._vintage!r}")
        return entry.values[self._vintage]

    def shifted(self, name: str, nominal: float) -> Values:
        """The same inputs, with one of them moved."""
        return Values(self._vintage, self._lookup, {**self._shifts, name: nominal})


@dataclass
class Inputs:
    """Every input of the book, read from its file when first used, with a reader's overrides on top."""

    overrides: Mapping[str, Any] = field(default_factory=dict)
    folder: Path = FOLDER

    def __post_init__(self) -> None:
        self._raw = read_files(self.folder)
        self._entries: dict[str, Entry] = {}
        if not isinstance(self.overrides, Mapping):
            raise NuemError("overrides is not a mapping; write for instance {muon_anomaly_error: 1e-10}")
        for name in self.overrides:
            self.entry(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def entry(self, name: str) -> Entry:
        """One input by name.

        Raises:
            NuemError: there is no such input, or its file or its override is malformed.
        """
        if name not in self._raw:
            origin = "override" if name in self.overrides else "input"
            raise NuemError(f"there is no input {name!r} for this {origin}; {allowed(self._raw, name)}")
        if name not in self._entries:
            file_name, raw = self._raw[name]
            entry = _read_entry(name, raw, f"inputs/{file_name}", self.entry)
            if name in self.overrides:
                entry = _apply_override(entry, self.overrides[name])
            self._entries[name] = entry
        return self._entries[name]

    @property
    def published(self) -> Values:
        """What the paper under review used."""
        return Values("published", self.entry)

    @property
    def today(self) -> Values:
        """What is known today."""
        return Values("today", self.entry)


def _apply_override(entry: Entry, override: Any) -> Entry:
    """A number, a text or {value, unit} replaces today's value; {published: ...} and {today: ...} name the vintage."""
    per_vintage = override if isinstance(override, Mapping) and set(override) & set(VINTAGES) else {"today": override}
    values = dict(entry.values)
    for vintage, new in per_vintage.items():
        place = f"override of {entry.name}"
        if vintage not in VINTAGES:
            raise NuemError(f"{place}: unknown vintage; {allowed(VINTAGES, vintage)}")
        values[vintage] = _override_value(entry, new, place)
    return replace(entry, values=values)


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
    return Value(nominal, error, str(new), "override", "set by the reader", overridden=True)


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
