"""Entries of the listings as rows of a table that the site's script sorts by the keys that the cells carry.

`links` are those of the page, see `nuem.view.cards.Links`.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from nuem import typeset
from nuem.review.inputs import CHECKED
from nuem.review.records import entry_anchor

Row = Mapping[str, Any]


_STANDING_TONES = {"derived": "good", "converted": "good", "superseded": "fair", "contested": "bad", "quoted": "open"}
_AUTHORS = {
    "source": "paper read",
    "secondhand": "known from the listing",
    "memory": "known from memory",
    "none": "not verified",
}
_ENTRY_HEAD = ("entry", "as listed", "here", "why")


def table(rows: Sequence[Row], links: Any) -> str:
    """The table of some entries, as HTML, and on the site the script that sorts it."""
    head = "".join(f"<th>{title}</th>" for title in _ENTRY_HEAD)
    body = "".join(_entry_row(row, links) for row in rows)
    address = links.page("_static/listings.js")
    script = f'<script defer src="{address}"></script>' if address else ""
    return f'<table class="nuem-listings stacks"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{script}'


def _entry_row(row: Row, links: Any) -> str:
    ours = row["ours"]
    # keys to sort by: a year and a name, numbers, the distance of a ratio from one; what has none comes last
    keys = (
        f"{row['year']} {row['entry']}",
        "" if row["upper"] is None else max(map(abs, (row["lower"], row["upper"]))),
        "" if ours is None else abs(math.log(ours["ratio"])),
        "",
    )
    cells = (
        _entry_name(row),
        _entry_value(row),
        _entry_ours(row, links),
        _entry_reasons(row, links),
    )
    columns = zip(_ENTRY_HEAD, keys, cells, strict=True)
    return (
        f'<tr id="{entry_anchor(row["id"])}">'
        + "".join(
            f'<td data-label="{title}" data-sort="{html.escape(str(key))}">{cell}</td>' for title, key, cell in columns
        )
        + "</tr>"
    )


def _small(*words: str | None) -> str:
    return f"<br><small>{'; '.join(typeset.in_html(word) for word in words if word)}</small>"


def _standing(name: str) -> str:
    return f'<span class="nuem-badge nuem-{_STANDING_TONES[name]}">{name}</span>'


def _entry_name(row: Row) -> str:
    name = html.escape(row["entry"])
    if row["doi"]:
        name = f'<a href="https://doi.org/{html.escape(row["doi"])}">{name}</a>'
    by = "analysed by others" if row["by"] == "others" else None
    badges = " ".join(_standing(one) for one in row["standings"])
    nature = "Dirac or Majorana" if row["nature"] == "either" else row["nature"]
    return f"{name}<br>{badges}{_small(row['experiment'], by)}{_small(row['flavour'], nature, row['means'])}"


def number_text(row: Row) -> str:
    """The number of an entry in print: a limit as people write it, a range and a measurement with the listing's digits.

    >>> common = {"lower": 0.0, "unit": "mu_B"}
    >>> number_text({"kind": "limit", "printed": "<3900E-10", "upper": 3.9e-7, **common})
    '< 3.9 × 10⁻⁷ μ_B'
    >>> number_text({"kind": "interval", "printed": "-2.1 to 3.30", "lower": -2.1e-32, "upper": 3.3e-32, "unit": "e0"})
    '(−2.1 to 3.30) × 10⁻³² e₀'
    """
    if row["kind"] == "words":
        return "in words"
    mantissa = re.sub(r"E\s*[+-]?\d+|[<=()]", "", row["printed"]).strip()
    if row["kind"] == "limit":
        digits = max(len(_significant(found)) for found in re.findall(r"\d*\.?\d+", mantissa))
        ends = [typeset.number(end, digits) for end in (row["lower"], row["upper"]) if end]
        return typeset.join(f"< {' to '.join(ends)}", row["unit"])
    end = row["value"] if row["kind"] == "measurement" else row["upper"]
    numbers = [float(found) for found in re.findall(r"\d*\.?\d+", mantissa)]
    power = round(math.log10(abs(end) / numbers[0 if row["kind"] == "measurement" else -1]))
    mantissa = re.sub(r"(?<=\d)\s*-\s*(?=[\d.]+$)", " − " if row["kind"] == "measurement" else " to ", mantissa)
    mantissa = mantissa.replace("+-", " ± ").replace("-", "−")
    return typeset.join(f"({mantissa}) × {typeset.power_of_ten(power)}", row["unit"])


def _entry_value(row: Row) -> str:
    level = "no level stated" if row["cl"] is None else f"{typeset.percent(row['cl'])} CL"
    sides = {1: "one-sided", 2: "two-sided", None: None}[row["sided"]]
    summary = "in the group's summary" if row["in_summary"] else None
    number = typeset.in_html(number_text(row))
    return number + _small(level, sides, summary) + _entry_authors(row)


def _entry_authors(row: Row) -> str:
    """The authors' own number and convention, and how well we know them."""
    prints, convention = row["authors_print"], row["convention_of_authors"]
    words = [_AUTHORS[row["checked"]]]
    if prints:
        ends = " to ".join(typeset.number(float(end), len(_significant(end))) for end in prints.split(" to "))
        words = [f"authors: {typeset.join(ends, row['unit'])}", f"{row['authors_where']} read"]
    return _small(*words, convention and f"their convention: {convention}")


