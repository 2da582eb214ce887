"""What each letter means: a box in every chapter and a table of all of them, made of `reference/symbols.yml`.

The box stands behind the cell that begins with "Before you start". It names the letters in the order in which they
come, the place where each comes first, and what else the letter means in the chapters that this one needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from nuem.errors import NuemError
from nuem.press import ways
from nuem.press.tables import follow, the_book
from nuem.review import yamlfile

FILE = "reference/symbols.yml"
USUAL = "usual"  # letters that mean the same everywhere
PART = "chapters/"
DIRECTIVE = "nuem-symbols"
HEAD = "## Before you start"

_GREEK = frozenset(
    re.findall(
        r"\\\w+",
        r"\alpha\beta\gamma\delta\epsilon\varepsilon\zeta\eta\theta\vartheta\iota\kappa\lambda\mu\nu\xi\pi\rho\sigma"
        r"\tau\phi\varphi\chi\psi\omega\Gamma\Delta\Theta\Lambda\Xi\Pi\Sigma\Phi\Psi\Omega\ell",
    )
)
_FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$([^$\n]+)\$", re.S)
_WORDS = re.compile(r"\\(?:text|mathrm|operatorname|begin|end)\s*\{[^}]*\}(?:\{[lcr|]*\})?|\{\\rm[^}]*\}")

_SCRIPT = re.compile(r"[_^]\s*(?:\\(?:text|mathrm)\s*\{[^}]*\}|\\[A-Za-z]+|\\.|[^{\s])")  # without braces of its own

Meanings = Mapping[str, Mapping[str, str]]


def load(root: Path) -> tuple[frozenset[str], dict[str, dict[str, str]]]:
    """The letters that need no explanation, and chapter → letter → meaning; nothing in a book without the file.

    Raises:
        NuemError: the file is malformed.
    """
    if not (root / FILE).is_file():
        return frozenset(), {}
    content = yamlfile.read(root / FILE, FILE)
    usual = content.pop(USUAL, None) if isinstance(content, dict) else None
    if not isinstance(usual, list) or not all(isinstance(letters, dict) for letters in content.values()):
        raise NuemError(f"{FILE}: not meanings of letters by chapter; write `part/chapter:` and below it `x: meaning`")
    return frozenset(usual), {PART + name: letters for name, letters in content.items()}


def letters(tex: str) -> list[str]:
    r"""The letters of a formula in their order, without what stands above and below them and without words.

    >>> letters(r"\frac{dR}{dT}=n_e\,\sigma(\boldsymbol q)\quad\text{per year}")
    ['d', 'R', 'd', 'T', 'n', '\\sigma', 'q']
    """
    plain = _WORDS.sub(" ", _without_scripts(tex))
    found = re.findall(r"\\[A-Za-z]+|[A-Za-z]", plain)
    return [name for name in found if len(name) == 1 or name in _GREEK]


def _without_scripts(tex: str) -> str:
    kept, place = [], 0
    while place < len(tex):
        if tex[place] not in "_^":
            kept.append(tex[place])
            place += 1
            continue
        kept.append(" ")
        script = _SCRIPT.match(tex, place)
        place = script.end() if script else _behind_braces(tex, place + 1)
    return "".join(kept)


def _behind_braces(tex: str, place: int) -> int:
    depth = 0
    for end in range(place, len(tex)):
        depth += (tex[end] == "{") - (tex[end] == "}")
        if depth == 0 and tex[end] == "}":
            return end + 1
    return len(tex)


def places(cells: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Letter → heading below which it stands first, for all letters in the formulas of a notebook's text."""
    found: dict[str, str] = {}
    for heading, text in _sections(cells):
        for formula in _FORMULA.finditer(text):
            for letter in letters(formula[1] or formula[2]):
                found.setdefault(letter, heading)
    return found


def derived(cells: Iterable[Mapping[str, Any]]) -> set[str]:
    """The letters in the displayed formulas of the sections "Derivation …"."""
    found: set[str] = set()
    inside = False
    for cell in cells:
        if cell["cell_type"] == "markdown":
            for part in re.split(r"^(?=## )", "".join(cell["source"]), flags=re.M):
                inside = part.startswith("## Derivation") if part.startswith("## ") else inside
                displayed = (formula[1] for formula in _FORMULA.finditer(part) if formula[1])
                found |= {letter for tex in displayed for letter in letters(tex) if inside}
    return found


