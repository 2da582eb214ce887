r"""Mathematics is typeset while the book is built: TeX becomes MathML, which browsers draw without a script.

The TeX stays with each formula, in `data-tex`: whoever copies a formula gets it. Notebooks keep their TeX; JupyterLab
typesets it itself. A formula that can't be typeset stops the build and is named.
"""

from __future__ import annotations

import html
import importlib.util
import io
import itertools
import logging
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import math_core

from nuem.errors import NuemError
from nuem.press.fingerprint import digest, file_digest

FONT = "mathematics.woff2"
_MARK = "[,.;:!?)]"  # that may stand behind a formula
_IN_HTML = re.compile(rf"\\\((?P<inline>.+?)\\\)(?P<behind>{_MARK}*)|\\\[(?P<display>.+?)\\\]", re.S)
_BEHIND = re.compile(f"{_MARK}+")
_PHONE = 16  # ems of a formula that a phone shows whole; a wider one gets smaller letters, or scrolls
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot);)\w+;")  # those that only HTML knows
_EMS = re.compile(r"(-?[\d.]+)em")
_SPACED = frozenset("=<>≤≥≪≫≈≃∼≲∝→⇒≡∈+−±×⋅")
_TEXT = re.compile(r"\\text\{([^{}$]*)\$([^$]*)\$([^{}]*)\}")
_LABEL = re.compile(r'data-label="[^"]*"')  # an attribute, which holds letters only
_ALONE = re.compile(r"(<(?:a|th)\b[^>]*>)(<math\b(?:(?!</math>).)*</math>)(?=</(?:a|th)>)", re.S)
_TAG = re.compile(r"<[^>]*>")
_SLASHED = re.compile(r"(\\mathcal\s*[A-Z]|\\varepsilon|[A-Za-z])(?:\\!){3,4}/")  # a letter that TeX crosses by hand
_CROSSED = re.compile("<mi>([A-Za-z])\u0338</mi>")
_SIZES = re.compile(r"\\displaystyle(?![a-zA-Z])")


@cache
def _converter() -> math_core.LatexToMathML:
    return math_core.LatexToMathML(fancy_error=False)


def mathml(tex: str, *, display: bool = False) -> str:
    """A formula as a MathML element.

    >>> mathml("x<1")
    '<math data-tex="x&lt;1"><mi>x</mi><mo>&lt;</mo><mn>1</mn></math>'

    Raises:
        NuemError: the TeX has something that can't be typeset.
    """
    source = _SLASHED.sub(r"\\slashed{\1}", _SIZES.sub("", tex)).strip()
    while _TEXT.search(source):  # a formula within words within a formula
        source = _TEXT.sub(r"\\text{\1}\2\\text{\3}", source)
    if r"\\" in source and r"\begin" not in source:
        source = rf"\begin{{aligned}}{source}\end{{aligned}}"
    try:
        element = _converter().convert_with_local_state(source, displaystyle=display)
    except math_core.LatexError as error:
        raise NuemError(f"the formula ${tex.strip()}$ can't be typeset: {error}; write it in another way") from error
    element = _CROSSED.sub(_italic, element)  # two characters aren't made italic by themselves
    element = element.replace("<mo>′</mo>", '<mo class="prime">′</mo>').replace("<mspace/>", "")
    return element.replace("<math", f'<math data-tex="{html.escape(tex.strip())}"{_for_phones(element)}', 1)


def _for_phones(element: str) -> str:
    """Attributes of a formula that a phone shows in smaller letters, or that scrolls there.

    What scrolls must be in reach of the keyboard, and in a box within a box that is sooner than the letters are small;
    where it doesn't scroll, the page's script takes it out of the way.
    """
    ems = width(element)
    if ems <= _PHONE:
        return ""
    return f' class="wide" style="--ems:{ems:.0f}" tabindex="0"'


def _italic(crossed: re.Match[str]) -> str:
    """A crossed letter as an italic one of mathematics, for which Unicode has characters of their own."""
    first = 0x1D44E - ord("a") if crossed[1].islower() else 0x1D434 - ord("A")
    letter = "ℎ" if crossed[1] == "h" else chr(first + ord(crossed[1]))
    return f"<mi>{letter}\u0338</mi>"


def letters(tex: str) -> str:
    r"""A formula as the letters it shows, where only text can stand.

    >>> letters(r"\mu_\nu<1")
    'μν<1'
    """
    return html.unescape(_TAG.sub("", mathml(tex)))


def in_html(text: str) -> str:
    r"""HTML whose formulas between \(…\) and \[…\] are typeset.

    >>> in_html(r"<b>below \(e\)</b>")
    '<b>below <math data-tex="e"><mi>e</mi></math></b>'

    Raises:
        NuemError: see `mathml`.
    """
    text = _LABEL.sub(lambda label: _IN_HTML.sub(_only_letters, label[0]), text)
    return _ALONE.sub(lambda found: found[1] + named(found[2]), _IN_HTML.sub(_typeset, text))


def _only_letters(found: re.Match[str]) -> str:
    return html.escape(letters(found["inline"])) + found["behind"]


def _typeset(found: re.Match[str]) -> str:
    if found["display"]:
        return mathml(html.unescape(found["display"]), display=True)
    return together(mathml(html.unescape(found["inline"])), found["behind"])


