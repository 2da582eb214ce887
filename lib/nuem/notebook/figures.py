"""One plot style for the book: figures that read well on a light page, on a dark one and in print.

A figure goes to the page as inline SVG. Its text and axes take the colour of the surrounding text, its curves take
colours that the page's style sheet may brighten on a dark background; the colours are safe for colour-blind readers.

Feynman diagrams have their own module, `nuem.diagrams`: an amplitude in the text has one beside it.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from xml.etree import ElementTree

import matplotlib
from IPython.display import display
from matplotlib.figure import Figure

from nuem import typeset
from nuem.errors import NuemError

# Okabe & Ito's palette without the hues that vanish on white paper.
BLUE, VERMILION, GREEN, PURPLE, GREY = "#0072b2", "#d55e00", "#008060", "#aa4488", "#808080"
_COLOURS = {BLUE: "blue", VERMILION: "vermilion", GREEN: "green", PURPLE: "purple"}
_INK = "#000001"  # stands for "the colour of the text around the figure"

_STYLE = {
    "figure.figsize": (6.4, 3.8),
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "figure.constrained_layout.use": True,
    "font.size": 11,
    "text.color": _INK,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": matplotlib.cycler(color=[BLUE, VERMILION, GREEN, PURPLE]),
    "lines.linewidth": 2,
    "mathtext.fontset": "dejavusans",
    "svg.fonttype": "path",
    "svg.hashsalt": "nuem",  # the same figure gives the same bytes
}


def subplots(rows: int = 1, columns: int = 1, **options: Any) -> tuple[Figure, Any]:
    """A figure and its axes in the book's style, without pyplot's global state (and its import time)."""
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=options.pop("figsize", _STYLE["figure.figsize"]))
        return figure, figure.subplots(rows, columns, **options)


@dataclass(frozen=True)
class Tip:
    """What a reader learns by pointing at an artist, where a click leads, and the groups that tick boxes hide.

    Several groups are joined by "|"; the artist shows while all of them are ticked.
    """

    text: str
    url: str = ""
    group: str = ""


def svg(figure: Figure, alt: str, tips: Mapping[str, Tip] | None = None) -> str:
    """The figure as an inline SVG element with a text alternative.

    Args:
        tips: by the `gid` of an artist (`artist.set_gid("name")`).

    Raises:
        NuemError: `alt` doesn't say what the figure shows, or no artist has the gid of a tip.
    """
    if len(alt.split()) < 5:
        raise NuemError(f"figure: alt={alt!r} is too short; say in a sentence what the figure shows")
    buffer = io.StringIO()
    with matplotlib.rc_context(_STYLE):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    if tips:
        text = _add_tips(text, tips)
    # Ids must not collide with those of the page's other figures.
    prefix = "f" + hashlib.sha256(text.encode()).hexdigest()[:8]
    text = re.sub(
        r' id="(figure|patch|axes|matplotlib\.axis|xtick|ytick|line2d|text|LineCollection|legend|'
        r'FillBetweenPolyCollection|PathCollection|PolyCollection|QuadMesh)_\d+"',
        "",
        text,
    )
    text = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{prefix}-", text)
    text = text.replace(_INK, "currentColor")
    for colour, name in _COLOURS.items():
        text = text.replace(colour, f"var(--nuem-{name}, {colour})")
    role = "group" if "<a " in text else "img"  # a screen reader goes into a group, to its links
    opening = f'<svg class="nuem-figure" role="{role}" aria-label="{escape(alt, quote=True)}"'
    return text.replace("<svg", opening, 1)


_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"


def _add_tips(text: str, tips: Mapping[str, Tip]) -> str:
    """Titles, which browsers show to whoever points at an element, and links."""
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    root = ElementTree.fromstring(text)
    parents = {child: parent for parent in root.iter() for child in parent}
    by_gid = {element.get("id"): element for element in root.iter()}
    for gid, tip in tips.items():
        element = by_gid.get(gid)
        if element is None:
            raise NuemError(f"figure: no artist has the gid {gid!r}; call artist.set_gid({gid!r}) before showing it")
        parent = parents[element]
        link = ElementTree.Element(f"{{{_SVG}}}a" if tip.url else f"{{{_SVG}}}g", {"class": "nuem-tip"})
        if tip.url:
            link.set("href", tip.url)
        if tip.group:
            link.set("data-group", tip.group)
        ElementTree.SubElement(link, f"{{{_SVG}}}title").text = tip.text
        parent[list(parent).index(element)] = link
        link.append(element)
    return ElementTree.tostring(root, encoding="unicode")


def show(figure: Figure, alt: str, tips: Mapping[str, Tip] | None = None) -> None:
    """Display a figure; `alt` says in a sentence what it shows, for readers who can't see it; `tips` as for `svg`."""
    display({"text/html": svg(figure, alt, tips), "text/plain": f"[figure: {alt}]"}, raw=True)


def dots(rows: Sequence[tuple[str, float, str]], xlabel: str) -> Figure:
    """Upper limits as dots on a logarithmic axis, first row on top; each row is (label, value, colour)."""
    figure, axes = subplots(figsize=(6.6, 0.8 + 0.37 * len(rows)))
    values = [value for _, value, _ in rows]
    right = 30 * max(values)
    left = min(values) * (min(values) / right) ** 0.4  # room for the numbers on the left of the dots
    for height, (_, value, colour) in enumerate(reversed(rows)):
        axes.plot(value, height, "o", color=colour, markersize=8)
        axes.plot([value, right], [height, height], color=colour, alpha=0.35)
        axes.annotate(
            typeset.number(value),
            (value, height),
            xytext=(-9, 0),
            textcoords="offset points",
            va="center",
            ha="right",
            fontsize=9,
        )
    axes.set_yticks(range(len(rows)), [label for label, _, _ in reversed(rows)])
    axes.set(xscale="log", xlim=(left, right), ylim=(-0.8, len(rows) - 0.4), xlabel=xlabel)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return figure
