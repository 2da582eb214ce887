"""Bounds to choose from: by parameter, flavour, vintage and mass, as a table, as CSV, and with what to cite."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nuem.errors import NuemError, allowed
from nuem.review.bounds import VINTAGES, Bound
from nuem.review.place import plain

if TYPE_CHECKING:
    import pandas as pd

# The columns of a table: what fits into one cell each.
COLUMNS = (
    *("id", "title", "parameter", "kind", "unit", "vintage", "value", "lower", "upper", "error"),
    *("cl", "cl_method", "sided", "flavour", "nature", "convention", "valid", "origin", "assumes", "claim", "url"),
)


class Bounds(list[Bound]):
    """A list of bounds.

    Attributes:
        citations: BibTeX, `sources` by key and the `book` itself; empty where they weren't found beside the bounds.
    """

    def __init__(self, bounds: Iterable[Bound], citations: Mapping[str, Any] | None = None) -> None:
        super().__init__(bounds)
        self.citations: Mapping[str, Any] = citations or {}

    def only(
        self,
        *,
        parameter: str | None = None,
        flavour: str | None = None,
        vintage: str | None = None,
        mass: tuple[float, float] | None = None,
    ) -> Bounds:
        """Those bounds that fit all that is given.

        Args:
            parameter: symbol of what is bounded. `"μ_ν"`, `"q_ν"`, `"⟨r²⟩"` and so on also find what is bounded in
                absolute value.
            flavour: as a bound has it.
            vintage: "published", "recomputed" or "today".
            mass: lowest and highest mass in eV; finds the regions that exclude something in between.

        Raises:
            NuemError: no bound has such a parameter, flavour or vintage, or the masses are none.

        >>> Bounds([]).only(vintage="tomorrow")
        Traceback (most recent call last):
        nuem.errors.NuemError: no bound has the vintage 'tomorrow'. Allowed are: published, recomputed, today
        """
        found: Iterable[Bound] = self
        if parameter is not None:
            symbols = dict.fromkeys(bound.parameter.strip("|") for bound in self)
            wanted = _one_of(symbols, parameter.strip("|"), "parameter")
            found = [bound for bound in found if bound.parameter.strip("|") == wanted]
        if flavour is not None:
            _one_of(dict.fromkeys(bound.flavour for bound in self if bound.flavour), flavour, "flavour")
            found = [bound for bound in found if bound.flavour == flavour]
        if vintage is not None:
            _one_of(VINTAGES, vintage, "vintage")
            found = [bound for bound in found if bound.vintage == vintage]
        if mass is not None:
            lowest, highest = mass
            if not 0 <= lowest <= highest:
                raise NuemError(f"mass: got {mass}; give the lowest and the highest mass in eV, in this order")
            found = [bound for bound in found if bound.curve and _reaches(bound.curve["x"], lowest, highest)]
        return Bounds(found, self.citations)

    def rows(self) -> list[dict[str, Any]]:
        """A mapping for each bound, with `COLUMNS`; of a region everything but its curve."""
        return [{**plain(bound, COLUMNS), "assumes": " and ".join(bound.assumes)} for bound in self]

    def table(self) -> pd.DataFrame:
        """A pandas table with `COLUMNS`.

        Raises:
            NuemError: pandas isn't installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise NuemError("a table needs pandas; install it with `pip install pandas`, or use .csv()") from error
        return pd.DataFrame(self.rows(), columns=list(COLUMNS))

    def csv(self) -> str:
        """A text of comma-separated values with a line of `COLUMNS` on top."""
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows())
        return text.getvalue()

    def cite(self) -> str:
        """BibTeX of this book and of all sources of these bounds: the paper that printed it, and those of its inputs.

        Raises:
            NuemError: the bounds were read without the file of citations beside them.
        """
        if not self.citations:
            raise NuemError("there is no citations.json beside these bounds; download it into the same folder")
        sources = self.citations["sources"]
        keys = sorted({key for bound in self for key in sources_of(bound) if key in sources})
        return "\n\n".join([self.citations["book"], *(sources[key] for key in keys)]) + "\n"


def sources_of(bound: Bound) -> set[str]:
    """Keys of the bibliography behind a bound."""
    printed_in = {bound.claim.partition("/")[0]} if bound.claim else set()
    return printed_in | {used["source"] for used in bound.inputs}


def _one_of(known: Iterable[str], given: str, name: str) -> str:
    names = list(known)
    if given not in names:
        raise NuemError(f"no bound has the {name} {given!r}. {allowed(names, given)}")
    return given


def _reaches(masses: Iterable[float], lowest: float, highest: float) -> bool:
    """Whether a curve, which is drawn from its first point to its last, has a part between two masses."""
    points = list(masses)
    return points[0] <= highest and points[-1] >= lowest
