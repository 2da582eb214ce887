"""The search of the site: its sections and cards as one script, which the page `search.html` ranks in the browser.

Sphinx's own index knows pages only, and holds code and the cells of tables. Here an entry is a section, a bound, a
verdict or a line of the table of answers: its heading, its page and its prose, mathematics as plain text. As a script
it works from a local file, too.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

FRAGMENTS, INDEX = "_search", "_static/search-index.js"
_LONG_FORMULA = 60  # characters of TeX
_LONGEST = 4000  # characters of a section that are kept: what its first screens say
_SUPERSCRIPT = str.maketrans("+-0123456789", "⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SIGNS = {"times": "×", "pm": "±", "to": "→", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "sim": "~", "approx": "≈"}
_SIGNS |= {"langle": "⟨", "rangle": "⟩", "cdot": "·", "propto": "∝", "ll": "≪", "gg": "≫", "infty": "∞", "sqrt": "√"}
_SIGNS |= {"alpha": "α", "epsilon": "ε", "varepsilon": "ε", "phi": "φ", "lesssim": "≲", "gtrsim": "≳", "ell": "ℓ"}


def tex_as_text(tex: str) -> str:
    r"""Short TeX as one would type it, for an index and for excerpts.

    >>> tex_as_text(r"\mu_\nu < 3\times10^{-12}\,\mu_{\rm B}"), tex_as_text(r"\langle r^2\rangle")
    ('μ_ν < 3×10⁻¹² μ_B', '⟨r²⟩')
    >>> tex_as_text(r"\frac{d\sigma}{dT}")  # such a one would not read
    '…'
    """
    if len(tex) > _LONG_FORMULA or re.search(r"\\(?:d?frac|left|sum|int|begin|sqrt)(?![A-Za-z])", tex):
        return "…"
    text = re.sub(r"\\[,;:! ]|~", " ", tex)
    text = re.sub(r"\\(?:rm|mathrm|text|boldsymbol|mathcal|tfrac|frac|left|right|big|Big)(?![A-Za-z]) *", "", text)
    text = re.sub(r"\\bar *\{?\\?([A-Za-z]+)\}?", lambda match: _letter(match[1]) + "\u0304", text)
    text = re.sub(r"\\([A-Za-z]+)(?: +(?=[A-Za-z]))?", lambda match: _letter(match[1]), text)
    text = re.sub(r"\^\{?([-+]?\d+)\}?", lambda match: match[1].translate(_SUPERSCRIPT), text)
    return " ".join(re.sub(r"[{}\\$]", "", text).split())


def _letter(name: str) -> str:
    if name in _SIGNS or len(name) == 1:
        return _SIGNS.get(name, name)
    case = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {name.upper()}")
    except KeyError:
        return ""


# -- entries -----------------------------------------------------------------------------------------------------------

_SKIPPED = (nodes.section, nodes.literal_block, nodes.table, nodes.title, nodes.comment, nodes.image)


def entries(document: nodes.document) -> Iterator[dict[str, str]]:
    """What a page gives to the index: anchor, heading and text of its sections, and of the cards in them."""
    for section in document.findall(nodes.section):
        place = section if section["ids"] else section.parent  # the name of an exercise or a solution is outside
        heading = _text(place.next_node(nodes.title)) or place.get("title", "")
        words = " ".join(" ".join(_words(child)) for child in section.children)
        yield {"a": place["ids"][0], "h": heading, "t": _squeezed(words)}
        for child in section.children:
            yield from _cards(child)


def _words(node: nodes.Node) -> Iterator[str]:
    """The prose of a node, without code, tables and further sections."""
    if isinstance(node, nodes.math_block):
        yield str(node.get("label") or "").replace("-", " ").removeprefix("given ")
    elif isinstance(node, nodes.math):
        yield tex_as_text(node.astext()) + node.get("behind", "")
    elif isinstance(node, nodes.Text):
        yield node.astext()
    elif not isinstance(node, (*_SKIPPED, nodes.raw)):
        inner = "".join if isinstance(node, (nodes.TextElement, nodes.inline)) else " ".join
        yield inner(word for child in node.children for word in _words(child))


def _text(node: nodes.Node | None) -> str:
    return _squeezed("".join(_words_of_title(node))) if node else ""


def _words_of_title(title: nodes.Node) -> Iterator[str]:
    for node in title.findall(lambda found: isinstance(found, (nodes.Text, nodes.math))):
        if isinstance(node, nodes.math):
            yield tex_as_text(node.astext()) + node.get("behind", "")
        elif not isinstance(node.parent, nodes.math):
            yield node.astext()


def _squeezed(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]


_CARD = re.compile(
    r'<div class="nuem-card nuem-(?:bound|verdict)[^"]*" id="([^"]+)">\s*<p[^>]*>(.*?)</p>'
    r"(.*?)(?:<details|</div>\s*$|$)",
    re.S,
)
_ANSWER = re.compile(r'<tr id="(answer-[^"]+)">(.*?)</tr>', re.S)


def _cards(node: nodes.Node) -> Iterator[dict[str, str]]:
    """The bounds, verdicts and answers among the HTML of a node."""
    if isinstance(node, nodes.section):
        return
    for raw in node.findall(nodes.raw):
        for anchor, head, rest in _CARD.findall(raw.astext()):
            place, end, words = head.partition("</strong>")  # of a verdict: which claim, and then its words
            yield {"a": anchor, "h": _of_html(place), "t": _of_html(f"{words.lstrip(': ')} {rest}" if end else rest)}
        for anchor, row in _ANSWER.findall(raw.astext()):
            what, *cells = (_of_html(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S))
            yield {"a": anchor, "h": f"{what}: the best limits today", "t": " ".join(cells)}


def _of_html(html: str) -> str:
    text = re.sub(r"\\\((.*?)\\\)", lambda match: tex_as_text(unescape(match[1])), html)
    text = re.sub(r'<math[^>]*data-tex="([^"]*)".*?</math>', lambda match: tex_as_text(unescape(match[1])), text)
    text = re.sub(r"<a class=\"nuem-permalink.*?</a>", "", text)
    text = re.sub(r"<sub>(.*?)</sub>", r"_\1", text)
    text = re.sub(r"</?(?:strong|em|a|span|small|code|i|b)\b[^>]*>", "", text)
    return _squeezed(unescape(re.sub(r"<[^>]+>", " ", text)))


# -- steps of the build ------------------------------------------------------------------------------------------------


def without_own_index(app: Sphinx) -> None:
    """Sphinx needs no index of words."""
    app.builder.search = False  # type: ignore[attr-defined]


def keep_entries(
    app: Sphinx, pagename: str, templatename: str, context: Mapping[str, Any], doctree: nodes.document | None
) -> None:
    """Leave the entries of a page in a file: pages are written by several processes, and not all of them each time."""
    if doctree is None:
        return
    place = Path(app.outdir, FRAGMENTS, f"{pagename}.json")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(list(entries(doctree)), ensure_ascii=False), "utf-8")


def page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page that searches."""
    body = (
        '<h1>Search</h1><form class="nuem-search nuem-controls" role="search" action="search.html" '
        f'data-sections="{INDEX}">'
        '<input type="search" name="q" aria-label="Search the book" autocomplete="off"> '
        '<button type="submit">Search</button></form>'
        '<p class="nuem-search-count" aria-live="polite">Searching needs scripts.</p><ol class="nuem-results"></ol>'
        '<script defer src="_static/search.js"></script>'
    )
    yield "search", {"title": "Search", "body": body}, "search.html"


def write_index(app: Sphinx, problem: Exception | None) -> None:
    """Put the entries of all pages into one script."""
    if problem or app.builder.format != "html":
        return
    found = []
    for docname in sorted(app.env.found_docs):
        fragment = Path(app.outdir, FRAGMENTS, f"{docname}.json")
        if fragment.is_file():
            title = app.env.titles[docname].astext()
            # the index shows the table of answers, too; one of the two places is enough
            found += [
                {"p": docname, "n": title, **entry}
                for entry in json.loads(fragment.read_text("utf-8"))
                if docname != app.config.root_doc or not entry["a"].startswith("answer-")
            ]
    script = f"globalThis.nuemSections = {json.dumps(found, ensure_ascii=False, separators=(',', ':'))};\n"
    Path(app.outdir, INDEX).write_text(script, "utf-8")
