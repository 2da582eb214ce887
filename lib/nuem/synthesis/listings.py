"""The listings of the Particle Data Group, entry by entry: who, when, by which method, and the ends of the result."""

from __future__ import annotations

import functools
import math
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LISTINGS = {
    "S066CHR": "charge of the neutrino",
    "S066MGM": "magnetic moment of the neutrino",
    "S066CRD": "charge radius of the neutrino, squared",
    "S000M": "mass of the photon",
    "S017Q": "charge of the neutron",
}
TABLE_PER_BOOK = 0.5  # their charge radius is half of the book's, see the page on conventions
STARS, SUN, BEAMS, OTHER = "stars and cosmos", "solar neutrinos", "beams and reactors", "other"
_SOLAR = ("solar nu", "solar b8", "solar p p", "solar neutrinos", "xenon1t")
_ARTIFICIAL = ("reactor", "-->", "scat", "elast", "beam", "at lep")
_NUMBER = r"([+-]?\s*\d*\.?\d+)"
_POWER = r"E\s*([+-]?\d+)"


@dataclass(frozen=True)
class Entry:
    """One entry of a listing.

    Attributes:
        cl: confidence level in percent, if stated.
        how, technique: the group's comment, and its code for a method.
        ends: lower and upper end; None where no number is printed.
        used: whether the group uses it in its summary.
        title: of the publication.
        value: the number that the database stores; None where it has the number in words only.
        shown: the first number as the database shows it, its text times its power of ten.
    """

    who: str
    year: int
    doi: str | None
    cl: float | None
    how: str | None
    technique: str
    is_limit: bool
    text: str
    unit: str
    ends: tuple[float, float] | None
    used: bool
    notes: tuple[str, ...]
    title: str = ""
    value: float | None = None
    shown: float | None = None

    @property
    def kind(self) -> str:
        """Whether it is a limit, an interval, a measurement, or words without a number."""
        if self.ends is None:
            return "words"
        if self.text.lstrip().startswith("<"):
            return "limit"
        return "interval" if self.value is None else "measurement"

    @property
    def size(self) -> float:
        """The larger end without its sign; infinite without a number."""
        return max(map(abs, self.ends)) if self.ends else math.inf

    @property
    def method(self) -> str:
        """By the group's own code for astrophysics and cosmology, else by its comment."""
        how = (self.how or "").lower()
        if self.technique in ("ASTR", "COSM") or "red giant" in how:
            return STARS
        if any(word in how for word in _SOLAR):
            return SUN
        return BEAMS if any(word in how for word in _ARTIFICIAL) else OTHER

    @property
    def words(self) -> str:
        """The entry in one sentence, with its notes."""
        level = f"{self.cl:g} % CL" if self.cl else "no CL stated"
        return " ".join([f"{self.who}: {self.text} {self.unit}, {level}, {self.how}", *self.notes])


def ends_of(value: Any) -> tuple[float, float] | None:
    """Lower and upper end of a value of the database, or None where it prints no number."""
    if value.value is not None:
        if value.is_limit:
            return 0.0, float(value.value)
        return value.value - (value.error_negative or 0), value.value + (value.error_positive or 0)
    return ends_in_print(value.display_value_text or "", value.display_power_of_ten or 0)


def ends_in_print(text: str, power: int = 0) -> tuple[float, float] | None:
    """Lower and upper end of a printed range, or zero and a printed limit; of a limit given as a range the larger.

    Args:
        power: of ten, in whose units the text is.

    >>> ends_in_print("-2 to 3", 1)
    (-20.0, 30.0)
    >>> ends_in_print("no limit feasible") is None
    True
    """
    text = text.replace("−", "-")
    written = re.search(_POWER, text)
    scale = 10.0 ** (int(written[1]) if written else 0) * 10.0**power
    plain = re.sub(_POWER, "", text)
    if span := re.search(_NUMBER + r"\s*(?:to|-)\s*" + _NUMBER, plain):
        low, high = (float(end.replace(" ", "")) * scale for end in span.groups())
        return low, high
    single = re.search(_NUMBER, plain)
    return (0.0, float(single[1]) * scale) if single else None


def first_number(text: str, power: int = 0) -> float | None:
    """The first number of a printed text, None if there is none.

    >>> first_number("<0.064", -10)
    6.4e-12
    >>> first_number("-3.6 - 4.7 E-13")
    -3.6e-13
    """
    found = re.search(_NUMBER, text.replace("−", "-"))
    if not found:
        return None
    written = re.search(_POWER, text)
    return float(f"{found[1].replace(' ', '')}e{(int(written[1]) if written else 0) + power}")


@dataclass(frozen=True)
class Headline:
    """The number at the head of a listing: `text` in print, `value` as stored, `shown` as its text times its power."""

    text: str
    unit: str
    value: float
    shown: float | None


def headlines(identifiers: Iterable[str]) -> dict[str, list[Headline]]:
    """What the installed edition gives as the summary of some listings."""
    database = _database()
    return {
        name: [
            Headline(
                text=one.value_text,
                unit=one.units,
                value=one.value,
                shown=first_number(one.display_value_text, one.display_power_of_ten),
            )
            for one in database.get(name).summary_values()
        ]
        for name in identifiers
    }


def read(identifiers: Iterable[str] = LISTINGS) -> dict[str, list[Entry]]:
    """The entries of some listings in the edition that is installed, by the group's names of the listings."""
    database = _database()
    return {name: [_entry(one) for one in database.get(name).get_measurements()] for name in identifiers}


@functools.cache
def _database() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package's own deprecations
        import pdg

        return pdg.connect()


def _entry(measurement: Any) -> Entry:
    (value,) = measurement.values()
    return Entry(
        who=measurement.reference.document_id.strip().title(),
        year=measurement.reference.publication_year,
        doi=measurement.reference.doi,
        cl=measurement.confidence_level,
        how=_plain(measurement.comment or measurement.technique or "") or None,
        technique=measurement.technique or "",
        is_limit=value.is_limit,
        text=value.value_text or "no number",
        unit=value.unit_text,
        ends=ends_of(value),
        used=value.used_in_average,
        notes=tuple(_plain(note.text) for note in measurement.footnotes()),
        title=_plain(measurement.reference.title or ""),
        value=value.value,
        shown=first_number(value.display_value_text or "", value.display_power_of_ten or 0),
    )


def _plain(text: str) -> str:
    r"""The group's words without the signs of its typesetting.

    >>> _plain(r"nubar_{{e}} e, nu_{{\tau}}")
    'nubar_e e, nu_tau'
    """
    return text.replace("{{", "").replace("}}", "").replace("\\", "").replace("$", "")
