"""Entries of a listing and the book's own bounds over the years, in one figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nuem.errors import NuemError
from nuem.notebook import figures
from nuem.review.bounds import Bound
from nuem.synthesis import listings
from nuem.synthesis.compared import Compared
from nuem.synthesis.overview import PHOTON, RADIUS, basis, property_of, size

FIRST, NOW = 1955, 2026
BOOK = "this book"
COLOURS = {
    listings.STARS: figures.VERMILION,
    listings.SUN: figures.GREEN,
    listings.BEAMS: figures.BLUE,
    listings.OTHER: figures.GREY,
    BOOK: figures.PURPLE,
}


def main_papers(ledger: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The paper that each chapter settles most claims of."""
    papers: dict[str, list[str]] = {}
    for claim in ledger:
        if claim["chapter"]:
            papers.setdefault(claim["chapter"], []).append(claim["paper"])
    return {chapter: max(names, key=names.count) for chapter, names in papers.items()}


def year_of(bound: Bound, papers: Mapping[str, str]) -> int:
    """This year for what uses today's inputs, else that of the chapter's main paper, with which its key ends.

    Raises:
        NuemError: the chapter settles no claim.
    """
    if bound.vintage == "today":
        return NOW
    if bound.chapter not in papers:
        raise NuemError(
            f"{bound.place}: {bound.id} has the inputs of a paper, but the chapter settles no claim, so no year is "
            "known; settle one there, or publish vintages=('today',)"
        )
    return int(papers[bound.chapter].rpartition("-")[2])


def stands_on(bound: Bound, prop: str | None) -> bool:
    """Whether a bound stands on the line of a property: charges of neutrinos only, not of any charged particle."""
    if prop is None or property_of(bound) != prop or bound.vintage == "published":
        return False
    return prop in (RADIUS, PHOTON) or "ν" in f"{bound.parameter}{bound.flavour or ''}"


def timeline(
    identifier: str, entries: Iterable[listings.Entry], compared: Compared, prop: str | None, unit: str
) -> None:
    """Show the entries of a listing that print a number, and the bounds of the book on the same property.

    Args:
        identifier: the group's name of the listing.
        prop: property of the bounds; None for none of them.
        unit: label of the axis.
    """
    figure, axes = figures.subplots(figsize=(6.8, 4.2))
    tips = _draw_entries(axes, identifier, entries) | _draw_bounds(axes, compared, prop)
    axes.set(yscale="log", xlabel="year", ylabel=unit, xlim=(FIRST, NOW + 2))
    present = {tip.group for tip in tips.values()}
    for height, name in enumerate(name for name in COLOURS if name in present):
        place = (FIRST + 1, 0.03 + 0.055 * height)
        axes.annotate(name, place, xycoords=("data", "axes fraction"), color=COLOURS[name], fontsize=9)
    figures.show(
        figure,
        alt=f"Limits on the {listings.LISTINGS[identifier]} by year of publication; {len(tips)} marks, listings and "
        "this book's numbers",
        tips=tips,
    )


def _draw_entries(axes: Any, identifier: str, entries: Iterable[listings.Entry]) -> dict[str, figures.Tip]:
    """A filled mark is one that the group uses; a square a range or a measurement, a circle a limit."""
    tips = {}
    for number, entry in enumerate(entry for entry in entries if entry.ends):
        colour, gid = COLOURS[entry.method], f"{identifier}-{number}"
        axes.plot(
            entry.year,
            max(map(abs, entry.ends)),
            "s" if entry.ends[0] < 0 or not entry.is_limit else "o",
            markersize=5,
            color=colour,
            markerfacecolor=colour if entry.used else "none",
            markeredgewidth=1.2,
            gid=gid,
        )
        tips[gid] = figures.Tip(entry.words, f"https://doi.org/{entry.doi}" if entry.doi else "", entry.method)
    return tips


def _draw_bounds(axes: Any, compared: Compared, prop: str | None) -> dict[str, figures.Tip]:
    papers, tips = main_papers(compared.ledger), {}
    scale = listings.TABLE_PER_BOOK if prop == RADIUS else 1
    for vintages in compared.by_vintage().values():
        for bound in vintages.values():
            if not stands_on(bound, prop):
                continue
            gid = f"book-{bound.name}-{bound.vintage}"
            axes.plot(year_of(bound, papers), size(bound) * scale, "D", markersize=5, color=COLOURS[BOOK], gid=gid)
            words = f"this book, {bound.vintage}: {bound.title}: {bound.value_text()}, {basis(bound)}"
            tips[gid] = figures.Tip(words, f"../../{bound.chapter}.ipynb#{bound.anchor}", BOOK)
    return tips
