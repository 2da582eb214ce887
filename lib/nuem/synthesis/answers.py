"""What is known today, in a line for each property: the best direct bound, the best of all, and how sure they are."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from nuem import typeset
from nuem.errors import NuemError
from nuem.review.bounds import Bound
from nuem.synthesis import overview
from nuem.synthesis.compared import Compared
from nuem.synthesis.standing import FILE, Line, competes, lines


def best(names: Mapping[str, str], compared: Compared) -> Bound:
    """The smallest of the named bounds with today's inputs.

    Raises:
        NuemError: no chapter publishes one of them.
    """
    return min((compared.bound(name, "today") for name in names), key=overview.size)


def check(line: Line, compared: Compared) -> None:
    """See that no bound of the property is smaller than the chosen one without being named.

    Raises:
        NuemError: one is.
    """
    least, named = overview.size(best(line.competing, compared)), {*line.sure, *line.aside}
    for bound in compared.bounds:
        rivals = bound.parameter in line.parameters and bound.name not in named and competes(bound)
        if rivals and overview.size(bound) < least:
            raise NuemError(
                f"{bound.place}: {bound.id} is smaller than what {FILE.name} knows of the {line.what.lower()}; name it "
                "there, among the direct ones, the others, or aside with the reason"
            )


def table(compared: Compared) -> tuple[list[str], list[list[Any]]]:
    """Head and rows, for `Chapter.table`.

    Raises:
        NuemError: see `best` and `check`; a reader's own inputs may move a bound below the others.
    """
    rows = []
    for line in lines():
        if not any(bound.overridden for bound in compared.bounds):
            check(line, compared)
        direct, overall = best(line.direct, compared), best(line.competing, compared)
        last = ["the direct one"] if overall is direct else _cell(overall, line)
        rows.append([[line.what, line.symbol], _cell(direct, line), last])
    return ["property", "best direct bound", "best of all"], rows


def _cell(bound: Bound, line: Line) -> list[Any]:
    """Number; level and flavour; who and when; how sure, and the chapter."""
    level = f"{typeset.percent(bound.cl)} CL" if bound.cl else bound.cl_text()
    flavour = bound.flavour if line.flavour else None
    return [
        {**_number(bound), "bound": bound.name, "strong": True},
        {"text": "; ".join(filter(None, (level, flavour))), "small": True},
        {**overview.who(bound), "small": True},
        {
            "together": [overview.how_sure(bound, line.sure[bound.name]), {"page": f"{bound.chapter}.html"}],
            "small": True,
        },
    ]


def _number(bound: Bound) -> dict[str, Any]:
    """As people quote it: the mass of a photon in electronvolts, a charge in units of e."""
    if overview.property_of(bound) == overview.PHOTON:
        return overview.short_text(dataclasses.replace(bound, value=overview.size(bound), unit="eV"))
    cell = overview.short_text(bound)
    if overview.property_of(bound) == overview.CHARGE:
        cell["text"] = cell["text"].removesuffix("e₀").strip() + " e"
    return cell


def aside(compared: Compared) -> Iterator[list[Any]]:
    """A row for each smaller bound that isn't in the table: which, how large, and why it doesn't compete."""
    for line in lines():
        for name, reason in line.aside.items():
            bound = compared.bound(name, "today")
            yield [line.what, {"text": bound.title, "bound": name}, _number(bound), reason]
