"""Values that the installed packages tabulate: CODATA's constants in `scipy.constants`, the PDG's averages in `pdg`.

Both packages answer more than was asked: scipy keeps names of older sets with their old values, the PDG's database
returns limits with an error of zero, intervals as their middle, and errors at other confidence levels. Here they are
refused, or the entry says how to take them.
"""

from __future__ import annotations

import functools
import importlib.metadata
import json
import math
import warnings
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

from nuem.errors import NuemError, allowed
from nuem.review import handover

# Names of CODATA that hold one of several quantities of that name: which one.
_SCHEMES = {"weak mixing angle": "on-shell"}


@functools.cache
def codata(quantity: str, scheme: str = "") -> tuple[float, float, str]:
    """Value, standard uncertainty and unit of a CODATA constant, from scipy.constants.

    Args:
        scheme: for a name that has several meanings, the one that CODATA gives.

    Raises:
        NuemError: the newest set doesn't have it, or the name is ambiguous and the scheme isn't said.
    """
    from scipy.constants import find, physical_constants

    if quantity not in (current := find()):
        # The dictionary keeps the names of all older sets with their old values; `find` knows the newest set alone.
        kept = "; scipy keeps it from an older set only" if quantity in physical_constants else ""
        raise NuemError(f"CODATA has no constant {quantity!r}{kept}; {allowed(current, quantity)}")
    needed = _SCHEMES.get(quantity, "")
    if scheme != needed:
        remedy = f"CODATA gives the {needed} one; write scheme: {needed}" if needed else "leave the field scheme out"
        raise NuemError(f"the constant {quantity!r} in the scheme {scheme!r}: {remedy}")
    value, unit, error = physical_constants[quantity]
    return value, error, unit or "1"


@functools.cache
def pdg(identifier: str, comment: str = "", confidence_level: float | None = None) -> tuple[float, float, str]:
    """Value, standard uncertainty and unit of a PDG summary value, from the installed edition of the `pdg` package.

    Arguments and errors as for `read_pdg`. A build reads each value once and hands it over to all chapters, also to one
    that is opened alone later, with the same edition; else the database is read, which takes a quarter of a second.
    """
    left = handover.of_last_build()
    known = left.get("pdg", {}) if left.get("edition") == edition() else {}
    key = pdg_key(identifier, comment, confidence_level)
    if key in known:
        value, error, unit = known[key]
        return value, error, unit
    return read_pdg(identifier, comment, confidence_level)


def edition() -> str:
    """The installed edition of the Review of Particle Physics."""
    return importlib.metadata.version("pdg")


def pdg_key(*arguments: Any) -> str:
    """How a build's file of PDG values names one of them."""
    return json.dumps(arguments, ensure_ascii=False)


def pdg_arguments(entry: Mapping[str, Any]) -> tuple[str, str, float | None]:
    """The arguments of `pdg` for the value of an input."""
    return entry["pdg"], entry.get("comment", ""), entry.get("confidence_level")


@functools.cache
def _pdg_database() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package's own SQLAlchemy deprecations
        import pdg as pdg_package

        return pdg_package.connect(pedantic=True)


def read_pdg(identifier: str, comment: str = "", confidence_level: float | None = None) -> tuple[float, float, str]:
    """Value, standard uncertainty and unit of a PDG summary value, straight from the database.

    The numbers are those behind the listing, not its rounded display. Of two errors that differ the larger counts.

    Args:
        comment: the PDG's words at the value that is meant, where it gives several.
        confidence_level: of the error, where the PDG prints another than one standard deviation; a Gaussian's
            standard deviation is taken from it.

    Raises:
        NuemError: there is no such value; it is a limit, an interval or an estimate without error; it is one of
            several; or its error has a confidence level that the arguments don't name.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        summary = _pdg_summary(identifier, comment)
    text = f"PDG {identifier}, {summary['value_text']},"
    if summary["limit_type"] or summary["value"] is None:
        raise NuemError(f"{text} is not a measured value; quote its limit or range as text with its source")
    if not (summary["error_positive"] and summary["error_negative"]):
        raise NuemError(f"{text} has no uncertainty; quote it as text with its source")
    return (
        float(summary["value"]),
        float(max(summary["error_positive"], summary["error_negative"])) / _deviations(summary, confidence_level, text),
        summary["unit_text"] or "1",
    )


def _pdg_summary(identifier: str, comment: str) -> Mapping[str, Any]:
    """The one summary value that is meant."""
    from pdg.errors import PdgAmbiguousValueError

    if "/" in identifier:
        raise NuemError(f"PDG {identifier} names an edition; leave it out, so that the installed one is read")
    try:
        quantity = _pdg_database().get(identifier)
        summaries = quantity.summary_values()
        chosen = [one for one in summaries if one["comment"] == comment] if comment else [quantity.best_summary()]
    except PdgAmbiguousValueError:
        chosen = []
    except Exception as error:  # the package raises whatever comes up inside it
        raise NuemError(f"the PDG database has no property {identifier!r}: {error}") from error
    if len(chosen) == 1 and chosen[0]:
        return chosen[0]
    comments = " or ".join(repr(one["comment"]) for one in summaries if one["comment"])
    remedy = f"say which one by comment: {comments}" if comments else "quote one as text with its source"
    raise NuemError(f"PDG {identifier} doesn't give exactly one such value; {remedy}")


def _deviations(summary: Mapping[str, Any], confidence_level: float | None, text: str) -> float:
    """How many standard deviations the PDG's error holds: one, unless the PDG says a confidence level (in percent)."""
    level = summary["confidence_level"]
    if level is None:
        if confidence_level is not None:
            raise NuemError(f"{text} has an error of one standard deviation; leave confidence_level out")
        return 1.0
    if confidence_level is None or not math.isclose(100 * confidence_level, level):
        raise NuemError(
            f"{text} has an error at {level:g} % confidence; write confidence_level: {level / 100:g}, "
            f"and it is divided by {gaussian_half_width(level / 100):.4g} to one standard deviation"
        )
    return gaussian_half_width(confidence_level)


def gaussian_half_width(confidence_level: float) -> float:
    """Half width of a central interval of a Gaussian, in standard deviations.

    >>> round(gaussian_half_width(0.9), 4)
    1.6449
    """
    return NormalDist().inv_cdf((1 + confidence_level) / 2)
