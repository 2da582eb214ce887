"""The plane of mass and charge: which charges all regions together exclude, and how they are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from nuem import typeset
from nuem.errors import NuemError
from nuem.notebook import figures
from nuem.review.bounds import Bound

UNITS = {"x": "eV", "y": "1"}
MASSES, CHARGES = (1.0, 1e13), (1e-16, 1.0)  # the frame: as far as the calculations go, in eV and in e
COLOURS = {"laboratory": figures.BLUE, "stars": figures.VERMILION, "cosmology": figures.GREEN}
MODELS = {"no paraphoton": "only without paraphoton", "paraphoton": "only with paraphoton"}
LABELS = (
    ("positronium,\nLamb shift, g−2", (1.5, 2e-2)),
    ("red giants, white dwarfs", (2, 1e-12)),
    ("supernova", (3e3, 1.2e-8)),
    ("nucleosynthesis", (3, 1e-6)),
    ("too many relics", (3e7, 1e-8)),
)


def regions(bounds: Iterable[Bound]) -> list[Bound]:
    """The regions among some bounds.

    Raises:
        NuemError: one is in other units than the plane.
    """
    found = [bound for bound in bounds if bound.kind == "region"]
    for bound in found:
        units = bound.curve["units"]
        if units != UNITS:
            raise NuemError(
                f"{bound.place}: the region {bound.id} is in {units['x']} and {units['y']}; the plane needs eV and 1, "
                "convert it there"
            )
    return ordered(found)


def ordered(found: Iterable[Bound]) -> list[Bound]:
    """Regions as a reader looks for them: by the part of the book, laboratory first; quoted ones last, and on top."""
    return sorted(found, key=lambda bound: (bound.quoted, list(COLOURS).index(_part(bound)), bound.title))


def of_vintage(found: Iterable[Bound], vintage: str) -> list[Bound]:
    """Those of one vintage."""
    return [bound for bound in found if bound.vintage == vintage]


def model_of(bound: Bound) -> str:
    """In words whether a bound needs a paraphoton, or its absence; nothing where it holds in both models."""
    return next((MODELS[assumption] for assumption in bound.assumes if assumption in MODELS), "")


def excluded(found: Iterable[Bound], masses: np.ndarray, charges: np.ndarray) -> np.ndarray:
    """Whether some region holds a point: a row per charge, a column per mass."""
    covered = np.zeros((charges.size, masses.size), dtype=bool)
    for bound in found:
        low, high = bound.edges_at(masses, *CHARGES)
        covered |= (charges[:, None] >= low) & (charges[:, None] <= high)
    return covered


def lowest_edge(found: Iterable[Bound], mass: float) -> float:
    """The smallest charge in some region at a mass in eV, whatever lies above it."""
    return float(np.nanmin([bound.edges_at(mass, *CHARGES)[0] for bound in found]))


def lowest_charge(found: Iterable[Bound], mass: Any) -> Any:
    """The smallest charge from which everything up to one is excluded, at masses in eV; one where nothing is."""
    edges = np.array([bound.edges_at(mass, 1e-30, 1.0) for bound in found]).reshape(-1, 2, np.size(mass))
    from_the_top = np.argsort(-edges[:, 1], axis=0)
    lower, upper = (np.take_along_axis(edges[:, side], from_the_top, axis=0) for side in (0, 1))
    reached = np.ones(np.size(mass))
    for low, high in zip(lower, upper, strict=True):  # both nan where the region doesn't reach
        reached = np.where(high >= reached * (1 - 1e-6), np.minimum(reached, low), reached)
    return reached.reshape(np.shape(mass))[()]


def as_csv(found: Iterable[Bound]) -> str:
    """The curves as a table, one row per point; an open edge is empty."""
    lines = ["id,vintage,mass_eV,lower,upper"]
    for bound in found:
        for x, *edges in zip(*(bound.curve[key] for key in ("x", "lower", "upper")), strict=True):
            ends = ",".join("" if edge is None else f"{edge:.5g}" for edge in edges)
            lines.append(f"{bound.name},{bound.vintage},{x:.5g},{ends}")
    return "\n".join(lines)


# -- drawing -----------------------------------------------------------------------------------------------------------


def _part(bound: Bound) -> str:
    """The part of the book that publishes a bound: laboratory, stars or cosmology."""
    return bound.chapter.split("/")[1]


def draw(axes: Any, found: Sequence[Bound]) -> dict[str, figures.Tip]:
    """Draw regions into a frame with labels; quoted ones have a dashed outline.

    Returns:
        What a reader learns by pointing at each area, in the order of `found`.
    """
    tips = {}
    for number, bound in enumerate(found):
        colour, dashed = COLOURS[_part(bound)], bound.quoted
        area = axes.fill_between(
            *bound.edges(*CHARGES),  # an open edge goes to the frame
            facecolor="none" if dashed else colour,
            edgecolor=colour,
            alpha=0.9 if dashed else 0.25,
            linestyle="--" if dashed else "-",
            linewidth=1.2,
        )
        area.set_gid(f"{bound.vintage}-area-{number}")
        tips[f"{bound.vintage}-area-{number}"] = _tip(bound)
    axes.set(xscale="log", yscale="log", xlim=MASSES, ylim=CHARGES, xlabel="mass of the particle in eV")
    return tips


def label(axes: Any) -> None:
    """Name the large areas."""
    for words, place in LABELS:
        axes.annotate(words, place, fontsize=8, weight="bold")


HEAD = ("area", "inputs", "smallest charge", "confidence level", "where it holds", "sources")


def table(found: Iterable[Bound]) -> list[list[Any]]:
    """The areas as rows under `HEAD`, for `Chapter.table`: what the figure says, for whoever can't see or point."""
    return [
        [
            {"text": bound.title, "bound": bound.name},
            _inputs_of(bound),
            _deepest(bound),
            bound.cl_text(),
            "; ".join(filter(None, (bound.valid, model_of(bound)))) or "in every model",
            [{"source": key} for key in dict.fromkeys(row["source"] for row in bound.inputs)] or "see its chapter",
        ]
        for bound in found
    ]


def _inputs_of(bound: Bound) -> str:
    return "today" if bound.vintage == "today" else "of the time"


def _deepest(bound: Bound) -> str:
    """The smallest charge that a region holds, and at which mass."""
    mass, lower, _ = bound.edges(*CHARGES)
    place = np.nanargmin(lower)
    return f"{typeset.number(lower[place])} at {typeset.number(mass[place])} eV"


def _tip(bound: Bound) -> figures.Tip:
    words = f"{bound.title}, with inputs {_inputs_of(bound)}: charges down to {_deepest(bound)}; {bound.cl_text()}"
    kind = "quoted" if bound.quoted else _part(bound)
    time = "today" if bound.vintage == "today" else f"{figures.HIDDEN}inputs of the time"
    groups = "|".join(filter(None, (kind, time, model_of(bound))))
    return figures.Tip(words, f"../../{bound.chapter}.ipynb#{bound.anchor}", groups)