def _sections(cells: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    heading = ""
    for cell in cells:
        if cell["cell_type"] == "markdown":
            for part in re.split(r"^(?=##+ )", "".join(cell["source"]), flags=re.M):
                line, _, rest = part.partition("\n")
                heading = line.lstrip("# ") if line.startswith("##") else heading
                yield heading, rest if line.startswith("##") else part


def box(chapter: str, meanings: Meanings, cells: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> str:
    """The box of a chapter, in MyST.

    Raises:
        NuemError: a letter of the file stands in no formula of the chapter.
    """
    first = places(cells)
    lost = [letter for letter in meanings[chapter] if letter not in first]
    if lost:
        raise NuemError(f"{FILE}: {chapter} has no formula with {', '.join(lost)}; take it out")
    order = {letter: place for place, letter in enumerate(first)}
    before = [page for page in ways.needs(chapter, cells) if page in meanings]
    lines = []
    for letter, meaning in sorted(meanings[chapter].items(), key=lambda item: order[item[0]]):
        lines.append(f"* ${letter}$: {meaning}{_place(first[letter])}.")
        for page in before:
            other = meanings[page].get(letter, meaning)
            if other != meaning:
                lines.append(f"  *{titles[page]}:* {other}.")
    return "\n".join([":::{admonition} Symbols of this chapter", ":class: dropdown", *lines, ":::"])


def _place(heading: str) -> str:
    """Where a letter comes first, as the box says it; nothing if that is just above the box."""
    step = re.match(r"Step (\d+)", heading)
    if heading in ("", HEAD.lstrip("# ")):
        return ""
    return f" (step {step[1]})" if step else f" (“{heading}”)"


def table(meanings: Meanings, titles: Mapping[str, str], to_root: str) -> str:
    """One row for each letter, with all that it means and where, in MyST."""
    known = sorted({letter for letters_ in meanings.values() for letter in letters_}, key=_alphabet)
    rows = []
    for letter in known:
        where: dict[str, list[str]] = {}
        for chapter, letters_ in meanings.items():
            if letter in letters_:
                where.setdefault(letters_[letter], []).append(chapter)
        told = [
            f"{meaning} ({', '.join(f'[{titles[page]}]({to_root}{page}.ipynb)' for page in pages)})"
            for meaning, pages in where.items()
        ]
        rows.append(f"| ${letter}$ | {'; '.join(told)} |")
    return "\n".join(["| letter | what it means, and where |", "|---|---|", *rows])


def _alphabet(letter: str) -> tuple[bool, str, str]:
    return letter.startswith("\\"), letter.lower(), letter


class Symbols(SphinxDirective):
    """The box on the page of a chapter, the table on every other page."""

    def run(self) -> list[nodes.Node]:
        """The parsed MyST."""
        root, page = Path(self.env.app.srcdir), self.env.docname
        follow(self.env.app, root / FILE)
        book = the_book(self.env.app)
        titles = ways.titles(book)
        meanings = {name: letters_ for name, letters_ in load(root)[1].items() if name in titles}
        if page in meanings:
            text = box(page, meanings, book.notebook(page)["cells"], titles)
        else:
            text = table(meanings, titles, "../" * page.count("/"))
        node = nodes.container()
        self.state.nested_parse(StringList(text.splitlines(), FILE), 0, node)
        return list(node.children)


def with_box(chapter: str, root: Path, cells: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cells of a page; a chapter of which the file knows letters gets one for the box behind "Before you start"."""
    if chapter not in load(root)[1]:
        return list(cells)
    shown = []
    for cell in cells:
        shown.append(cell)
        if cell["cell_type"] == "markdown" and "".join(cell["source"]).startswith(HEAD):
            fence = f"```{{{DIRECTIVE}}}\n```"
            shown.append({"cell_type": "markdown", "id": "symbols-box", "metadata": {}, "source": fence})
    return shown


DIRECTIVES = {DIRECTIVE: Symbols}
