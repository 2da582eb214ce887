"""The listings of the Particle Data Group, entry by entry: who, when, by which method, and the ends of the result."""

from __future__ import annotations

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


def read(identifiers: Iterable[str] = LISTINGS) -> dict[str, list[Entry]]:
    """The entries of some listings in the edition that is installed, by the group's names of the listings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package's own deprecations
        import pdg

        database = pdg.connect()
        return {name: [_entry(one) for one in database.get(name).get_measurements()] for name in identifiers}


def _entry(measurement: Any) -> Entry:
    (value,) = measurement.values()
    return Entry(
        who=measurement.reference.document_id.strip().title(),
        year=measurement.reference.publication_year,
        doi=measurement.reference.doi,
        cl=measurement.confidence_level,
        how=measurement.comment or measurement.technique,
        technique=measurement.technique or "",
        is_limit=value.is_limit,
        text=value.value_text or "no number",
        unit=value.unit_text,
        ends=ends_of(value),
        used=value.used_in_average,
        notes=tuple(note.text for note in measurement.footnotes()),
    )
