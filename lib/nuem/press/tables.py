"""Tables and pictures made of the executed book, as Sphinx directives."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from nuem import typeset
from nuem.errors import NuemError, allowed
from nuem.notebook import figures
from nuem.press import foot
from nuem.press.bibliography import sources
from nuem.press.book import Book, addressed_book
from nuem.press.provenance import Origin
from nuem.review import claims, inputs, records
from nuem.review.bounds import Bound
from nuem.synthesis import answers
from nuem.synthesis.compared import Compared
from nuem.view import cards

BIBLIOGRAPHY = "reference/bibliography"
INPUTS = "reference/inputs"
LEDGER = "chapters/synthesis/errata"


def the_book(app: Sphinx) -> Book:
    """The book that is being built, with the overrides of a custom build."""
    return addressed_book(Path(app.srcdir))


def book_records(app: Sphinx) -> records.Book:
    """The records of the executed book, read once."""
    cached = getattr(app, "_nuem_records", None)
    if cached is None:
        cached = app._nuem_records = the_book(app).records()  # type: ignore[attr-defined]
    return cached


def follow(app: Sphinx, *files: Path) -> None:
    """Make the page that is being read anew when one of these files changes."""
    for file in files:
        app.env.note_dependency(str(file))


def citation_labels(app: Sphinx) -> dict[str, str]:
    """Author and year of every bibliography entry, by key."""
    cached = getattr(app, "_nuem_citation_labels", None)
    if cached is None:
        cached = {key: source.label for key, source in sources(Path(app.srcdir, "references.bib")).items()}
        app._nuem_citation_labels = cached  # type: ignore[attr-defined]
    return cached


def ledger_address(**choice: str) -> str:
    """Address of the ledger with some rows chosen, relative to the site's root.

    >>> ledger_address(paper="doe-2001", verdict="discrepant")
    'chapters/synthesis/errata.html?paper=doe-2001&verdict=discrepant#the-ledger'
    """
    words = "&".join(f"{key}={value}" for key, value in choice.items() if value)
    return f"{LEDGER}.html{'?' * bool(words)}{words}#the-ledger"


def title_of(app: Sphinx, docname: str) -> str:
    """The first heading of a page, whether or not Sphinx has read it yet."""
    path = Path(app.srcdir, f"{docname}.ipynb")
    if not path.is_file():
        text = path.with_suffix(".md").read_text("utf-8")
    else:
        text = "".join(the_book(app).notebook(docname)["cells"][0]["source"])
    return next((line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ")), docname)


@functools.cache
def _raw_inputs() -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    return inputs.read_files()


class PageLinks(cards.Links):
    """What a page of the site knows: its place, the bibliography, the records, its own formulas and where its numbers
    come from."""

    def __init__(
        self,
        app: Sphinx,
        docname: str,
        origins: Mapping[str, Origin] | None = None,
        formulas: Mapping[str, str] | None = None,
    ):
        self.app, self.docname, self.origins, self.formulas = app, docname, origins or {}, formulas or {}
        self.to_root = "../" * docname.count("/")

    def label(self, key: str) -> str:
        """Author and year of an entry of the bibliography.

        Raises:
            ExtensionError: the bibliography has no such entry.
        """
        label = citation_labels(self.app).get(key)
        if label is None:
            raise ExtensionError(f"{self.docname}: the source {key!r} is not in references.bib; add it")
        return label

    def source(self, key: str) -> str:
        """Author and year, with a link to the entry."""
        label = self.label(key)
        return f'<a class="nuem-source" href="{self.to_root}{BIBLIOGRAPHY}.html#cite-{key}">{escape(label)}</a>'

    def claim(self, identifier: str) -> str:
        """Address of the verdict on a claim, or on its first part."""
        follow(self.app, the_book(self.app).data / "ledger.json")
        claim = claims.claim(identifier)
        first = claim.parts[0] if claim.parts else claim
        settled = next((v for v in book_records(self.app).verdicts if v.claim == first.id), None)
        return self.to_root + settled.url if settled else "#"

    def bound(self, name: str) -> str:
        """Address of the card of a bound.

        Raises:
            ExtensionError: no chapter publishes it.
        """
        follow(self.app, the_book(self.app).data / "bounds.json")
        for bound in book_records(self.app).bounds:
            if bound.name == name:
                return self.to_root + bound.url
        raise ExtensionError(f"{self.docname}: no chapter publishes the bound {name!r}; mend the table that names it")

    def data(self, name: str) -> str:
        """Address of the files of a bound."""
        return f"{self.to_root}data/bounds/{name}"

    def input(self, name: str) -> str:
        """Address of an input, if the book has a page of them."""
        return f"{self.to_root}{INPUTS}.html#input-{name}" if INPUTS in self.app.env.found_docs else ""

    def page(self, address: str) -> str:
        """Address of a page, from this one."""
        return self.to_root + address if address else ""

    def title(self, address: str) -> str:
        """The title of a page, up to its colon."""
        return title_of(self.app, address.partition(".")[0]).partition(":")[0]

    def describe(self, name: str) -> str:
        """Its description in the file of inputs."""
        return str(_raw_inputs()[name][1]["describe"])

    def formula(self, name: str) -> str:
        """A displayed formula of the chapter, between delimiters.

        Raises:
            ExtensionError: the chapter displays no formula of that name.
        """
        if name not in self.formulas:
            raise ExtensionError(
                f"{self.docname}: its live formula names {name!r}, but no displayed formula has that name; "
                f"{allowed(self.formulas, name)}"
            )
        return rf"\[{escape(self.formulas[name].rstrip(' .,;'), quote=False)}\]"

    def cite(self, bound: Bound) -> str:
        """Its BibTeX entry, folded."""
        return foot.cite_bound(Path(self.app.srcdir), bound)

    def behind(self, key: str) -> tuple[str, Sequence[str]] | None:
        """The cell that made a number of this page, and its inputs."""
        origin = self.origins.get(key)
        return origin and (origin.cell, origin.inputs)


class Table(SphinxDirective):
    """A directive that is a table made of the executed book."""

    def run(self) -> list[nodes.Node]:
        """The table, as raw HTML."""
        self.book = book_records(self.env.app)
        self.links = PageLinks(self.env.app, self.env.docname)
        self.to_root = self.links.to_root
        follow(self.env.app, *self.sources())
        return [nodes.raw("", cards.framed(self.html()), format="html")]

    def sources(self) -> list[Path]:
        """The files whose change makes the table anew."""
        data = the_book(self.env.app).data
        return [data / "bounds.json", data / "ledger.json"]

    def html(self) -> str:
        """The HTML of the table."""
        raise NotImplementedError


_SPOKEN = re.compile(r'(<title>)([^<]*)(</title>)|(aria-label=")([^"]*)(")')


_LINKS = re.compile(r'xlink:href="(?!#)([^"]*)"')  # of figures: from notebook to notebook


def figure_of_site(html: str) -> str:
    """A figure as the site has it, where the notebook's leads to notebooks and has boxes of its own.

    >>> figure_of_site('<svg style="display:none"><a xlink:href="../x.ipynb#y">')
    '<svg><a href="../x.html#y">'
    """

    def page(found: re.Match[str]) -> str:
        address = found[1] if ":" in found[1] else re.sub(r"\.ipynb(?=#|$)", ".html", found[1])
        return f'href="{address}"'

    html = html.replace(figures.TICK_BOXES, "").replace(f"<svg{figures.UNSEEN}", "<svg")
    return figure_in_words(_LINKS.sub(page, html))


def figure_in_words(html: str) -> str:
    """A figure whose texts for pointing and for reading aloud have no index as one types it.

    >>> figure_in_words('<svg aria-label="μ_ν of ν_e"><title>3 μ_B</title></svg>')
    '<svg aria-label="μν of νₑ"><title>3 μB</title></svg>'
    """

    def said(found: re.Match[str]) -> str:
        before, text, after = found.groups()[:3] if found[1] else found.groups()[3:]
        return f"{before}{typeset.in_words(text)}{after}"

    return _SPOKEN.sub(said, html) if "<svg" in html else html


class FigureOf(Table):
    """`{nuem-figure} chapter cell`: a figure without links, from the executed copy of a chapter."""

    required_arguments = 2

    def sources(self) -> list[Path]:
        """The executed copy."""
        return [the_book(self.env.app).copy_of(self.arguments[0])]

    def html(self) -> str:
        """The HTML outputs of the cell."""
        chapter, cell_id = self.arguments
        notebook = the_book(self.env.app).executed_copy(chapter)
        cell = next((cell for cell in notebook["cells"] if cell["id"] == cell_id), None)
        outputs = [output["data"].get("text/html", "") for output in cell["outputs"]] if cell else []
        if not any(outputs):
            raise self.error(f"{chapter}.ipynb has no cell {cell_id!r} that shows a figure; mend the directive")
        return figure_of_site("".join("".join(output) for output in outputs))


class VerdictsTable(Table):
    """`{nuem-verdicts}`: how many claims of each paper are settled, and how; how many errors are independent."""

    def html(self) -> str:
        """One row per paper and one for all, and a sentence that says what a root does to the count.

        Claims without a verdict have a column while there are any, so that a row always adds up.
        """
        ledger = records.ledger_json(self.book)["claims"]
        papers: dict[str, list[Mapping[str, Any]]] = {}
        for claim in ledger:
            papers.setdefault(claim["paper"], []).append(claim)
        verdicts: dict[str | None, str] = {verdict: verdict for verdict in claims.VERDICTS}
        if any(row["verdict"] is None for row in ledger):
            verdicts[None] = "open"
        head = ["paper", "claims", *verdicts.values(), "independent errors"]
        rows = [self._counts(self.links.label(paper), paper, found, verdicts) for paper, found in papers.items()]
        rows.append(self._counts("all", "", ledger, verdicts))
        return cards.table(head, rows) + f"<p>{_independence(ledger)}</p>"

    def _counts(
        self, name: str, paper: str, ledger: Sequence[Mapping[str, Any]], verdicts: Iterable[str | None]
    ) -> list[str]:
        """The counts of a paper, each leading to the claims that it counts."""
        counts: dict[str, int] = {"": len(ledger)}
        counts |= {verdict or "open": sum(row["verdict"] == verdict for row in ledger) for verdict in verdicts}
        return [
            self._chosen(name, paper, ""),
            *(self._chosen(str(count), paper, verdict) if count else "0" for verdict, count in counts.items()),
            str(records.independent_errors(ledger)),
        ]

    def _chosen(self, words: str, paper: str, verdict: str) -> str:
        return f'<a href="{self.to_root}{escape(ledger_address(paper=paper, verdict=verdict))}">{escape(words)}</a>'


def _independence(ledger: Sequence[Mapping[str, Any]]) -> str:
    """How many errors stand behind how many discrepant claims, in words."""
    touched = sum(claims.is_wrong(row["verdict"]) for row in ledger)
    return (
        f"The {touched} discrepant claims go back to {records.independent_errors(ledger)} independent errors: a claim "
        "that only repeats another’s error names it, and is counted with it."
    )


class AnswersTable(Table):
    """`{nuem-answers}`: what is known today, in a line for each property."""

    def html(self) -> str:
        """One row per property."""
        compared = Compared(self.book.bounds, records.ledger_json(self.book)["claims"])
        try:
            head, rows = answers.table(compared)
        except NuemError as error:
            raise self.error(str(error)) from error
        table = cards.render({"kind": "table", "title": "", "head": head, "rows": rows}, self.links)
        anchors = iter(f"answer-{re.sub('[^a-z]+', '-', row[0][0].lower())}" for row in rows)
        table = table.replace('<table class="', '<table class="nuem-answers ', 1)
        return re.sub("<tr>(?=<td)", lambda _: f'<tr id="{next(anchors)}">', table)


class TimesTable(Table):
    """`{nuem-times}`: seconds and peak memory of every chapter."""

    def sources(self) -> list[Path]:
        """The executed copies."""
        book = the_book(self.env.app)
        return [book.copy_of(chapter) for chapter in book.chapters()]

    def html(self) -> str:
        """One row per chapter."""
        rows = []
        book = the_book(self.env.app)
        for chapter in book.chapters():
            stamp = book.executed_copy(chapter)["metadata"]["nuem"]
            rows.append(
                [
                    f'<a href="{self.to_root}{chapter}.html">{escape(title_of(self.env.app, chapter))}</a>',
                    f"{stamp['compute_seconds']:.1f}",
                    f"{stamp['seconds']:.1f}",
                    str(stamp["megabytes"]),
                ]
            )
        return cards.table(["chapter", "own compute (s)", "with start of the kernel (s)", "peak memory (MB)"], rows)


class InputsTable(Table):
    """`{nuem-inputs}`: every physical input of the book, by chapter."""

    def sources(self) -> list[Path]:
        """The files of inputs."""
        return sorted(inputs.FOLDER.glob("*.yml"))

    def html(self) -> str:
        """One table per file of inputs."""
        book_inputs = inputs.Inputs(the_book(self.env.app).overrides)
        files: dict[str, list[inputs.Entry]] = {}
        for name, (file, _) in inputs.read_files().items():
            files.setdefault(file.removesuffix(".yml"), []).append(book_inputs.entry(name))
        chapters = the_book(self.env.app).chapters()
        titles = {chapter.rpartition("/")[2]: title_of(self.env.app, chapter) for chapter in chapters}
        return "".join(
            f"<h3>{escape(titles.get(file, file.capitalize()))}</h3>"
            f"{cards.input_table(entries, self.links, anchors=True)}"
            for file, entries in files.items()
        )


class Unverified(Table):
    """`{nuem-unverified}`: inputs with a value that nobody could verify, and the bounds that rest on them.

    It stands on the page of all inputs.
    """

    def html(self) -> str:
        """A sentence with the counts, and one row per input."""
        book_inputs = inputs.Inputs(the_book(self.env.app).overrides)
        resting = _bounds_by_input(self.book.bounds, book_inputs)
        rows = [self._row(entry, resting.get(entry.name, [])) for entry in _unverified(book_inputs)]
        body = cards.table(["input", "value", "how we know it", "bounds that rest on it"], rows)
        return f'<p>{_count(self.book.bounds, book_inputs)}</p><div class="tex2jax_process">{body}</div>'

    def _row(self, entry: inputs.Entry, resting: Iterable[Bound]) -> list[str]:
        vintages: dict[tuple[str, str, str], list[str]] = {}
        for vintage, value in entry.values.items():
            if value.checked in inputs.UNVERIFIED:
                vintages.setdefault((cards.value_text(value), value.checked, value.source), []).append(vintage)
        links = {
            bound.name: f'<a href="{self.to_root}{bound.url}">{typeset.in_html(bound.title)}</a>' for bound in resting
        }
        return [
            f'<a href="#input-{entry.name}">{cards.prose(entry.describe)}</a>',
            "<br>".join(
                typeset.in_html(f"{typeset.join(text, entry.unit)}, {' and '.join(names)}")
                for (text, *_), names in vintages.items()
            ),
            "<br>".join(f"{inputs.CHECKED[checked]}; {self.links.source(source)}" for _, checked, source in vintages),
            "<br>".join(links.values()) or "none",
        ]


class UnverifiedCount(Table):
    """`{nuem-unverified-count}`: how many inputs nobody could verify, and how many bounds rest on them."""

    def html(self) -> str:
        """A sentence with the counts, and one that leads to the list."""
        book_inputs = inputs.Inputs(the_book(self.env.app).overrides)
        link = f'<a href="{self.to_root}{INPUTS}.html">The page of all inputs</a>'
        return f"<p>{_count(self.book.bounds, book_inputs)} {link} names them.</p>"


def _own_entries(book_inputs: inputs.Inputs) -> list[inputs.Entry]:
    """The inputs that aren't just the uncertainty of another one."""
    entries = map(book_inputs.entry, book_inputs)
    return [entry for entry in entries if any(not value.error_of for value in entry.values.values())]


