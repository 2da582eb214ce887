"""Tables and pictures made of the executed book, as Sphinx directives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from nuem import typeset
from nuem.press.book import Book, addressed_book
from nuem.press.provenance import Origin
from nuem.review import claims, inputs, records
from nuem.review.bounds import Bound
from nuem.view import cards

BIBLIOGRAPHY = "reference/bibliography"
INPUTS = "reference/inputs"


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
        from pybtex.database import parse_file

        entries = parse_file(str(Path(app.srcdir, "references.bib"))).entries
        cached = {key: _label(entry) for key, entry in entries.items()}
        app._nuem_citation_labels = cached  # type: ignore[attr-defined]
    return cached


def _label(entry: Any) -> str:
    year = entry.fields.get("year", "")
    if "collaboration" in entry.fields:
        return f"{_plain(entry.fields['collaboration'])} {year}"
    names = [_plain(" ".join([*person.prelast_names, *person.last_names])) for person in entry.persons["author"]]
    if "others" in names or len(names) > 2:
        return f"{names[0]} et al. {year}"
    return f"{' & '.join(names)} {year}"


def _plain(latex: str) -> str:
    r"""A name in the bibliography as plain text.

    >>> _plain(r"{Faucher-Gigu\`ere}")
    'Faucher-Giguère'
    """
    from pybtex.richtext import Text

    return str(Text.from_latex(latex))


class PageLinks(cards.Links):
    """What a page of the site knows: its place, the bibliography, the records, and the origins of its own numbers."""

    def __init__(self, app: Sphinx, docname: str, origins: Mapping[str, Origin] | None = None):
        self.app, self.docname, self.origins = app, docname, origins or {}
        self.to_root = "../" * docname.count("/")

    def source(self, key: str) -> str:
        """Author and year, with a link to the entry.

        Raises:
            ExtensionError: the bibliography has no such entry.
        """
        label = citation_labels(self.app).get(key)
        if label is None:
            raise ExtensionError(f"{self.docname}: the source {key!r} is not in references.bib; add it")
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

    def input(self, name: str) -> str:
        """Address of an input, if the book has a page of them."""
        return f"{self.to_root}{INPUTS}.html#input-{name}" if INPUTS in self.app.env.found_docs else ""

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
        return "".join("".join(output) for output in outputs)


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
        rows = [[self.links.source(paper), *_counts(found, verdicts)] for paper, found in papers.items()]
        return cards.table(head, [*rows, ["all", *_counts(ledger, verdicts)]]) + f"<p>{_independence(ledger)}</p>"


def _counts(ledger: Sequence[Mapping[str, Any]], verdicts: Iterable[str | None]) -> list[str]:
    counted = [sum(row["verdict"] == verdict for row in ledger) for verdict in verdicts]
    return list(map(str, [len(ledger), *counted, records.independent_errors(ledger)]))


def _independence(ledger: Sequence[Mapping[str, Any]]) -> str:
    """How many errors stand behind how many discrepant claims, in words."""
    touched = sum(claims.is_wrong(row["verdict"]) for row in ledger)
    return (
        f"The {touched} discrepant claims go back to {records.independent_errors(ledger)} independent errors: a claim "
        "that only repeats another’s error names it, and is counted with it."
    )


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
                    f'<a href="{self.to_root}{chapter}.html">{chapter.removeprefix("chapters/")}</a>',
                    f"{stamp['compute_seconds']:.1f}",
                    f"{stamp['seconds']:.1f}",
                    str(stamp["megabytes"]),
                ]
            )
        return cards.table(["chapter", "own compute (s)", "with start of the kernel (s)", "peak memory (MB)"], rows)


class LedgerTable(Table):
    """`{nuem-ledger}`: every printed claim with its verdict; the page's script lets a reader filter and sort it."""

    def html(self) -> str:
        """One row per claim."""
        rows = [self._row(row) for row in records.ledger_json(self.book)["claims"]]
        head = ["paper", "where", "claim", "printed", "found here", "found ÷ printed", "verdict"]
        return cards.table(head, rows, "nuem-ledger")

    def _row(self, row: Mapping[str, Any]) -> list[str]:
        badge = cards.badge(row["verdict"], row["severity"])
        verdict = f'<a href="{self.to_root}{row["url"]}">{badge}</a>' if row["url"] else badge
        parts = row["parts"] or [row]
        return [
            self.links.source(row["paper"]),
            cards.prose(row["where"]),
            f"{cards.prose(row['claim'])}<br><code>{row['id'].partition('/')[2]}</code>",
            "<br>".join(cards.printed(claims.claim(part["id"])) for part in parts),
            "<br>".join(_found(part) for part in parts),
            "<br>".join("—" if part["factor"] is None else typeset.number(part["factor"]) for part in parts),
            verdict + cards.folded(cards.why(row, self.links)),
        ]


