"""How sure a bound is, in one word, and who made it; and which bounds compete for the best, see `data/answers.yml`."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nuem.errors import NuemError, allowed
from nuem.review import inputs, reads, yamlfile
from nuem.review.bounds import Bound

FILE = Path(__file__).parents[1] / "data" / "answers.yml"
# how sure a bound is, in one word, and what the word means
WORDS = {
    "measured": "an experiment on the Earth, or an observation that needs no model of a star or of the universe",
    "star model": "a star would have lived or shone otherwise; as good as the model of the star",
    "cosmology": "the young universe would have left other traces; as good as its standard history",
    "contested": "in print, but other authors doubt that it is so strong; the chapter says why",
    "expected": "what such an experiment would see; nobody has looked",
    "predicted": "a theory says so; nobody has looked",
}
_WORD_OF_PART = {"laboratory": "measured", "stars": "star model", "cosmology": "cosmology", "theory": "measured"}
PREDICTION = "prediction"  # how the construction of one begins
_LEAST_LEVEL = 0.9
_WEIGHT = 0.1  # elasticity from which an uncertainty counts among those that make a limit
# constants of nature, listings, atomic weights, the nominal Sun
_CONSTANTS = ("codata-", "pdg-", "meija-", "prsa-")


@dataclass(frozen=True, kw_only=True)
class Line:
    """Which bounds compete for one property.

    Attributes:
        what, symbol: the property in words, and as TeX.
        direct, others: names of bounds and how sure each is, a word of `WORDS`.
        words: names of further bounds, and how sure each is.
        aside: names of smaller bounds that don't compete, and why.
        parameters: of the bounds that would compete if they were smaller.
        flavour: whether the flavour belongs to the property.
    """

    what: str
    symbol: str
    direct: Mapping[str, str]
    others: Mapping[str, str]
    words: Mapping[str, str]
    aside: Mapping[str, str]
    parameters: Sequence[str]
    flavour: bool

    @property
    def competing(self) -> dict[str, str]:
        """How sure each competing bound is."""
        return {**self.direct, **self.others}

    @property
    def sure(self) -> dict[str, str]:
        """How sure each bound is that the line names."""
        return {**self.competing, **self.words}


def lines(path: Path = FILE) -> list[Line]:
    """The lines of the table.

    Raises:
        NuemError: a line has no direct bound, or a word is unknown.
    """
    found = []
    for row in yamlfile.read(path, path.name):
        line = Line(**{"others": {}, "words": {}, "aside": {}, "parameters": (), "flavour": True, **row})
        for word in line.sure.values():
            if word not in WORDS:
                raise NuemError(f"{path.name}, {line.what}: unknown word; {allowed(WORDS, word)}")
        if not line.direct:
            raise NuemError(f"{path.name}, {line.what}: name a direct bound")
        found.append(line)
    return found


def standing(bound: Bound, known: Sequence[Line]) -> str:
    """How sure a bound is: what a line of the table says of it, else what the part of the book says."""
    for line in known:
        if bound.name in line.sure:
            return line.sure[bound.name]
    if (bound.cl_method or "").startswith(PREDICTION):
        return "predicted"
    if "expected" in f"{bound.cl_method} {bound.title}":
        return "expected"
    return _WORD_OF_PART.get(bound.chapter.removeprefix("chapters/").partition("/")[0], "measured")


def competes(bound: Bound) -> bool:
    """Whether it is a limit of today; at less than ninety per cent it is a standard deviation, and stands for none."""
    level = bound.cl is None or bound.cl >= _LEAST_LEVEL
    return bound.vintage == "today" and bound.kind in ("limit", "interval") and level


@functools.cache
def _raw_inputs() -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    return inputs.read_files()


def sources(bound: Bound) -> list[str]:
    """Keys of the sources that make a bound what it is: of the uncertainties that count, else of the weightiest input.

    For a measurement these are the sources of its own uncertainty. Constants have no weight here.
    """
    known = _raw_inputs()
    vintage = "today" if bound.vintage == "today" else "published"
    measured = bound.kind == "measurement"
    errors: dict[str, float] = {}
    others: dict[str, float] = {}
    for row in bound.inputs:
        weight = row["contribution"] if measured else row["elasticity"]
        if row["source"].startswith(_CONSTANTS) or weight is None:
            continue
        reads.name("inputs", row["name"])
        of_kind = errors if measured or "error_of" in known[row["name"]][1].get(vintage, {}) else others
        of_kind[row["source"]] = of_kind.get(row["source"], 0.0) + abs(weight)
    least = _WEIGHT * max(errors.values(), default=0.0) if measured else _WEIGHT
    ranked = sorted((key for key, weight in errors.items() if weight > least), key=errors.__getitem__, reverse=True)
    listed = [row["source"] for row in bound.inputs if row["source"].startswith("pdg-")]
    return ranked or sorted(others, key=others.__getitem__, reverse=True)[:1] or listed[:1]