def _unverified(book_inputs: inputs.Inputs) -> list[inputs.Entry]:
    return [
        entry
        for entry in _own_entries(book_inputs)
        if any(value.checked in inputs.UNVERIFIED for value in entry.values.values() if not value.error_of)
    ]


def _bounds_by_input(bounds: Iterable[Bound], book_inputs: inputs.Inputs) -> Mapping[str, Sequence[Bound]]:
    """The bounds that rest on each input that nobody could verify, or on its uncertainty."""
    found: dict[str, list[Bound]] = {}
    for bound in bounds:
        for name in bound.unverified:
            value = book_inputs.entry(name).values["today" if bound.vintage == "today" else "published"]
            found.setdefault(value.error_of or name, []).append(bound)
    return found


def _count(bounds: Sequence[Bound], book_inputs: inputs.Inputs) -> str:
    """How many inputs and bounds that concerns, in words."""
    unverified, touched = _unverified(book_inputs), {bound.name for bound in bounds if bound.unverified}
    return (
        f"{len(unverified)} of {len(_own_entries(book_inputs))} inputs have a value that nobody could verify: we know "
        "it from memory, or couldn’t open its source. "
        f"{len(touched)} of {len({bound.name for bound in bounds})} bounds rest on such a value."
    )


class Dependencies(Table):
    """`{nuem-dependencies}`: which inputs enter each chapter, and which bounds it publishes, from the records."""

    def html(self) -> str:
        """A fold per chapter, with both lists; every name leads to its place."""
        chapters: dict[str, tuple[dict[str, str], dict[str, str]]] = {}
        for bound in self.book.bounds:
            used, made = chapters.setdefault(bound.chapter, ({}, {}))
            made[f"{self.to_root}{bound.url}"] = typeset.in_html(bound.title)
            for row in bound.inputs:
                used[self.links.input(row["name"])] = cards.prose(self.links.describe(row["name"]))
        return "".join(self._fold(*item) for item in chapters.items())

    def _fold(self, chapter: str, lists: tuple[Mapping[str, str], Mapping[str, str]]) -> str:
        used, made = ("".join(f'<li><a href="{at}">{words}</a></li>' for at, words in one.items()) for one in lists)
        title, many = escape(title_of(self.env.app, chapter)), "s" * (len(lists[1]) > 1)
        return (
            f'<details class="nuem-dependencies"><summary>{title} ({len(lists[0])} inputs, {len(lists[1])} bound{many})'
            f'</summary><p><a href="{self.to_root}{chapter}.html">The chapter</a> uses</p><ul>{used}</ul>'
            f"<p>and publishes</p><ul>{made}</ul></details>"
        )


DIRECTIVES = {
    "nuem-figure": FigureOf,
    "nuem-verdicts": VerdictsTable,
    "nuem-answers": AnswersTable,
    "nuem-times": TimesTable,
    "nuem-inputs": InputsTable,
    "nuem-unverified": Unverified,
    "nuem-unverified-count": UnverifiedCount,
    "nuem-dependencies": Dependencies,
}
