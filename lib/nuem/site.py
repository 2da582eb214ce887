"""Sphinx extension: executed copies in place of the source notebooks, and tables made of their records."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from nuem import cards, claims, figures, records, typeset
from nuem.book import Book
from nuem.errors import NuemError

BIBLIOGRAPHY = "reference/bibliography"
_INJECTED = "injected-parameters"


def the_book(app: Sphinx) -> Book:
    """The book that is being built, with the overrides of a custom build."""
    root = Path(app.srcdir)
    overrides = json.loads(os.environ.get("NUEM_OVERRIDES", "{}"))
    return Book(root, Path(os.environ.get("NUEM_BUILD", root / "_build")), overrides)


def source_read(app: Sphinx, docname: str, source: list[str]) -> None:
    """Substitute the executed copy for the source of a notebook; refuse a missing, failed or stale one."""
    if not app.env.doc2path(docname).endswith(".ipynb"):
        return
    try:
        notebook = the_book(app).executed_copy(docname)
    except NuemError as error:
        raise ExtensionError(str(error)) from error
    for cell in notebook["cells"]:
        tags = cell["metadata"].setdefault("tags", [])
        if _INJECTED in tags:
            tags.append("remove-cell")
        for output in cell.get("outputs", ()):
            _prepare_output(app, output, docname)
    source[0] = json.dumps(notebook)


def _prepare_output(app: Sphinx, output: dict[str, Any], docname: str) -> None:
    data = output.get("data", {})
    for mime in (records.BOUND_MIME, records.VERDICT_MIME):
        data.pop(mime, None)
    for mime, content in data.items():
        if mime.endswith("text/html"):
            text = content if isinstance(content, str) else "".join(content)
            data[mime] = _link_sources(app, text, docname)


def _link_sources(app: Sphinx, text: str, docname: str) -> str:
    """Turn bibliography keys into author, year and a link to the entry."""
    to_root = "../" * docname.count("/")

    def link(match: re.Match[str]) -> str:
        key = match[1]
        label = citation_labels(app).get(key)
        if label is None:
            raise ExtensionError(f"{docname}: the source {key!r} is not in references.bib; add it")
        return f'<a class="nuem-source" href="{to_root}{BIBLIOGRAPHY}.html#cite-{key}">{escape(label)}</a>'

    return re.sub(r'<a class="nuem-source" data-source="([^"]+)" href="#">[^<]*</a>', link, text)


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
        return f"{entry.fields['collaboration'].replace('{', '').replace('}', '')} {year}"
    names = ["".join(person.last_names).replace("{", "").replace("}", "") for person in entry.persons["author"]]
    if "others" in names or len(names) > 2:
        return f"{names[0]} et al. {year}"
    return f"{' & '.join(names)} {year}"


class Table(SphinxDirective):
    """A directive that is a table made of the executed book."""

    def run(self) -> list[nodes.Node]:
        """The table, as raw HTML."""
        book = the_book(self.env.app)
        to_root = "../" * self.env.docname.count("/")
        return [nodes.raw("", f'<div class="nuem-table">{self.html(book, to_root)}</div>', format="html")]

    def html(self, book: Book, to_root: str) -> str:
        """The HTML of the table."""
        raise NotImplementedError


class BoundsTable(Table):
    """`{nuem-bounds}`: every bound of the book, in its vintages."""

    def html(self, book: Book, to_root: str) -> str:
        """One row per bound."""
        rows: dict[str, dict[str, str]] = {}
        for located in book.records().bounds:
            bound = records.from_json(located.record)
            link = f'<a href="{to_root}{located.url(bound.anchor)}">{escape(bound.title)}</a>'
            row = rows.setdefault(bound.name, {"link": f"{link}<br><small>{bound.cl_text()}</small>"})
            row[bound.vintage] = f'<span class="nuem-nowrap">{escape(bound.value_text())}</span>'
        return cards.table(
            ["what bounds what", "as printed", "recomputed", "today"],
            [[row["link"], *(row.get(vintage, "—") for vintage in records.VINTAGES)] for row in rows.values()],
        )


class ChargePicture(Table):
    """`{nuem-charge-picture}`: every sensitivity to a charge, with the inputs of the time and of today."""

    def html(self, book: Book, to_root: str) -> str:
        """One dot per bound; the picture compares sensitivities only, all at one confidence level."""
        words = {"recomputed": "then", "today": "today"}
        colours = {"recomputed": figures.BLUE, "today": figures.VERMILION}
        rows = []
        for located in book.records().bounds:
            bound = records.from_json(located.record)
            if bound.parameter == "|ε|" and bound.cl_method == records.SENSITIVITY and bound.vintage in words:
                label = f"{bound.name.removeprefix('eps-').replace('-', ' ')}, {words[bound.vintage]}"
                rows.append((label, bound.value, colours[bound.vintage]))
        rows.sort(key=lambda row: -row[1])
        figure = figures.dots(rows, r"charge difference $|\epsilon|$ that goes unnoticed, in units of $e$")
        alt = "Sensitivity to unquantised charges, with the inputs of the time and with today's: " + "; ".join(
            f"{label}: {typeset.number(value)}" for label, value, _ in rows
        )
        return figures.svg(figure, alt)


class VerdictsTable(Table):
    """`{nuem-verdicts}`: how many claims of each paper are settled, and how."""

    def html(self, book: Book, to_root: str) -> str:
        """One row per paper."""
        papers: dict[str, dict[str | None, int]] = {}
        labels = citation_labels(self.env.app)
        for claim in records.ledger_json(book.records())["claims"]:
            counts = papers.setdefault(claim["paper"], {})
            counts[claim["verdict"]] = counts.get(claim["verdict"], 0) + 1
        columns = [*claims.VERDICTS, None]
        return cards.table(
            ["paper", "claims", *(column or "still open" for column in columns)],
            [
                [
                    f'<a href="{to_root}{BIBLIOGRAPHY}.html#cite-{paper}">{escape(labels[paper])}</a>',
                    str(sum(counts.values())),
                    *(str(counts.get(column, 0)) for column in columns),
                ]
                for paper, counts in papers.items()
            ],
        )


class TimesTable(Table):
    """`{nuem-times}`: seconds and peak memory of every chapter."""

    def html(self, book: Book, to_root: str) -> str:
        """One row per chapter."""
        rows = []
        for chapter in book.chapters():
            stamp = book.executed_copy(chapter)["metadata"]["nuem"]
            rows.append(
                [
                    f'<a href="{to_root}{chapter}.html">{chapter.removeprefix("chapters/")}</a>',
                    f"{stamp['compute_seconds']:.1f}",
                    f"{stamp['seconds']:.1f}",
                    str(stamp["megabytes"]),
                ]
            )
        return cards.table(["chapter", "own compute (s)", "with start of the kernel (s)", "peak memory (MB)"], rows)


def config_inited(app: Sphinx, config: Any) -> None:
    """Settings that Jupyter Book's configuration file can't express."""
    if the_book(app).overrides:
        names = ", ".join(sorted(the_book(app).overrides))
        config.html_theme_options["announcement"] = (
            f"A reader’s copy of the book, with own inputs for {escape(names)}. It is not the published book."
        )


_MATHJAX_PARTS = ("tex-chtml.js", "output/chtml/fonts/woff-v2", "input/tex/extensions")


def add_mathjax(app: Sphinx) -> None:
    """Serve MathJax from the site: of the installed package the few files that a page can load."""
    package = importlib.util.find_spec("sphinx-mathjax-offline")
    if package is None or package.origin is None:
        raise ExtensionError("the package sphinx-mathjax-offline is not installed; run `make book` again")
    source = Path(package.origin).parent / "static" / "mathjax"
    target = Path(app.outdir, "_static", "mathjax")
    for part in _MATHJAX_PARTS:
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, dirs_exist_ok=True)
        else:
            shutil.copy(source / part, target / part)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension."""
    app.connect("config-inited", config_inited)
    app.connect("source-read", source_read)
    app.connect("builder-inited", add_mathjax)
    app.add_directive("nuem-bounds", BoundsTable)
    app.add_directive("nuem-verdicts", VerdictsTable)
    app.add_directive("nuem-charge-picture", ChargePicture)
    app.add_directive("nuem-times", TimesTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
