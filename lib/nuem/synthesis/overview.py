"""All bounds of the book in tables: which property each is about, how large it is, and how print and result compare."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from nuem.errors import NuemError
from nuem.review import claims
from nuem.review.bounds import VINTAGES, Bound
from nuem.synthesis.compared import Compared
from nuem.synthesis.standing import WORDS, Line, competes, lines, sources, standing

CHARGE, MOMENT, RADIUS, PHOTON = "charge", "magnetic moment", "charge radius", "mass"
# the parameters of each property, and what one of a record's unit is in the unit in which it is compared
PROPERTIES: dict[str, tuple[tuple[str, ...], dict[str, float]]] = {
    CHARGE: (("|ε|", "ε", "|q_ν|", "q_ν"), {"1": 1.0, "e0": 1.0}),
    MOMENT: (("μ_ν",), {"mu_B": 1.0}),
    RADIUS: (("⟨r²⟩", "|⟨r²⟩|"), {"cm^2": 1.0}),
    PHOTON: (("m_γ",), {"eV": 1.0, "GeV": 1e9}),
}
NEUTRAL, LABORATORY, SKY = (
    "Charge in units of e: neutrality of matter",
    "Charge in units of e: beams, reactors and bound states",
    "Charge in units of e: stars and the early universe",
)
NEUTRALITY = ("theory/charge-dequantisation", "laboratory/neutrality-of-matter")
BY_PART = {"laboratory": LABORATORY, "stars": SKY, "cosmology": SKY}
TITLES = {MOMENT: "Magnetic moment", RADIUS: "Square of the charge radius", PHOTON: "Mass of the photon"}
OTHERS = "Others"
ORDER = (NEUTRAL, LABORATORY, SKY, *TITLES.values(), OTHERS)

Vintages = Mapping[str, Bound]


def property_of(bound: Bound) -> str | None:
    """Charge, magnetic moment, charge radius or mass; None for anything else."""
    return next((name for name, (parameters, _) in PROPERTIES.items() if bound.parameter in parameters), None)


def size(bound: Bound) -> float:
    """The larger end of a bound without its sign, in the unit of its property.

    Raises:
        NuemError: the property isn't compared in the unit of the bound.
    """
    scale = 1.0
    if name := property_of(bound):
        units = PROPERTIES[name][1]
        if bound.unit not in units:
            raise NuemError(
                f"{bound.place}: {bound.id} has the unit {bound.unit!r}, but a {name} is compared in "
                f"{' or '.join(units)}; convert it there"
            )
        scale = units[bound.unit]
    ends = [bound.lower, bound.upper]
    if bound.value is not None:
        error = bound.error if bound.kind == "measurement" else 0.0
        ends = [bound.value - error, bound.value + error]
    return scale * max(map(abs, ends))


def group_of(bound: Bound) -> str:
    """Title of the table in which a bound stands; charges have three, by where they were looked for.

    Raises:
        NuemError: no table has the charges of the bound's part of the book.
    """
    name = property_of(bound)
    if name != CHARGE:
        return TITLES.get(name or "", OTHERS)
    place = bound.chapter.removeprefix("chapters/")
    if place in NEUTRALITY:
        return NEUTRAL
    part = place.split("/")[0]
    if part not in BY_PART:
        raise NuemError(f"{bound.place}: no table has charges of the part {part!r}; give it one in overview.BY_PART")
    return BY_PART[part]


def basis(bound: Bound) -> str:
    """Flavour, nature of the neutrino and confidence level, as far as they are stated."""
    return ", ".join(filter(None, (bound.flavour, bound.nature, bound.cl_text())))


def tables(compared: Compared) -> dict[str, list[list[Any]]]:
    """Rows of each table by its title: the best measured bound first, what a theory predicts last."""
    known = lines()
    groups: dict[str, list[Vintages]] = {}
    for vintages in compared.by_vintage().values():
        groups.setdefault(group_of(_latest(vintages)), []).append(vintages)
    return {
        title: [_row(vintages, known) for vintages in sorted(groups[title], key=lambda row: _order(row, known))]
        for title in sorted(groups, key=ORDER.index)
    }


def _latest(vintages: Vintages) -> Bound:
    return vintages[next(reversed(vintages))]


def _order(vintages: Vintages, known: Sequence[Line]) -> tuple[Any, ...]:
    """How sure a bound is; whether it is a limit of today, of today at all; its size."""
    latest = _latest(vintages)
    rank = list(WORDS).index(standing(latest, known))
    return rank, not competes(latest), latest.vintage != "today", size(latest)


def _row(vintages: Vintages, known: Sequence[Line]) -> list[Any]:
    first, last = next(iter(vintages.values())), _latest(vintages)
    name = {"text": first.title, "bound": first.name}
    numbers = [short_text(vintages[vintage]) if vintage in vintages else "—" for vintage in VINTAGES]
    sure = how_sure(last, standing(last, known))
    return [[name, {"text": basis(first), "small": True}], *numbers, [who(last), {"together": [sure], "small": True}]]


def who(bound: Bound) -> dict[str, Any]:
    """The sources that make a bound, as a cell of a table."""
    return {"together": [{"source": key} for key in sources(bound)] or ["constants of nature"]}


def how_sure(bound: Bound, word: str) -> dict[str, Any]:
    """The word, leading to where the chapter doubts."""
    return {"text": word, "page": f"{bound.chapter}.html#what-could-be-wrong"}


def short_text(bound: Bound) -> dict[str, Any]:
    """The number without its symbol, where the head of the table names the property."""
    text = bound.value_text()
    if property_of(bound) is None or bound.kind == "interval":
        return {"text": text}
    text = text.removeprefix(bound.parameter).removesuffix("e₀").strip()
    return {"text": text.removeprefix("= "), "whole": True}


def ratios(compared: Compared) -> dict[str, float]:
    """Recomputed over printed, of each bound that a paper prints as a number, the smallest ratio first."""
    numbers = {
        name: [vintages[vintage].value for vintage in ("published", "recomputed")]
        for name, vintages in compared.by_vintage().items()
        if {"published", "recomputed"} <= set(vintages)
    }
    found = {name: again / printed for name, (printed, again) in numbers.items() if printed and again}
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def summaries(compared: Compared) -> list[list[Any]]:
    """A row for each printed claim that is a bound: paper, where, bound, its vintages, verdict."""
    rows = []
    for name, vintages in compared.by_vintage().items():
        claim = vintages["published"].claim if "published" in vintages else None
        if claim is None:
            continue
        row = compared.row(claim)
        numbers = [short_text(vintages[vintage]) if vintage in vintages else "—" for vintage in VINTAGES]
        title = {"text": vintages["published"].title, "bound": name}
        rows.append([{"source": row["paper"]}, row["where"], title, *numbers, row["verdict"]])
    return sorted(rows, key=lambda row: (row[0]["source"], row[1], row[2]["bound"]))


def short_name(bound: Bound) -> str:
    """What a printed bound is about, short enough for the axis of a figure, and which equation prints it.

    >>> from nuem.review.bounds import Limit as L
    >>> common = {"parameter": "ε", "unit": "1", "vintage": "published", "origin": "printed", "value": 1e-6}
    >>> short_name(L(id="a/published", title="The muon, in a ring", claim="babu-volkas-1992/amu-bound", **common))
    'The muon, eq. (12)'
    """
    where = claims.claim(bound.claim).where if bound.claim else ""
    equation = re.match(r"eqs?\. \(\d+\)", where)
    return ", ".join(filter(None, [re.split("[,:]", bound.title)[0], equation and equation[0]]))
