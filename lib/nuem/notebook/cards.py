"""The readable side of a record: HTML cards and tables that a chapter's cells show."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nuem import typeset
from nuem.review import claims
from nuem.review.bounds import Bound
from nuem.review.inputs import VINTAGES, Entry, Value
from nuem.review.records import Verdict, to_json

# On the site MathJax looks only into elements of this class; JupyterLab looks everywhere.
_MATH = "tex2jax_process"
_VINTAGE_WORDS = {"published": "as printed", "recomputed": "recomputed, inputs of the time", "today": "today"}


def prose(text: str) -> str:
    r"""Plain text with $TeX$, as HTML; the delimiters \(…\) are the ones that every MathJax set-up knows.

    >>> prose("a < b and $a < b$")
    'a &lt; b and \\(a &lt; b\\)'
    """
    return re.sub(r"\$([^$]+)\$", r"\\(\1\\)", html.escape(text, quote=False))


def number_line(label: str, text: str) -> str:
    """A number with its label."""
    return f'<p class="nuem-number {_MATH}">{prose(label)}: <strong>{html.escape(text)}</strong></p>'


def table(head: Iterable[str], rows: Iterable[Iterable[str]], css_class: str = "") -> str:
    """An HTML table; the cells are HTML already."""
    header = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table class="{css_class}"><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table>'


# -- inputs ------------------------------------------------------------------------------------------------------------


def input_table(entries: Iterable[Entry], *, anchors: bool = False) -> str:
    """Inputs: what they are, both vintages, and where each value comes from; with an anchor each, if asked for."""
    rows = [[_input_name(entry, anchors), *(_input_value(entry, vintage) for vintage in VINTAGES)] for entry in entries]
    content = table(["input", "as published", "today"], rows, "nuem-inputs")
    return f'<div class="nuem-table {_MATH}">{content}</div>'


def _input_name(entry: Entry, anchor: bool) -> str:
    symbol = prose(f" ${entry.symbol}$") if entry.symbol else ""
    name = f'<code id="input-{entry.name}">' if anchor else "<code>"
    return f"{prose(entry.describe)}{symbol}<br>{name}{entry.name}</code>"


def _input_value(entry: Entry, vintage: str) -> str:
    value = entry.values.get(vintage)
    if value is None:
        return "—"
    return f"{html.escape(typeset.join(_value_text(value), entry.unit))}<br><small>{_source(value)}</small>"


def _value_text(value: Value) -> str:
    if value.error:
        return typeset.with_error(value.nominal, value.error)
    literal = re.fullmatch(r"[+-]?(\d*)\.?(\d*)(e[+-]?\d+)?", value.text)
    digits = len((literal[1] + literal[2]).lstrip("0")) if literal else 3
    return typeset.number(value.nominal, max(digits, 1))


def _source(value: Value) -> str:
    return "set by the reader" if value.overridden else f"{source_link(value.source)}, {prose(value.where)}"


def source_link(source: str) -> str:
    """Link to the bibliography; the site turns the key into author and year."""
    key = html.escape(source)
    return f'<a class="nuem-source" data-source="{key}" href="#">{key}</a>'


def folded(reasons: str) -> str:
    """Reasons, as HTML, that a click opens, or nothing."""
    return f"<details><summary>why</summary>{reasons}</details>" if reasons else ""


def link_sources(text: str, link: Callable[[str], str]) -> str:
    """Replace the bibliography keys in cards and tables by links; `link` makes one from a key."""
    pattern = r'<a class="nuem-source" data-source="([^"]+)" href="#">[^<]*</a>'
    return re.sub(pattern, lambda match: link(match[1]), text)


def claim_link(identifier: str) -> str:
    """Link to the verdict on a claim; the site knows its page."""
    claim = claims.claim(identifier)
    return f'<a class="nuem-claim" data-claim="{claim.id}" href="#{claim.anchor}">{prose(claim.where)}</a>'


def link_claims(text: str, address: Callable[[str], str]) -> str:
    """Give the links to claims their addresses; `address` makes one from the id of a claim."""
    pattern = r'(<a class="nuem-claim" data-claim="([^"]+)" href=)"[^"]*"'
    return re.sub(pattern, lambda match: f'{match[1]}"{address(match[2])}"', text)


# -- bounds ------------------------------------------------------------------------------------------------------------


def bound_card(bounds: Mapping[str, Bound], verdict: Verdict | None, *, details: bool) -> str:
    """A bound in its vintages; with `details` also what each input does to it, and the anchor of the record."""
    first = next(iter(bounds.values()))
    # a claim that was judged from the paper's own steps says nothing about our number
    judged = verdict and ("recomputed" if verdict.recomputed == bounds["recomputed"].value else "published")
    rows = "".join(_bound_row(bound, verdict if vintage == judged else None) for vintage, bound in bounds.items())
    anchor = f' id="{first.anchor}"' if details else ""
    return (
        f'<div class="nuem-card nuem-bound {_MATH}"{anchor}><p class="nuem-card-title">{prose(first.title)}</p>'
        f'<table class="nuem-vintages"><tbody>{rows}</tbody></table>{_elasticities(bounds) if details else ""}</div>'
    )


def _bound_row(bound: Bound, verdict: Verdict | None) -> str:
    remark = bound.cl_text()
    if bound.vintage == "published" and bound.claim:
        remark = prose(claims.claim(bound.claim).where)
    if verdict:
        remark += f" {_badge(verdict)}"
    return (
        f"<tr><th>{_VINTAGE_WORDS[bound.vintage]}</th><td><strong>{html.escape(bound.value_text())}</strong></td>"
        f"<td>{remark}</td></tr>"
    )


def _elasticities(bounds: Mapping[str, Bound]) -> str:
    """What each input does to the bound, folded away until asked for."""
    computed = [bound for bound in bounds.values() if bound.vintage != "published"]
    if computed[0].kind == "region":
        return ""
    names = dict.fromkeys(row["name"] for bound in computed for row in bound.inputs)
    title = "How the bound follows its inputs: percent change per percent change of an input"
    if computed[0].kind == "measurement":
        title = "Where the uncertainty comes from"
    rows = [[f"<code>{name}</code>", *(_influence(bound, name) for bound in computed)] for name in names]
    return f"<details><summary>{title}</summary>{table(['input', *(b.vintage for b in computed)], rows)}</details>"


def _influence(bound: Bound, name: str) -> str:
    """The elasticity; for a measurement, which may be near zero, the uncertainty that the input contributes."""
    row: Mapping[str, Any] = next((row for row in bound.inputs if row["name"] == name), {})
    if bound.kind == "measurement" and row:
        return typeset.number(row["contribution"])
    if row.get("elasticity") is None:
        return "—"
    # The difference of two nearly equal numbers reacts to each of them a million times stronger.
    text = f"{row['elasticity']:+.2f}" if abs(row["elasticity"]) < 100 else typeset.number(row["elasticity"])
    return text.replace("-", "−")


# -- verdicts ----------------------------------------------------------------------------------------------------------


def _badge(verdict: Verdict) -> str:
    severity = f" ({verdict.severity})" if verdict.severity else ""
    return f'<span class="nuem-badge nuem-{verdict.verdict}">{verdict.verdict}{severity}</span>'


def verdict_card(verdict: Verdict) -> str:
    """What is printed, what comes out, and why they differ if they do."""
    claim = claims.claim(verdict.claim)
    reasons = why(to_json(verdict))
    explanation = f'<p class="nuem-explanation">{reasons}</p>' if reasons else ""
    found = "in the source" if verdict.verdict == "quoted" else "found here"
    return (
        f'<div class="nuem-card nuem-verdict {_MATH}" id="{claim.anchor}">'
        f"<p>{_badge(verdict)} {source_link(claim.paper)}, <strong>{prose(claim.where)}</strong>: "
        f"{prose(claim.claim)}</p>"
        f"<dl><dt>printed</dt><dd>{printed(claim)}</dd><dt>{found}</dt><dd>{_found(verdict, claim)}</dd></dl>"
        f"{explanation}</div>"
    )


def why(row: Mapping[str, Any]) -> str:
    """The reasons for a verdict, as HTML: the explanation, what the paper leaves open, and the root of the error.

    Args:
        row: of the ledger, or a verdict as plain JSON.
    """
    sentences = [prose(row["explanation"])] if row["explanation"] else []
    for part in row.get("parts") or [row]:
        if part["unstated"]:
            sentences.append(prose(f"Unstated: {part['unstated']}{_reach(part)}."))
    if row["root"]:
        root = claims.claim(row["root"])
        sentences.append(
            f"This repeats the error of {source_link(root.paper)}, {claim_link(root.id)}, and is counted with it."
        )
    return " ".join(sentences)


def _reach(part: Mapping[str, Any]) -> str:
    if not part["unstated_range"]:
        return ""
    claim = claims.claim(part.get("id") or part["claim"])
    low, high = (found_number(claim, end, None) for end in part["unstated_range"])
    return f"; a sensible range of it gives {low} to {typeset.join(high, claim.unit)}"


def printed(claim: claims.Claim) -> str:
    """The claim as printed."""
    if claim.kind != "number":
        return prose(claim.published)
    return html.escape(typeset.join(f"{claim.sign} {claim.number_text}".strip(), claim.unit))


def found_number(claim: claims.Claim, recomputed: float, uncertainty: float | None) -> str:
    """What comes out, with one digit more than the print: a reader sees whether the printed digits are met.

    >>> found_number(claims.claim("davidson-hannestad-raffelt-2000/bbn-ratio-055"), 0.30396, None)
    '0.304'
    """
    if uncertainty:
        return typeset.with_error(recomputed, uncertainty)
    return typeset.number(recomputed, max(2, claim.printed.digits + 1))


def _found(verdict: Verdict, claim: claims.Claim) -> str:
    if not isinstance(verdict.recomputed, float):
        return prose(verdict.recomputed)
    number = found_number(claim, verdict.recomputed, verdict.uncertainty)
    ratio = "source ÷ printed" if verdict.verdict == "quoted" else "recomputed ÷ printed"
    return html.escape(f"{typeset.join(number, claim.unit)} ({ratio} = {typeset.number(verdict.factor)})")
