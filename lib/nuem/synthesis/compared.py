"""Bounds and claims of the other chapters by their names, for those that compare them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nuem.errors import NuemError
from nuem.review import reader
from nuem.review.bounds import Bound


class Compared:
    """What other chapters published and settled.

    Args:
        bounds: with their places.
        ledger: rows of the claims, with their parts.
    """

    def __init__(self, bounds: Iterable[Bound], ledger: Iterable[Mapping[str, Any]]):
        self.bounds = list(bounds)
        self.ledger = list(ledger)
        self._by_id = {bound.id: bound for bound in self.bounds}
        self._rows = {row["id"]: row for claim in self.ledger for row in (claim, *claim["parts"])}

    def value(self, name: str, vintage: str = "recomputed") -> float:
        """The number of a bound.

        Raises:
            NuemError: no chapter publishes it.
        """
        return float(self.bound(name, vintage).value)

    def bound(self, name: str, vintage: str) -> Bound:
        """A bound by its name and vintage.

        Raises:
            NuemError: no chapter publishes it.
        """
        identifier = f"{name}/{vintage}"
        if identifier not in self._by_id:
            raise NuemError(
                f"no chapter publishes the bound {identifier}; it was renamed or removed, mend its name on this page"
            )
        return self._by_id[identifier]

    def row(self, claim: str) -> Mapping[str, Any]:
        """The row of a claim or of its part that another chapter settles.

        Raises:
            NuemError: there is no such claim, or no other chapter settles it.
        """
        row = self._rows.get(claim)
        if row is None or row["verdict"] is None:
            raise NuemError(f"no other chapter settles the claim {claim}; mend its name on this page")
        return row

    def by_vintage(self) -> dict[str, dict[str, Bound]]:
        """Bounds by name and vintage, without the regions of a plane."""
        found: dict[str, dict[str, Bound]] = {}
        for bound in self.bounds:
            if bound.kind != "region":
                found.setdefault(bound.name, {})[bound.vintage] = bound
        return found


def other_chapters() -> Compared:
    """What the chapters of this build say, without those that compare them."""
    return Compared(*reader.other_chapters())
