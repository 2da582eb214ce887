"""Sphinx extension: executed copies in place of the source notebooks, and tables made of their records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from nuem.errors import NuemError
from nuem.press import (
    bibliography_style,
    errata,
    foot,
    incremental,
    layers,
    ledger,
    marks,
    policy,
    provenance,
    questions,
    reading,
    search,
    sheet,
    syllabus,
    symbols,
    tables,
    ways,
)
from nuem.press.tables import PageLinks, book_records, follow, the_book
from nuem.review import bounds, claims, records
from nuem.review.reads import METADATA
from nuem.view import cards

_INJECTED = "injected-parameters"


def source_read(app: Sphinx, docname: str, source: list[str]) -> None:
    """Substitute the executed copy for the source of a notebook; refuse a missing, failed or stale one."""
    if not app.env.doc2path(docname).endswith(".ipynb"):
        return
    follow(app, the_book(app).copy_of(docname), *sorted(claims.FOLDER.glob("*.yml")))
    try:
        notebook = the_book(app).executed_copy(docname)
    except NuemError as error:
        raise ExtensionError(str(error)) from error
    origins = provenance.origins(notebook)
    links = PageLinks(app, docname, origins, reading.displayed_formulas(notebook))
    for cell in notebook["cells"]:
        tags = cell["metadata"].setdefault("tags", [])
        if _INJECTED in tags:
            tags.append("remove-cell")
        marks.mark(cell)
        layers.mark(cell)
        if cell["cell_type"] == "markdown":
            cell["source"] = _link_numbers("".join(cell["source"]), origins)
        elif cell["cell_type"] == "code":
            cell["metadata"][reading.CELL_ID] = cell["id"]
            cell["outputs"] = [shown for output in cell["outputs"] for shown in _rendered(output, links)]
    follow(app, Path(app.srcdir, symbols.FILE))
    # Cells are Python alone, so their code is marked as Python: IPython's marks are the same and take twice as long.
    notebook["metadata"]["language_info"] = {"name": "python", "pygments_lexer": "python"}
    notebook["cells"] = symbols.with_box(docname, Path(app.srcdir), notebook["cells"])
    source[0] = json.dumps(notebook)


def _rendered(output: dict[str, Any], links: cards.Links) -> Iterator[dict[str, Any]]:
    """An output as the page needs it: a view as HTML; a bound also as the short card that the text can place."""
    output.get("metadata", {}).pop(METADATA, None)  # read by now; no reader needs it
    view = output.get("data", {}).pop(records.VIEW_MIME, None)
    if view is None:
        if html := "".join(output.get("data", {}).get("text/html", "")):
            output["data"]["text/html"] = tables.figure_of_site(html)
        yield output
        return
    yield {**output, "data": {**output["data"], "text/html": cards.render(view, links)}}
    if view["kind"] == "bound":
        yield _short_card(view, links)


def _short_card(view: cards.View, links: cards.Links) -> dict[str, Any]:
    """The card of a bound for the head of its chapter, `{glue}` with the name of the bound and `.card`."""
    name = bounds.from_row(view["bounds"][0]).name
    return {
        "output_type": "display_data",
        "metadata": {"scrapbook": {"name": f"{name}.card", "mime_prefix": records.UNSEEN}},
        "data": {f"{records.UNSEEN}text/html": cards.bound_card(view, links, details=False)},
    }


def _link_numbers(markdown: str, origins: Mapping[str, provenance.Origin]) -> str:
    """A number in the text leads to the line, below the cell that made it, which says where it comes from."""

    def link(match: re.Match[str]) -> str:
        name, _, vintage = match[1].rpartition(".")
        anchor = f"bound-{name}" if vintage in bounds.VINTAGES else f"number-{match[1]}"
        known = vintage in bounds.VINTAGES or match[1] in origins
        return f'<a class="nuem-traced" href="#{anchor}">{match[0]}</a>' if known else match[0]

    return re.sub(r"\{glue:text\}`([^`]+)`", link, markdown)


def config_inited(app: Sphinx, config: Any) -> None:
    """Settings that Jupyter Book's configuration file can't express, or that another extension overrules."""
    config.numfig = False  # nothing has Sphinx's numbers, for which it would read all pages after each change
    if the_book(app).overrides:
        names = ", ".join(sorted(the_book(app).overrides))
        config.html_context["announcement"] = (
            f"A reader’s copy of the book, with own inputs for {escape(names)}. It is not the published book."
        )


def prepare(app: Sphinx) -> None:
    """Read the records once, before Sphinx divides the pages among processes."""
    book_records(app)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension."""
    app.connect("config-inited", config_inited)
    app.connect("source-read", source_read)
    app.connect("builder-inited", prepare)
    incremental.setup(app)
    bibliography_style.setup(app)
    app.connect("html-page-context", foot.add)
    app.connect("build-finished", foot.stamp)
    app.connect("builder-inited", search.without_own_index)
    app.connect("html-page-context", search.keep_entries)
    app.connect("html-collect-pages", search.page)
    app.connect("build-finished", search.write_index)
    app.connect("build-finished", policy.add_policy, priority=900)  # when every page is as it stays
    app.add_transform(reading.AnswerFirst)
    app.add_post_transform(reading.FoldCode)
    app.add_post_transform(reading.Subscripts)
    app.add_post_transform(layers.TwoLayers)
    for module in (tables, errata, ledger, symbols, ways, syllabus, sheet):
        for name, directive in module.DIRECTIVES.items():
            app.add_directive(name, directive)
    questions.setup(app)
    for name, role in errata.ROLES.items():
        app.add_role(name, role())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
