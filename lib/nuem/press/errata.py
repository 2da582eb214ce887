"""The page of the errata: the discrepant claims by what went wrong, how many there are, and numbers of other pages.

`errata.yml` beside the page says where each claim stands. A discrepant claim without a place stops the build.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxRole

from nuem.errors import NuemError, allowed
from nuem.press.tables import Table, book_records, follow, the_book
from nuem.review import claims, records, yamlfile
from nuem.view import cards

LISTS = "chapters/synthesis/errata.yml"
HEAD = "head"  # the list of the claims that the first lines of the page tell
_WITHOUT_LIST = "editorial"  # the page shows them all

Rows = Sequence[Mapping[str, Any]]


def lists(root: Path) -> dict[str, list[str]]:
    """Names of claims by what went wrong.

    Raises:
        NuemError: the file is missing or malformed, or a claim stands in it twice.
    """
    content = yamlfile.read(root / LISTS, LISTS)
    if not isinstance(content, Mapping) or not all(isinstance(names, list) for names in content.values()):
        raise NuemError(f"{LISTS}: not lists of claims by what went wrong; write `signs:` and below it `- paper/claim`")
    twice = [name for name, count in Counter(name for names in content.values() for name in names).items() if count > 1]
    if twice:
        raise NuemError(f"{LISTS}: {', '.join(twice)} stands there twice; keep one of them")
    return dict(content)


def check(rows: Rows, placed: Mapping[str, Sequence[str]]) -> None:
    """See that the page tells every error, and nothing else.

    Raises:
        NuemError: a claim has no verdict, or a discrepant one no place, or a place holds another claim.
    """
    open_claims = [row["id"] for row in rows if not row["verdict"]]
    if open_claims:
        raise NuemError(f"claims without a verdict: {', '.join(open_claims)}; settle them in their chapters")
    told = set(placed.get(HEAD, ()))
    listed = {name for key, names in placed.items() for name in names} - told
    _compare(told, _of_severity(rows, "substantive"), f"the head of the errata doesn't fit the ledger; in {LISTS}")
    _compare(listed, _of_severity(rows, "minor"), f"the lists of the errata don't fit the ledger; in {LISTS}")


def _of_severity(rows: Rows, severity: str) -> set[str]:
    return {row["id"] for row in rows if row["severity"] == severity}


def _compare(listed: set[str], needed: set[str], problem: str) -> None:
    if listed != needed:
        add, drop = (", ".join(sorted(names)) or "nothing" for names in (needed - listed, listed - needed))
        raise NuemError(f"{problem} add {add}, take out {drop}")


def members(rows: Rows, placed: Mapping[str, Sequence[str]], name: str) -> Rows:
    """The rows of one list in its order; the slips of the pen in the ledger's.

    Raises:
        NuemError: there is no such list.
    """
    if name == _WITHOUT_LIST:
        return [row for row in rows if row["severity"] == name]
    if name not in placed:
        raise NuemError(f"{LISTS}: there is no list {name!r}; {allowed([*placed, _WITHOUT_LIST], name)}")
    by_id = {row["id"]: row for row in rows}
    # with a reader's own inputs a listed claim may hold
    return [by_id[claim] for claim in placed[name] if claims.is_wrong(by_id[claim]["verdict"])]


def counts(rows: Rows) -> dict[str, int]:
    """How many claims there are, with each verdict and each severity, and how many errors are independent."""
    verdicts, severities = (Counter(row[key] for row in rows) for key in ("verdict", "severity"))
    return {
        "claims": len(rows),
        **{verdict: verdicts[verdict] for verdict in claims.VERDICTS},
        **{severity: severities[severity] for severity in claims.SEVERITIES},
        "independent": records.independent_errors(rows),
        "substantive-errors": records.independent_errors(row for row in rows if row["severity"] == "substantive"),
    }


def shown_numbers(notebook: Mapping[str, Any]) -> dict[str, str]:
    """The numbers that an executed notebook shows, typeset, by their keys."""
    views = [
        output.get("data", {}).get(records.VIEW_MIME, {"kind": None})
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
    ]
    return {view["key"]: view["text"] for view in views if view["kind"] == "number"}


def _ledger(app: Sphinx) -> Rows:
    return records.ledger_json(book_records(app))["claims"]


class Errata(Table):
    """`{nuem-errata} list`: the discrepant claims of a list, each with its reasons to open."""

    required_arguments = 1

    def html(self) -> str:
        """One row per claim."""
        rows, book = _ledger(self.env.app), the_book(self.env.app)
        try:
            placed = lists(book.root)
            if not book.overrides:  # a reader's own inputs may turn verdicts
                check(rows, placed)
            return cards.claims_table(members(rows, placed, self.arguments[0]), self.links)
        except NuemError as error:
            raise self.error(str(error)) from error


class Count(SphinxRole):
    """The role `nuem-count`: how many claims are, for instance, "discrepant"; in figures."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The count as text."""
        follow(self.env.app, the_book(self.env.app).data / "ledger.json")
        found = counts(_ledger(self.env.app))
        if self.text not in found:
            raise ExtensionError(f"{self.env.docname}: {self.text!r} can't be counted; {allowed(found, self.text)}")
        return [nodes.Text(str(found[self.text]))], []


class NumberOf(SphinxRole):
    """The role `nuem-number` of "chapter key": a number of another chapter, named from here; it leads there."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The number with its link."""
        page, _, key = self.text.partition(" ")
        chapter = posixpath.normpath(posixpath.join(posixpath.dirname(self.env.docname), page))
        follow(self.env.app, the_book(self.env.app).copy_of(chapter))
        numbers = _numbers(self.env.app, chapter)
        if key not in numbers:
            raise ExtensionError(f"{self.env.docname}: {chapter} shows no number {key!r}; mend the role")
        link = f'<a class="nuem-traced" href="{escape(page)}.html#number-{escape(key)}">{escape(numbers[key])}</a>'
        return [nodes.raw("", link, format="html")], []


def _numbers(app: Sphinx, chapter: str) -> dict[str, str]:
    """As `shown_numbers` of a chapter, read once."""
    cached = app.__dict__.setdefault("_nuem_numbers", {})
    if chapter not in cached:
        try:
            cached[chapter] = shown_numbers(the_book(app).executed_copy(chapter))
        except NuemError as error:
            raise ExtensionError(str(error)) from error
    return cached[chapter]


DIRECTIVES = {"nuem-errata": Errata}
ROLES = {"nuem-count": Count, "nuem-number": NumberOf}
