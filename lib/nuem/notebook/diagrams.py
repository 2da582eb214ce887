"""Feynman diagrams in the book's style: a diagram is a list of lines, and every line ends at two points.

::

    Line("neutrino", (0, 1), (1, 1), "$k$")

This one runs from the first point to the second; its arrow shows the same way. Where two lines or more meet, a dot
stands for the vertex. Several diagrams stand side by side, each with its words underneath::

    diagrams.show(
        exchange("neutrino", "lepton", "photon", caption="charge"),
        Diagram([Line("neutrino", (0, 1), (1, 1), "$k$"), …], "loop"),
        alt="A neutrino scatters on an electron by exchange of a photon, and through a loop",
    )

A `neutrino` (green), a `lepton` and a `quark` (blue) are straight with an arrow, as is a `nucleus` (grey), which is
thick. A `photon` (purple) and a `boson`, W or Z (vermilion), are wavy, and a `scalar` (vermilion) is dashed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nuem.errors import NuemError
from nuem.notebook import figures

Point = tuple[float, float]

_COLOURS = {
    "neutrino": figures.GREEN,
    "lepton": figures.BLUE,
    "quark": figures.BLUE,
    "nucleus": figures.GREY,
    "photon": figures.PURPLE,
    "boson": figures.VERMILION,
    "scalar": figures.VERMILION,
}
_WAVES = ("photon", "boson")
_WITHOUT_ARROW = (*_WAVES, "scalar")
_INCH = 1.25  # per unit of a diagram's points

QUARTER = (2**0.5 - 1) / 2  # the bend of an arc over a right angle


@dataclass(frozen=True)
class Line:
    """A particle from one point to another.

    Attributes:
        kind: of particle, a row of the module's table.
        label: stands beside the middle, on the left of the way from `start` to `end`.
        bend: height of the arc over the straight way, in units of its length, to the left: 0.5 is half a circle, and
            `QUARTER` a quarter of one.
        below: the label stands on the right of the way.
    """

    kind: str
    start: Point
    end: Point
    label: str = ""
    bend: float = 0.0
    below: bool = False

    def __post_init__(self) -> None:
        if self.kind not in _COLOURS:
            raise NuemError(f"line: kind={self.kind!r} is unknown; the kinds are {', '.join(_COLOURS)}")
        if self.start == self.end:
            raise NuemError(f"line: {self.kind} starts and ends at {self.start}; draw a loop as two arcs")


@dataclass(frozen=True)
class Diagram:
    """Lines, the words that stand underneath, and vertices with a text in a round blob, as (point, text)."""

    lines: Sequence[Line]
    caption: str = ""
    blobs: Sequence[tuple[Point, str]] = ()


def exchange(
    upper: str,
    lower: str,
    carrier: str,
    carried: str = "",
    caption: str = "",
    blobs: tuple[str, str] = ("", ""),
) -> Diagram:
    """Two particles of momenta k and p that exchange a third; time runs to the right.

    Args:
        upper, lower, carrier: kinds of lines.
        carried: label of the carrier.
        blobs: texts at the upper and at the lower vertex.
    """
    top, bottom = (1.0, 1.0), (1.0, 0.0)
    return Diagram(
        [
            Line(upper, (0.0, 1.0), top, "$k$"),
            Line(upper, top, (2.0, 1.0), "$k'$"),
            Line(carrier, top, bottom, carried),
            Line(lower, (0.0, 0.0), bottom, "$p$", below=True),
            Line(lower, bottom, (2.0, 0.0), "$p'$", below=True),
        ],
        caption,
        [(point, text) for point, text in zip((top, bottom), blobs, strict=True) if text],
    )


def loop(
    outer: str,
    emitter: str,
    other: str,
    labels: tuple[str, str, str, str, str],
    caption: str = "",
) -> Diagram:
    """A vertex at one loop: a particle becomes two, and a photon from above meets one of them.

    Args:
        outer, emitter, other: kinds of lines; the emitter, which meets the photon, runs over the arc.
        labels: of the outer particle before and after, the emitter, the other particle, the photon.
    """
    left, right, top = (0.6, 0.0), (2.2, 0.0), (1.4, 0.8)
    return Diagram(
        [
            Line(outer, (0.0, 0.0), left, labels[0]),
            Line(outer, right, (2.8, 0.0), labels[1]),
            Line(emitter, left, top, labels[2], bend=QUARTER),
            Line(emitter, top, right, bend=QUARTER),
            Line(other, left, right, labels[3], below=True),
            Line("photon", top, (1.4, 1.6), labels[4], below=True),
        ],
        caption,
    )


def draw(*diagrams: Diagram) -> Figure:
    """The diagrams side by side, on one scale.

    Raises:
        NuemError: there is no diagram, or one without a line.
    """
    if not diagrams or not all(diagram.lines for diagram in diagrams):
        raise NuemError("diagram: no line to draw; give every diagram at least one Line")
    boxes = [_box(diagram) for diagram in diagrams]
    widths = [right - left for left, right, _, _ in boxes]
    low = min(box[2] for box in boxes) - 0.25 * any(diagram.caption for diagram in diagrams)
    high = max(box[3] for box in boxes)
    size = _INCH * sum(widths), _INCH * (high - low)
    figure, panels = figures.subplots(1, len(diagrams), figsize=size, squeeze=False, width_ratios=widths)
    for diagram, axes, (left, right, _, _) in zip(diagrams, panels[0], boxes, strict=True):
        axes.set(xlim=(left, right), ylim=(low, high), aspect="equal")
        axes.axis("off")
        if diagram.caption:
            axes.annotate(diagram.caption, ((left + right) / 2, low), ha="center", va="bottom", fontsize=11)
        _draw_one(diagram, axes)
    return figure


def show(*diagrams: Diagram, alt: str) -> None:
    """Display the diagrams; `alt` says in a sentence what they show."""
    figures.show(draw(*diagrams), alt)


def _box(diagram: Diagram) -> tuple[float, float, float, float]:
    """Left, right, low and high end of the paths, with room for the labels."""
    x, y = np.hstack([_path(line) for line in diagram.lines])
    return x.min() - 0.3, x.max() + 0.3, y.min() - 0.35, y.max() + 0.35


def _path(line: Line) -> np.ndarray:
    """Points of the way, shape (2, n): a straight line, or an arc of a circle."""
    start, end = np.array(line.start, float), np.array(line.end, float)
    along = end - start
    left = np.array([-along[1], along[0]])
    half = 2 * np.arctan(2 * line.bend)  # half of the arc's angle
    turn = np.linspace(-1, 1, 241)
    if abs(half) < 1e-6:
        across, up = turn, np.zeros_like(turn)
    else:
        across = np.sin(half * turn) / np.sin(half)
        up = (np.cos(half * turn) - np.cos(half)) / np.sin(half)
    middle = (start + end) / 2
    return middle[:, None] + np.outer(along, across / 2) + np.outer(left, up / 2)


def _waved(path: np.ndarray) -> np.ndarray:
    """The path with an oscillation across it that begins and ends at zero."""
    step = np.gradient(path, axis=1)
    length = np.hypot(*np.diff(path)).sum()
    swing = 0.05 * np.sin(2 * np.pi * max(2, round(5.5 * length)) * np.linspace(0, 1, path.shape[1]))
    return path + swing * np.array([-step[1], step[0]]) / np.hypot(*step)


def _draw_one(diagram: Diagram, axes: Axes) -> None:
    for line in diagram.lines:
        _draw_line(line, axes)
    ends = Counter(point for line in diagram.lines for point in (line.start, line.end))
    blobs = dict(diagram.blobs)
    for point, meeting in ends.items():
        if meeting > 1 and point not in blobs:
            axes.plot(*point, "o", color=figures.GREY, markersize=5, zorder=3)
    for point, text in blobs.items():
        axes.plot(*point, "o", color=figures.GREY, markersize=20, zorder=3)
        axes.annotate(text, point, ha="center", va="center", color="white", fontsize=11, zorder=4)


def _draw_line(line: Line, axes: Axes) -> None:
    colour, path = _COLOURS[line.kind], _path(line)
    middle = path[:, path.shape[1] // 2]
    along = np.subtract(line.end, line.start) / np.hypot(*np.subtract(line.end, line.start))
    axes.plot(
        *(_waved(path) if line.kind in _WAVES else path),
        color=colour,
        linewidth=3.5 if line.kind == "nucleus" else 2,
        linestyle="--" if line.kind == "scalar" else "-",
    )
    if line.kind not in _WITHOUT_ARROW:
        heading = np.degrees(np.arctan2(along[1], along[0])) - 90
        axes.plot(*middle, marker=(3, 0, heading), color=colour, markersize=11)
    side = np.array([-along[1], along[0]]) * (-1 if line.below else 1)
    x, y = middle + 0.2 * side
    place = "center" if abs(side[0]) < 0.5 else ("left" if side[0] > 0 else "right")
    x -= 0.1 * side[0] * (place != "center")
    axes.annotate(line.label, (x, y), ha=place, va="center", color=colour, fontsize=12)
