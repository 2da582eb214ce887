"""Units by their names, as a student types them with a number, and what they measure.

They serve the answers of exercises, which compare an energy with an energy; `nuem.physics.units` is what formulas use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nuem.errors import NuemError

_DAY = 86400.0
UNITS: dict[str, tuple[str, float, int]] = {  # those that a page offers to choose from
    # what it measures, how many of the first of its kind, and which power of that
    "eV": ("energy", 1.0, 1),
    "keV": ("energy", 1e3, 1),
    "MeV": ("energy", 1e6, 1),
    "GeV": ("energy", 1e9, 1),
    "TeV": ("energy", 1e12, 1),
    "J": ("energy", 1 / 1.602176634e-19, 1),
    "erg": ("energy", 1e-7 / 1.602176634e-19, 1),
    "fm": ("length", 1e-15, 1),
    "nm": ("length", 1e-9, 1),
    "mm": ("length", 1e-3, 1),
    "cm": ("length", 1e-2, 1),
    "m": ("length", 1.0, 1),
    "km": ("length", 1e3, 1),
    "pc": ("length", 3.0856775814913673e16, 1),
    "kpc": ("length", 3.0856775814913673e19, 1),
    "b": ("length", 1e-28, 2),
    "pb": ("length", 1e-40, 2),
    "fb": ("length", 1e-43, 2),
    "ns": ("time", 1e-9, 1),
    "μs": ("time", 1e-6, 1),
    "ms": ("time", 1e-3, 1),
    "s": ("time", 1.0, 1),
    "h": ("time", 3600.0, 1),
    "d": ("time", _DAY, 1),
    "yr": ("time", 365.25 * _DAY, 1),
    "Gyr": ("time", 365.25e9 * _DAY, 1),
    "Hz": ("time", 1.0, -1),
    "kHz": ("time", 1e3, -1),
    "MHz": ("time", 1e6, -1),
    "mg": ("mass", 1e-6, 1),
    "g": ("mass", 1e-3, 1),
    "kg": ("mass", 1.0, 1),
    "t": ("mass", 1e3, 1),
    "K": ("temperature", 1.0, 1),
    "e0": ("charge", 1.0, 1),
    "e": ("charge", 1.0, 1),
    "C": ("charge", 1 / 1.602176634e-19, 1),
    "mu_B": ("magnetic moment", 1.0, 1),
    "V": ("voltage", 1.0, 1),
    "T": ("magnetic field", 1.0, 1),
    "G": ("magnetic field", 1e-4, 1),
    "%": ("", 1e-2, 1),
}
WORDS: dict[str, tuple[str, float, int]] = {  # what people write as well
    **dict.fromkeys(("sec", "second", "seconds"), UNITS["s"]),
    **dict.fromkeys(("min", "minute", "minutes"), ("time", 60.0, 1)),
    **dict.fromkeys(("hour", "hours"), UNITS["h"]),
    **dict.fromkeys(("day", "days"), UNITS["d"]),
    **dict.fromkeys(("y", "yrs", "year", "years", "a"), UNITS["yr"]),
    **dict.fromkeys(("count", "counts", "event", "events", "c"), ("", 1.0, 1)),  # natural units: a mass in keV/c²
    "percent": UNITS["%"],
}
PREFIXES = {
    "a": 1e-18, "f": 1e-15, "p": 1e-12, "n": 1e-9, "μ": 1e-6, "u": 1e-6, "m": 1e-3, "c": 1e-2,
    "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
}  # fmt: skip
PREFIXED = ("eV", "J", "m", "pc", "b", "s", "yr", "y", "a", "Hz", "g", "t", "K", "C", "V", "T", "G")


@dataclass(frozen=True)
class Unit:
    """A unit: its size, and what it measures as powers of what the table names."""

    size: float
    measures: tuple[tuple[str, int], ...]


def unit_of(text: str) -> Unit:
    """A unit as the book writes it, words with a space between, each with a power if it has one; or with slashes.

    >>> unit_of("keV").size, unit_of("erg g^-1 s^-1").measures
    (1000.0, (('energy', 1), ('mass', -1), ('time', -1)))
    >>> unit_of("erg/g/s") == unit_of("erg/(g s)") == unit_of("erg g^-1 s^-1")
    True
    >>> unit_of("pb").measures == unit_of("cm^2").measures
    True
    >>> unit_of("parrots")
    Traceback (most recent call last):
    nuem.errors.NuemError: the unit 'parrots' is not known here; write it as keV, cm^2 or g cm^-3
    """
    size, powers = 1.0, dict[str, int]()
    plain = text.replace("µ", "μ").replace("μ_B", "mu_B").replace("e₀", "e0")
    over, *under = re.sub(r"(?<!\*)[·⋅*](?!\*)", " ", plain).split("/")
    words = [(word, 1) for word in over.split() if word != "1"]
    words += [(word, -1) for part in under for word in part.strip().removeprefix("(").removesuffix(")").split()]
    for word, sign in words:
        found = re.fullmatch(r"(e0|[^\W\d_]+(?:_[^\W\d_]+)?|%)(?:(?:\^|\*\*)?\(?([-−]?\d+)\)?)?", word)
        one = found and _named(found[1])
        if not found or not one:
            raise NuemError(f"the unit {text!r} is not known here; write it as keV, cm^2 or g cm^-3")
        kind, one_size, power = one
        exponent = sign * int((found[2] or "1").replace("−", "-"))
        size *= one_size**exponent
        if kind:
            powers[kind] = powers.get(kind, 0) + power * exponent
    return Unit(size, tuple(sorted((kind, power) for kind, power in powers.items() if power)))


def _named(name: str) -> tuple[str, float, int] | None:
    """A unit without a power, which may have a prefix."""
    known = UNITS.get(name) or WORDS.get(name)
    if known or name[:1] not in PREFIXES or name[1:] not in PREFIXED:
        return known
    kind, size, power = UNITS.get(name[1:]) or WORDS[name[1:]]
    return kind, PREFIXES[name[:1]] * size, power


def units_like(text: str) -> dict[str, float]:
    """The units in which a student may give a number instead, each by its size in the one that is asked for."""
    asked = unit_of(text)
    others = [name for name in UNITS if name != "e" or text == "e"]
    names = [text, *(name for name in others if name != text and {name, text} != {"e", "e0"})]
    return {name: unit_of(name).size / asked.size for name in names if unit_of(name).measures == asked.measures}