def split_behind(text: str) -> tuple[str, str]:
    """The punctuation that a text begins with, and the rest.

    >>> split_behind(").) So")
    (').)', ' So')
    """
    found = _BEHIND.match(text)
    return (found[0], text[found.end() :]) if found else ("", text)


def together(formula: str, behind: str) -> str:
    """A formula and the punctuation behind it, which a browser would else put on a line of its own.

    A wide formula stays alone: it fills the line of a phone.

    >>> together("<math><mi>x</mi></math>", ",")
    '<span class="together"><math><mi>x</mi></math>,</span>'
    """
    if not behind or 'class="wide"' in formula:
        return formula + behind
    return f'<span class="together">{formula}{behind}</span>'


def named(formula: str) -> str:
    """A formula with a name, for where it alone names a link or a column: checkers don't look into formulas.

    >>> named("<math><mi>x</mi></math>")
    '<math aria-label="x"><mi>x</mi></math>'
    """
    return formula.replace("<math", f'<math aria-label="{html.escape(html.unescape(_TAG.sub("", formula)))}"', 1)


# -- how wide ----------------------------------------------------------------------------------------------------------


def width(element: str) -> float:
    """About how wide a formula is drawn, in ems; from it follows whether a screen must let it scroll.

    >>> round(width(mathml("a+b")), 1)
    2.1
    """
    return _width(ElementTree.fromstring(_ENTITY.sub(lambda entity: html.unescape(entity[0]), element)))


def _width(element: ElementTree.Element) -> float:
    parts = [_width(part) for part in element]
    match element.tag:
        case "mi" | "mn" | "mtext":
            return 0.52 * len(element.text or "")
        case "mo":
            return 0.6 * len(element.text or "") + (0.5 if (element.text or "") in _SPACED else 0)
        case "mspace":
            return float(_EMS.search(element.get("width") or element.get("style") or "0em")[1])
        case "mfrac":
            return max(parts) + 0.2
        case "msub" | "msup":
            return parts[0] + 0.7 * parts[1]
        case "msubsup":
            return parts[0] + 0.7 * max(parts[1:])
        case "munder" | "mover" | "munderover":
            return max(parts[0], *(0.7 * part for part in parts[1:]))
        case "mtable":
            rows = [[_width(cell) for cell in row] for row in element]
            return sum(max(column) + 0.6 for column in itertools.zip_longest(*rows, fillvalue=0.0))
        case "msqrt" | "mroot":
            return sum(parts) + 0.9
    return sum(parts)


# -- the font ----------------------------------------------------------------------------------------------------------

_FORMULA = re.compile(r"<math\b.*?</math>", re.S)
_SCRIPT = "\N{VARIATION SELECTOR-1}"  # behind a capital: draw it as \mathcal does
_DRAWN = "√′‾¯̂̃̄̇"  # what elements draw that don't name it


def characters(text: str) -> set[str]:
    """The characters that the formulas of a page need; browsers set single letters in italics, which are others."""
    written = set(html.unescape("".join(_TAG.sub("", formula) for formula in _FORMULA.findall(text))))
    return written | {italic for letter in written if (italic := _italics().get(letter))}


@cache
def _italics() -> dict[str, str]:
    """Mathematical italic characters by the letters that they are a style of."""
    styled = [*map(chr, range(0x1D434, 0x1D468)), *map(chr, range(0x1D6E2, 0x1D71C)), "ℎ"]
    return {unicodedata.normalize("NFKC", letter): letter for letter in styled if unicodedata.name(letter, "")}


def write_font(needed: set[str], target: Path, cache_folder: Path) -> None:
    """Write what the formulas need of the font STIX Two Math, from the cache if the formulas didn't ask for more.

    Raises:
        NuemError: the font is not installed, or a character is not in it.
    """
    package = importlib.util.find_spec("ziamath")  # importing it would draw
    if package is None or package.origin is None:
        raise NuemError("the package ziamath, which carries the font of mathematics, is missing; run `make book` again")
    source = Path(package.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"
    needed = {letter for letter in needed if letter.isprintable()} | set(_DRAWN) | {" "}
    kept = cache_folder / f"{digest(file_digest(source), ''.join(sorted(needed)))[:16]}.woff2"
    if not kept.is_file():
        content = _subset(source, needed)
        cache_folder.mkdir(parents=True, exist_ok=True)
        for old in cache_folder.glob("*.woff*"):
            old.unlink()
        kept.write_bytes(content)
    target.write_bytes(kept.read_bytes())


def _subset(source: Path, needed: set[str]) -> bytes:
    from fontTools import subset

    logging.getLogger("fontTools").setLevel(logging.WARNING)
    options = subset.Options(flavor="woff2", layout_features=["ssty", "dtls", "flac"], hinting=False, name_IDs=[])
    options.glyph_names = False
    with subset.load_font(str(source), options) as font:
        return _part(font, needed, options)


def _part(font: Any, needed: set[str], options: Any) -> bytes:
    from fontTools import subset

    missing = needed - {chr(code) for code in font.getBestCmap()} - {_SCRIPT}
    if missing:
        names = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in sorted(missing))
        raise NuemError(f"the font of mathematics has no {names}; write the formulas that use it in another way")
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(needed))
    subsetter.subset(font)
    stream = io.BytesIO()
    subset.save_font(font, stream, options)
    return stream.getvalue()