def _found(part: Mapping[str, Any]) -> str:
    if isinstance(part["recomputed"], (int, float)):
        return escape(cards.found_number(claims.claim(part["id"]), part["recomputed"], part["uncertainty"]))
    return cards.prose(part["recomputed"] or "—")


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
        return "".join(
            f"<h3>{file}</h3>{cards.input_table(entries, self.links, anchors=True)}" for file, entries in files.items()
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
        links = {bound.name: f'<a href="{self.to_root}{bound.url}">{bound.name}</a>' for bound in resting}
        return [
            f'{cards.prose(entry.describe)}<br><a href="#input-{entry.name}"><code>{entry.name}</code></a>',
            "<br>".join(
                escape(f"{typeset.join(text, entry.unit)}, {' and '.join(names)}")
                for (text, *_), names in vintages.items()
            ),
            "<br>".join(f"{inputs.CHECKED[checked]}; {self.links.source(source)}" for _, checked, source in vintages),
            ", ".join(links.values()) or "none",
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
    """`{nuem-dependencies}`: inputs → chapters → bounds, drawn from the records; point at a name to see its lines."""

    def html(self) -> str:
        """An SVG with three columns."""
        edges: dict[tuple[str, str], None] = {}  # an ordered set
        links: dict[str, tuple[str, str]] = {}
        for bound in self.book.bounds:
            chapter, name = bound.chapter.rpartition("/")[2], f"bound:{bound.name}"
            links[name] = (bound.name, self.to_root + bound.url)
            links[chapter] = (chapter, f"{self.to_root}{bound.chapter}.html")
            edges[chapter, name] = None
            for row in bound.inputs:
                links[row["name"]] = (row["name"], f"{self.to_root}{INPUTS}.html#input-{row['name']}")
                edges[row["name"], chapter] = None
        return _dependency_picture(edges, links)


_ROW, _COLUMNS, _WIDTH = 17, (230, 400, 590), 900


def _dependency_picture(edges: Mapping[tuple[str, str], None], links: Mapping[str, tuple[str, str]]) -> str:
    chapters = list(dict.fromkeys(end for _, end in edges if not end.startswith("bound:")))
    columns = [
        list(dict.fromkeys(start for start, end in edges if end in chapters)),
        chapters,
        list(dict.fromkeys(end for _, end in edges if end.startswith("bound:"))),
    ]
    height = _ROW * (max(map(len, columns)) + 1)
    # Names keep the order in which the book uses them, so that lines cross as little as this order allows.
    y = {name: (position + 0.5) * height / len(column) for column in columns for position, name in enumerate(column)}
    side = {name: number for number, column in enumerate(columns) for name in column}
    lines = "".join(_edge(start, end, y, side) for start, end in edges)
    words = "".join(_node(name, y[name], side[name], *links[name]) for name in y)
    alt = f"{len(columns[0])} inputs enter {len(chapters)} chapters, which publish {len(columns[2])} bounds"
    return (
        f'<svg class="nuem-figure nuem-dependencies" viewBox="0 0 {_WIDTH} {height:.0f}" role="group" '
        f'aria-label="Dependencies: {alt}"><g>{lines}</g>{words}</svg>'
    )


def _edge(start: str, end: str, y: Mapping[str, float], side: Mapping[str, int]) -> str:
    left, right = (_COLUMNS[0] + 6, _COLUMNS[1] - 80) if side[start] == 0 else (_COLUMNS[1] + 80, _COLUMNS[2] - 6)
    middle = (left + right) / 2
    path = f"M{left} {y[start]:.1f}C{middle:.0f} {y[start]:.1f} {middle:.0f} {y[end]:.1f} {right} {y[end]:.1f}"
    return f'<path d="{path}" data-from="{start}" data-to="{end}"/>'


def _node(name: str, height: float, side: int, label: str, address: str) -> str:
    anchor = ("end", "middle", "start")[side]
    return (
        f'<a href="{escape(address)}" data-name="{name}"><text x="{_COLUMNS[side]}" y="{height + 4:.1f}" '
        f'text-anchor="{anchor}">{escape(label)}</text></a>'
    )


DIRECTIVES = {
    "nuem-figure": FigureOf,
    "nuem-verdicts": VerdictsTable,
    "nuem-times": TimesTable,
    "nuem-ledger": LedgerTable,
    "nuem-inputs": InputsTable,
    "nuem-unverified": Unverified,
    "nuem-unverified-count": UnverifiedCount,
    "nuem-dependencies": Dependencies,
}
