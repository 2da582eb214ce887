"""One plot style for the book: figures that read well on a light page, on a dark one and in print.

A figure goes to the page as inline SVG. Its text and axes take the colour of the surrounding text, its curves take
colours that the page's style sheet may brighten on a dark background; the colours are safe for colour-blind readers.

Feynman diagrams have their own module, `nuem.diagrams`: an amplitude in the text has one beside it.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from xml.etree import ElementTree

import matplotlib
from IPython.display import display
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from matplotlib.mathtext import MathTextParser
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedFormatter, FuncFormatter, NullFormatter

from nuem import typeset
from nuem.errors import NuemError
from nuem.review import handover

# Okabe & Ito's palette without the hues that vanish on white paper.
BLUE, VERMILION, GREEN, PURPLE, GREY = "#0072b2", "#d55e00", "#008060", "#aa4488", "#808080"
_COLOURS = {BLUE: "blue", VERMILION: "vermilion", GREEN: "green", PURPLE: "purple"}
UNSEEN = ' style="display:none"'  # of the figure for a phone, in a notebook; the site decides by the screen
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


def _remember_formulas() -> None:
    """Let matplotlib read a label once, where it reads it anew whenever it measures or draws it.

    Its memory of formulas belongs to a drawing, and a figure makes several of these; it forgets more than fifty. This
    takes half of the time of a figure, and changes nothing in it.
    """
    with contextlib.suppress(AttributeError):  # of another version, perhaps: then figures take longer
        remembering = functools.lru_cache(maxsize=1000)(MathTextParser._parse_cached.__wrapped__)
        MathTextParser.__eq__ = lambda one, other: one._output_type == other._output_type
        MathTextParser.__hash__ = lambda one: hash(one._output_type)
        MathTextParser._parse_cached = remembering


_remember_formulas()


def subplots(rows: int = 1, columns: int = 1, **options: Any) -> tuple[Figure, Any]:
    """A figure and its axes in the book's style, without pyplot's global state (and its import time)."""
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=options.pop("figsize", _STYLE["figure.figsize"]))
        return figure, figure.subplots(rows, columns, **options)


HIDDEN = "~"


@dataclass(frozen=True)
class Tip:
    """What a reader learns by choosing an artist, where its link leads, and the groups that tick boxes hide.

    An address within the book is that of a notebook, `../stars/pulsars.ipynb`; the site leads to its page.
    Several groups are joined by "|", one of each kind; the artist shows while all of them are ticked. `HIDDEN` in front
    of a group means that its box isn't ticked at first.
    """

    text: str
    url: str = ""
    group: str = ""


def svg(figure: Figure, alt: str, tips: Mapping[str, Tip] | None = None, *, phone: bool = True) -> str:
    """The figure as inline SVG with a text alternative; a wide one also redrawn for a phone, which shows that one.

    Args:
        tips: by the `gid` of an artist (`artist.set_gid("name")`).
        phone: whether it is redrawn; that takes as long as the figure itself, and only the site shows it.

    Raises:
        NuemError: `alt` doesn't say what the figure shows, or no artist has the gid of a tip.
    """
    if len(alt.split()) < 5:
        raise NuemError(f"figure: alt={alt!r} is too short; say in a sentence what the figure shows")
    if figure.get_figwidth() <= _NARROW or not phone:
        return _element(figure, alt, tips)
    wide = _element(figure, alt, tips, "nuem-wide")
    with _narrowed(figure):
        return wide + _element(figure, alt, tips, "nuem-narrow").replace("<svg", f"<svg{UNSEEN}", 1)


def _element(figure: Figure, alt: str, tips: Mapping[str, Tip] | None, css_class: str = "") -> str:
    buffer = io.StringIO()
    with matplotlib.rc_context(_STYLE):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.S)
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
    own = set(re.findall(r' id="([^"]+)"', text))  # a tip may lead to another place of the page

    def renamed(found: re.Match[str]) -> str:
        return f"{found[1]}{prefix}-{found[2]}" if found[2] in own else found[0]

    text = re.sub(r'( id="|href="#|url\(#)([^")]+)', renamed, text)
    text = text.replace(_INK, "currentColor")
    for colour, name in _COLOURS.items():
        text = text.replace(colour, f"var(--nuem-{name}, {colour})")
    role = "group" if "<a " in text else "img"  # a screen reader goes into a group, to its links
    classes = f"nuem-figure {css_class}".strip()
    # The ink of what has no colour of its own is said here as well, for places without the book's style sheet.
    opening = f'<svg class="{classes}" fill="currentColor" role="{role}" aria-label="{escape(alt, quote=True)}"'
    return text.replace("<svg", opening, 1)


# -- for a phone -------------------------------------------------------------------------------------------------------

_NARROW = 3.6  # inches: a phone's width of text
_SMALLEST = 8.3  # points: 11 pixels
_LINE, _NAME = 32, 17  # characters in a line of a label or title, and of a name within the axes or beside them


@contextlib.contextmanager
def _narrowed(figure: Figure) -> Iterator[None]:
    """The figure as narrow as a phone: panels side by side one above the other, long labels in several lines."""
    size, panels = figure.get_size_inches(), [axes for axes in figure.axes if axes.get_subplotspec()]
    places = [(axes.get_subplotspec(), axes.yaxis.get_tick_params().get("labelleft", True)) for axes in panels]
    words = [(text, text.get_text(), text.get_fontsize()) for text in figure.findobj(Text)]
    named = [axes for axes in panels if isinstance(axes.yaxis.get_major_formatter(), FixedFormatter | FuncFormatter)]
    names = [[name.get_text() for name in axes.get_yticklabels()] for axes in named]
    minor = [(axis, axis.get_minor_formatter()) for axes in panels for axis in (axes.xaxis, axes.yaxis)]

    side_by_side = len(panels) > 1 and places[0][0].get_gridspec().nrows == 1
    rows = _restack(panels) if side_by_side else 1
    figure.set_size_inches(_NARROW, size[1] * (0.85 * rows if size[1] > 2.6 else rows))
    for text, shown, points in words:
        text.set_fontsize(max(points, _SMALLEST))
        upright = text.get_rotation() == 0
        room = (_NAME if isinstance(text, Annotation) else _LINE) if upright else 10 * figure.get_figheight() / rows
        if upright or any(text is axes.yaxis.label for axes in panels):
            text.set_text(wrapped(shown, room))
    for axis, _ in minor:
        axis.set_minor_formatter(NullFormatter())
    for axes, own in zip(named, names, strict=True):
        _give_lines(axes, own)
    yield

    figure.set_size_inches(size)
    for axis, formatter in minor:
        axis.set_minor_formatter(formatter)
    for axes, own in zip(named, names, strict=True):
        axes.set_yticks(axes.get_yticks(), own)
        axes.set_xlabel(axes.get_xlabel(), loc="center")
    for axes, (place, labelled) in zip(panels, places, strict=True):
        axes.set_subplotspec(place)
        axes.tick_params(labelleft=labelled)
    for text, shown, points in words:
        text.set_text(shown)
        text.set_fontsize(points)


def _give_lines(axes: Any, names: Sequence[str]) -> None:
    """Names at the vertical axis in several lines, and a label that has room on their right."""
    lines = [wrapped(name, _NAME) for name in names]
    axes.set_yticks(axes.get_yticks(), lines)
    figure = axes.figure
    figure.set_figheight(max(figure.get_figheight(), 1.1 + 0.26 * sum(name.count("\n") + 1 for name in lines)))
    if any(names):
        axes.set_xlabel(wrapped(axes.get_xlabel().replace("\n", " "), _LINE - 8), loc="right")


def _restack(panels: Sequence[Any]) -> int:
    """Panels that stood side by side, in one column, or two where there are four or more; returns the rows."""
    columns = 2 if len(panels) > 3 else 1
    rows = -(-len(panels) // columns)
    grid = GridSpec(rows, columns, figure=panels[0].figure)
    for number, axes in enumerate(panels):
        axes.set_subplotspec(grid[divmod(number, columns)])
        if axes.yaxis.get_visible() and columns == 1:
            axes.tick_params(labelleft=axes.axison and bool(axes.get_yticks().size))
            axes.set_ylabel(axes.get_ylabel() or panels[0].get_ylabel())
    return rows


def wrapped(text: str, width: float) -> str:
    """A text in lines of about so many characters; formulas stay whole.

    >>> wrapped("limit on $|q| + |p|$ over the other", 16)
    'limit on\\n$|q| + |p|$ over\\nthe other'
    """
    lines = [""]
    for word in re.findall(r"(?:\$[^$]*\$|[^\s$])+|\n", text):
        if word == "\n" or (lines[-1] and len(lines[-1]) + 1 + len(word.replace("$", "")) > width):
            lines.append("" if word == "\n" else word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


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
            link.set(f"{{{_XLINK}}}href", tip.url)  # JupyterLab stumbles over the plain one
        if tip.group:
            link.set("data-group", tip.group)
        ElementTree.SubElement(link, f"{{{_SVG}}}title").text = tip.text
        parent[list(parent).index(element)] = link
        link.append(element)
    return ElementTree.tostring(root, encoding="unicode")


# In a notebook, boxes for the groups; the site makes its own. An element of several groups shows if all are ticked.
TICK_BOXES = """<script>
(function(){
var place=document.currentScript.parentNode,boxes={},
elements=Array.from(place.querySelectorAll('[data-group]'));
function own(e){return e.getAttribute('data-group').split('|');}
function show(){elements.forEach(function(e){
 e.style.display=own(e).every(function(n){return boxes[n].checked;})?'':'none';});}
var form=document.createElement('form');form.className='nuem-controls';
elements.forEach(function(e){own(e).forEach(function(name){
 if(boxes[name])return;
 var label=document.createElement('label'),box=document.createElement('input');
 box.type='checkbox';box.checked=name[0]!=='~';boxes[name]=box;
 label.append(box,' '+name.replace('~','')+' ');form.append(label);});});
if(Object.keys(boxes).length<2)return;
form.addEventListener('input',show);place.querySelector('svg').before(form);show();
})();
</script>"""


def show(figure: Figure, alt: str, tips: Mapping[str, Tip] | None = None) -> None:
    """Display a figure; `alt` says in a sentence what it shows, for readers who can't see it; `tips` as for `svg`."""
    controls = TICK_BOXES if any(tip.group for tip in (tips or {}).values()) else ""
    html = svg(figure, alt, tips, phone=bool(handover.read()))
    display({"text/html": html + controls, "text/plain": f"[figure: {alt}]"}, raw=True)


def dots(rows: Sequence[tuple[str, float, str]], xlabel: str) -> Figure:
    """Upper limits as dots on a logarithmic axis, first row on top; each row is (label, value, colour)."""
    figure, axes = subplots(figsize=(6.6, 0.8 + 0.37 * len(rows)))
    values = [value for _, value, _ in rows]
    left, right = min(values) / 3, 30 * max(values)
    for height, (_, value, colour) in enumerate(reversed(rows)):
        axes.plot(value, height, "o", color=colour, markersize=8)
        axes.plot([value, right], [height, height], color=colour, alpha=0.35)
        axes.annotate(
            typeset.number(value),
            (value, height),
            xytext=(7, 2),  # above the line, on the right of its dot
            textcoords="offset points",
            va="bottom",
            fontsize=9,
        )
    axes.set_yticks(range(len(rows)), [label for label, _, _ in reversed(rows)])
    axes.set(xscale="log", xlim=(left, right), ylim=(-0.8, len(rows) - 0.4), xlabel=xlabel)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return figure