def _significant(number: str) -> str:
    """The digits of a printed number that count, at least one; zeros at the end of a whole number don't.

    >>> _significant("-2.1e-32"), _significant("3900"), _significant("1.0"), _significant("0.29")
    ('21', '39', '10', '29')
    """
    digits = number.partition("e")[0].lstrip("-+0.").replace(".", "")
    return (digits if "." in number else digits.rstrip("0")) or "0"


def _entry_ours(row: Row, links: Any) -> str:
    ours = row["ours"]
    if ours is None:
        address = links.input(row["quoted_as"]) if row["quoted_as"] else ""
        return f'<small><a href="{address}">quoted as an input</a></small>' if address else "—"
    sign = "" if ours["value"] is None else "< "
    ends = [ours["lower"], ours["upper"]] if ours["value"] is None else [ours["value"]]
    text = typeset.join(sign + " to ".join(map(typeset.number, ends)), row["unit"])
    link = f'<a href="{html.escape(links.bound(ours["bound"].partition("/")[0]))}">{typeset.in_html(text)}</a>'
    return f"{link}<br><strong>{typeset.number(ours['ratio'])}</strong> of the listed{_small(ours['construction'])}"


def _entry_reasons(row: Row, links: Any) -> str:
    """Why an entry has its standing; what supersedes or contests it, what doesn't fit, the group's own words."""
    lines = [f"Superseded by {_reference(one['by'], links)}: {one['how']}." for one in row["superseded_by"]]
    lines += [f"Contested: {typeset.in_html(one['because'])}{_by(one['by'], links)}." for one in row["contested_by"]]
    misfit = '<strong class="nuem-misfit">Doesn’t fit.</strong>'
    lines += [f"{misfit} {disagreement_text(one)}" for one in row["disagreements"]]
    notes = " ".join(typeset.in_html(note) for note in row["notes"])
    told = f"<details><summary>the group’s words</summary>{html.escape(row['method'] or '')}. {notes}</details>"
    return "<br>".join([typeset.in_html(row["reason"]), *lines]) + told


def _reference(name: str, links: Any) -> str:
    """Another entry, or an input that holds a result which the edition doesn't list."""
    if "/" not in name:
        return _input_link(name, links)
    words = name.split("/")[1].replace("-", " ").title()
    return f'<a href="#{entry_anchor(name)}">{words}</a>'


def _by(name: str | None, links: Any) -> str:
    if not name:
        return ""
    if name.isupper():  # the group's name of a document
        return f" ({html.escape(name.title())})"
    return f" ({_reference(name, links) if '/' in name else links.source(name)})"


def disagreement_text(one: Row) -> str:
    """What an entry says and what another place says, as HTML."""
    checked = "" if one["checked"] == "source" else f" ({CHECKED[one['checked']]})"
    listed, found, where = (typeset.in_html(one[name]) for name in ("listed", "found", "where"))
    return f"Listed: <q>{listed}</q>; {where}{checked}: <q>{found}</q>."


def _input_link(name: str, links: Any) -> str:
    address, words = links.input(name), typeset.in_html(links.describe(name))
    return f'<a href="{address}">{words}</a>' if address else words
