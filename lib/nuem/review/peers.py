"""What public codes say that nobody on our team wrote, beside what the book computes; the page Peers shows both.

The file `data/peers.yml` has their numbers, each with the version of the code and how we got it. What the book has for
the same quantity its page computes when it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nuem.errors import NuemError, allowed
from nuem.review import yamlfile

FILE = Path(__file__).parents[1] / "data" / "peers.yml"


@dataclass(frozen=True)
class Code:
    """A code of others.

    Attributes:
        source: key in the bibliography.
        packages: what pip installs to run it again, the code itself first; none where nothing is run.
        obtained: how its numbers came about.
    """

    name: str
    version: str
    source: str
    packages: list[str]
    obtained: str


@dataclass(frozen=True)
class Result:
    """A number of theirs.

    Attributes:
        quantity: name of the function that computes it here.
        at: its arguments.
        within: how far, relatively, ours may be away; None outside the range for which their code is made.
    """

    code: Code
    quantity: str
    at: Mapping[str, Any]
    theirs: float
    within: float | None

    def compared(self, known: Mapping[str, Callable[..., float]]) -> float:
        """Ours over theirs.

        Args:
            known: functions that compute quantities, by name.

        Raises:
            NuemError: none of them computes this one.
        """
        if self.quantity not in known:
            raise NuemError(f"peers: nothing here computes {self.quantity}; {allowed(known, self.quantity)}")
        return float(known[self.quantity](**self.at)) / self.theirs

    def agrees(self, ratio: float) -> bool:
        """Whether a ratio of ours over theirs lies inside the stated tolerance."""
        return self.within is None or abs(ratio - 1) <= self.within


def results(path: Path = FILE) -> list[Result]:
    """All numbers of others, in the order of the file.

    Raises:
        NuemError: a code is missing, a number isn't positive, or a field is unknown.
    """
    data = yamlfile.read(path, path.name)
    codes = {name: Code(name, **fields) for name, fields in data["codes"].items()}
    found = []
    for quantity, rows in data["results"].items():
        for row in rows:
            place = f"{path.name}, {quantity}"
            if set(row) != {"code", "at", "theirs", "within"}:
                raise NuemError(f"{place}: a result has the fields code, at, theirs and within, not {', '.join(row)}")
            if row["code"] not in codes:
                raise NuemError(f"{place}: unknown code {row['code']!r}; {allowed(codes, row['code'])}")
            if not row["theirs"] > 0 or not (row["within"] is None or row["within"] > 0):
                raise NuemError(f"{place}: theirs or within is not allowed; give numbers > 0, or null for within")
            found.append(Result(codes[row["code"]], quantity, row["at"], float(row["theirs"]), row["within"]))
    return found
