"""The ledger on the page of the errata: every printed claim, a row each that reads like a sentence.

The page's script filters and sorts the rows by what their `data-` attributes say, and keeps the choice in the address.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from typing import Any

from docutils import nodes

from nuem import typeset
from nuem.press.tables import Table
from nuem.review import claims, records
from nuem.view import cards


def off(row: Mapping[str, Any]) -> float | None:
    """How far a claim is off: the largest |ln(found ÷ printed)| of its parts; None without a ratio.

    >>> off({"parts": [{"factor": 1.0}, {"factor": 0.5}, {"factor": None}]}) == math.log(2)
    True
    >>> off({"parts": [], "factor": -1.0})
    inf
    """
    factors = [part["factor"] for part in row["parts"] or [row] if part["factor"] is not None]
    return max((abs(math.log(factor)) if factor > 0 else math.inf for factor in factors), default=None)


class Ledger(Table):
    """`{nuem-ledger}`: every printed claim with its verdict."""

    def run(self) -> list[nodes.Node]:
        """The rows with their script."""
        script = f'<script defer src="{"../" * self.env.docname.count("/")}_static/ledger.js"></script>'
        return [*super().run(), nodes.raw("", script, format="html")]

    def html(self) -> str:
        """One row per claim, in the order of the papers."""
        rows = records.ledger_json(self.book)["claims"]
        return f'<ol class="nuem-ledger">{"".join(map(self._row, rows))}</ol>'

    def _row(self, row: Mapping[str, Any]) -> str:
        badge = cards.badge(row["verdict"], row["severity"])
        anchor = f"ledger-{claims.claim(row['id']).anchor.removeprefix('claim-')}"
        verdict = f'<a href="{self.to_root}{row["url"]}">{badge}</a>' if row["url"] else badge
        worst = off(row)
        facts = {
            "id": row["id"],
            "paper": row["paper"],
            "verdict": row["verdict"] or "open",
            "severity": row["severity"] or "",
            "off": "" if worst is None else f"{min(worst, 1e9):.6g}",
        }
        data = " ".join(f'data-{name}="{escape(value)}"' for name, value in facts.items())
        reasons = cards.why(row, self.links)
        return (
            f'<li id="{anchor}" {data}><p>{verdict} {self.links.source(row["paper"])}, '
            f"<strong>{cards.prose(row['where'])}</strong>: {cards.prose(row['claim'])}"
            f"{cards.permalink(anchor)}</p>{''.join(map(_compared, row['parts'] or [row]))}{cards.folded(reasons)}</li>"
        )


def _compared(part: Mapping[str, Any]) -> str:
    """Printed and found side by side, and their ratio."""
    claim = claims.claim(part["id"])
    name = f"<p>{cards.prose(claim.claim)}:</p>" if "#" in part["id"] else ""
    found = part["recomputed"]
    if isinstance(found, (int, float)):
        words = typeset.in_html(typeset.join(cards.found_number(claim, found, part["uncertainty"]), claim.unit))
    else:
        words = cards.prose(found or "—")
    ratio = "" if part["factor"] is None else f"<div><dt>ratio</dt><dd>{typeset.number(part['factor'])}</dd></div>"
    heading = claims.VERDICTS[part["verdict"]].found if part["verdict"] else "found"
    return (
        f"{name}<dl><div><dt>printed</dt><dd>{cards.printed(claim)}</dd></div>"
        f"<div><dt>{heading}</dt><dd>{words}</dd></div>{ratio}</dl>"
    )


DIRECTIVES = {"nuem-ledger": Ledger}
