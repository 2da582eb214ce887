"""What a chapter's notebook uses: inputs, numbers for the text, bounds and verdicts, each with one call."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from IPython.display import display

from nuem import claims, typeset
from nuem.errors import NuemError
from nuem.inputs import Inputs, Propagated, Values, propagate
from nuem.records import BOUND_MIME, VERDICT_MIME, Bound, Verdict, to_json

if TYPE_CHECKING:
    import sympy as sp

_GLUE_PREFIX = "application/papermill.record/"


class Chapter:
    """One chapter's view of the book's inputs, and its way to publish results.

    Args:
        overrides: a reader's own inputs; {name: value} changes today's value, {name: {published: value}} the paper's.

    Raises:
        NuemError: an override has an unknown name, a wrong unit or a value that doesn't parse.
    """

    def __init__(self, overrides: Mapping[str, Any] | None = None):
        self.inputs = Inputs(overrides or {})
        self._lines: dict[str, str] = {}

    @property
    def published(self) -> Values:
        """The inputs of the paper under review."""
        return self.inputs.published

    @property
    def today(self) -> Values:
        """Today's inputs."""
        return self.inputs.today

    # -- numbers in the text ---------------------------------------------------------------------------------------

    def number(
        self,
        key: str,
        value: float,
        label: str,
        *,
        unit: str = "1",
        digits: int = 2,
        error: float | None = None,
    ) -> None:
        """Show a number with its label, and make it available to the text as {glue:text}`key`."""
        text = typeset.number(value, digits) if error is None else typeset.with_error(value, error)
        self.text(key, typeset.join(text, unit), label)

    def text(self, key: str, text: str, label: str) -> None:
        """As `number`, for a text that is already typeset."""
        if key in self._lines:
            raise NuemError(f"the key {key!r} is used twice in this chapter; rename one")
        self._lines[key] = (
            f'<p class="nuem-number tex2jax_process">{_prose(label)}: <strong>{html.escape(text)}</strong></p>'
        )
        display(
            {"text/html": self._lines[key], "text/plain": text},
            raw=True,
            metadata={"scrapbook": {"name": key, "mime_prefix": ""}},
        )

    def recall(self, *keys: str) -> None:
        """Show numbers again beside a later text that uses them."""
        for key in keys:
            display({"text/html": self._lines[key], "text/plain": key}, raw=True)

    # -- inputs ----------------------------------------------------------------------------------------------------

    def show_inputs(self, *names: str) -> None:
        """A table of inputs: what they are, both vintages, and where each value comes from."""
        rows = "".join(self._input_row(self.inputs.entry(name)) for name in names)
        head = "<tr><th>input</th><th>as published</th><th>today</th></tr>"
        _show_html(
            f'<div class="nuem-table tex2jax_process"><table class="nuem-inputs"><thead>{head}</thead>'
            f"<tbody>{rows}</tbody></table></div>",
            "inputs: " + ", ".join(names),
        )

    def _input_row(self, entry: Any) -> str:
        cells = ""
        for vintage in ("published", "today"):
            value = entry.values.get(vintage)
            if value is None:
                cells += "<td>—</td>"
                continue
            shown = typeset.join(_value_text(value), entry.unit)
            cells += f"<td>{shown}<br><small>{_source(value)}</small></td>"
        symbol = _prose(f" ${entry.symbol}$") if entry.symbol else ""
        return f"<tr><td>{_prose(entry.describe)}{symbol}<br><code>{entry.name}</code></td>{cells}</tr>"

    # -- bounds ----------------------------------------------------------------------------------------------------

    def publish(
        self,
        name: str,
        bound: Callable[[Values], float],
        *,
        title: str,
        parameter: str,
        kind: str = "limit",
        unit: str = "1",
        claim: str | None = None,
        vintages: tuple[str, ...] = ("recomputed", "today"),
        explanation: str = "",
        severity: str | None = None,
        **properties: Any,
    ) -> dict[str, Bound]:
        """Evaluate a bound in its vintages, settle the printed claim behind it, and show the card.

        Args:
            name: slug of the bound; the text can use `name.recomputed`, `name.today`, `name.published`, and
                `name.card` (the whole card, for the head of the chapter).
            bound: pure function of the inputs; returns the limit, or the central value of a measurement.
            title: one line of plain text that says what bounds what.
            claim: printed claim to settle with the recomputed value.
            explanation, severity: as for `settle_number`.
            properties: further fields of `Bound` (cl, cl_method, sided, flavour, nature, convention, valid).

        Returns:
            The bounds by vintage.
        """
        results = {
            vintage: self._evaluate(bound, self.published if vintage == "recomputed" else self.today)
            for vintage in vintages
        }
        common = {
            "title": title,
            "parameter": parameter,
            "kind": kind,
            "unit": unit,
            "claim": claim,
            **properties,
        }
        bounds: dict[str, Bound] = {}
        verdict = None
        if claim:
            printed = claims.claim(claim)
            bounds["published"] = Bound(
                id=f"{name}/published", vintage="published", value=printed.printed.value, **common
            )
            verdict = self._verdict(claim, results["recomputed"][0].value, explanation, severity)
        for vintage, (result, inputs) in results.items():
            bounds[vintage] = Bound(
                id=f"{name}/{vintage}",
                vintage=vintage,
                value=result.value,
                error=result.error,
                inputs=inputs,
                overridden=any(row["overridden"] for row in inputs),
                **common,
            )
        self._show_bound(name, bounds, verdict)
        return bounds

    def _evaluate(self, bound: Callable[[Values], float], values: Values) -> tuple[Propagated, tuple[dict, ...]]:
        result = propagate(bound, values)
        rows = []
        for name, elasticity in result.elasticities.items():
            value = values.value(name)
            rows.append(
                {
                    "name": name,
                    "value": value.nominal,
                    "error": value.error,
                    "unit": self.inputs.entry(name).unit,
                    "source": value.source,
                    "where": value.where,
                    "elasticity": elasticity,
                    "overridden": value.overridden,
                }
            )
        return result, tuple(rows)

    def _show_bound(self, name: str, bounds: Mapping[str, Bound], verdict: Verdict | None) -> None:
        title = next(iter(bounds.values())).title
        for vintage, bound in bounds.items():
            _glue(f"{name}.{vintage}", {"text/plain": bound.value_text()})
        rows = _bound_rows(bounds, verdict)
        card = (
            f'<p class="nuem-card-title">{_prose(title)}</p><table class="nuem-vintages"><tbody>{rows}</tbody></table>'
        )
        first = next(iter(bounds.values()))
        _glue(
            f"{name}.card",
            {
                "text/html": f'<div class="nuem-card nuem-bound tex2jax_process">{card}</div>',
                "text/plain": title,
            },
        )
        data: dict[str, Any] = {
            "text/html": f'<div class="nuem-card nuem-bound tex2jax_process" id="{first.anchor}">{card}'
            f"{_sensitivity(bounds)}</div>{_verdict_card(verdict) if verdict else ''}",
            "text/plain": "; ".join(f"{vintage}: {bound.value_text()}" for vintage, bound in bounds.items()),
            BOUND_MIME: [to_json(bound) for bound in bounds.values()],
        }
        if verdict:
            data[VERDICT_MIME] = [to_json(verdict)]
        display(data, raw=True)

    # -- verdicts --------------------------------------------------------------------------------------------------

    def settle_number(
        self,
        claim: str,
        recomputed: float,
        *,
        uncertainty: float | None = None,
        unstated: str = "",
        explanation: str = "",
        severity: str | None = None,
    ) -> str:
        """Judge a printed number by the recomputed one and show the verdict.

        Args:
            claim: id of the claim or of its part (`paper/claim#part`).
            recomputed: in the claim's unit.
            uncertainty: of the recomputed value.
            unstated: the input or definition that the paper leaves open, if there is one.
            explanation, severity: needed where the verdict is discrepant.

        Returns:
            The verdict.
        """
        verdict = self._verdict(claim, recomputed, explanation, severity, uncertainty, unstated)
        return _show_verdict(verdict)

    def settle_quoted(self, claim: str, source_value: float, *, explanation: str, severity: str | None = None) -> str:
        """Settle a number that the paper takes from elsewhere by what its source says; `explanation` names it."""
        agrees = self._judge(claim, source_value, "") == "reproduced"
        printed = claims.claim(claim).printed.value
        return _show_verdict(
            Verdict(
                claim=claim,
                verdict="quoted" if agrees else "discrepant",
                recomputed=float(source_value),
                factor=float(source_value / printed),
                severity=self._severity(agrees, severity),
                explanation=explanation,
            )
        )

    def settle_formula(
        self,
        claim: str,
        derived: sp.Expr,
        printed: sp.Expr,
        *,
        explanation: str = "",
        severity: str | None = None,
    ) -> str:
        """Compare the derived expression with the printed one; `explanation` states the convention if one is needed."""
        import sympy as sp

        difference = sp.simplify(derived - printed)
        same = difference == 0 or difference.equals(0) is True
        return _show_verdict(
            Verdict(
                claim=claim,
                verdict="reproduced" if same else "discrepant",
                recomputed=f"${sp.latex(derived)}$",
                severity=self._severity(same, severity),
                explanation=self._explained(same, explanation),
            )
        )

    def settle_statement(
        self, claim: str, holds: bool, found: str, *, explanation: str = "", severity: str | None = None
    ) -> str:
        """Settle a statement by a computed boolean; `found` says in a few words what the computation gives."""
        same = bool(holds)
        return _show_verdict(
            Verdict(
                claim=claim,
                verdict="reproduced" if same else "discrepant",
                recomputed=found,
                severity=self._severity(same, severity),
                explanation=self._explained(same, explanation),
            )
        )

    def _judge(self, claim: str, recomputed: float, unstated: str) -> str:
        printed = claims.claim(claim)
        if printed.kind != "number":
            raise NuemError(f"the claim {claim} is of kind {printed.kind}; settle it (or its parts) with another call")
        return claims.judge(printed.number or printed.published, printed.relation, recomputed, unstated=unstated)

    def _verdict(
        self,
        claim: str,
        recomputed: float,
        explanation: str,
        severity: str | None,
        uncertainty: float | None = None,
        unstated: str = "",
    ) -> Verdict:
        verdict = self._judge(claim, recomputed, unstated)
        fine = verdict != "discrepant"
        printed = claims.claim(claim).printed.value
        return Verdict(
            claim=claim,
            verdict=verdict,
            recomputed=float(recomputed),
            factor=float(recomputed / printed) if printed else 1.0,
            uncertainty=uncertainty,
            severity=self._severity(fine, severity),
            explanation=self._explained(
                fine, " ".join(filter(None, [explanation, unstated and f"Unstated: {unstated}."]))
            ),
        )

    # A reader who overrides the paper's own inputs may turn any verdict; that is an answer, not a mistake.
    def _overrides_published(self) -> bool:
        return any(isinstance(new, Mapping) and "published" in new for new in self.inputs.overrides.values())

    def _severity(self, fine: bool, severity: str | None) -> str | None:
        if self._overrides_published():
            return None if fine else severity or "editorial"
        return severity

    def _explained(self, fine: bool, explanation: str) -> str:
        if not fine and not explanation and self._overrides_published():
            return "The published inputs were overridden."
        return explanation

    # -- live formula ----------------------------------------------------------------------------------------------

    def live_formula(
        self, expression: sp.Expr, sliders: Mapping[sp.Symbol, Any], *, result: str, unit: str = "1"
    ) -> None:
        """Show `expression` with sliders; see `nuem.widgets.live_formula`."""
        from nuem.widgets import live_formula

        _show_html(live_formula(expression, sliders, result=result, unit=unit), f"live formula: {expression}")


def _show_html(text: str, plain: str) -> None:
    display({"text/html": text, "text/plain": plain}, raw=True)


def _glue(key: str, data: Mapping[str, Any]) -> None:
    display(
        {_GLUE_PREFIX + mime: value for mime, value in data.items()},
        raw=True,
        metadata={"scrapbook": {"name": key, "mime_prefix": _GLUE_PREFIX}},
    )


def _prose(text: str) -> str:
    r"""Plain text with $TeX$, as HTML; the delimiters \(…\) are the ones that every MathJax set-up knows.

    >>> _prose("a < b and $a < b$")
    'a &lt; b and \\(a &lt; b\\)'
    """
    return re.sub(r"\$([^$]+)\$", r"\\(\1\\)", html.escape(text, quote=False))


def _source(value: Any) -> str:
    """Link to the bibliography; the site turns the key into author and year."""
    if value.source == "override":
        return "set by the reader"
    key = html.escape(value.source, quote=True)
    return f'<a class="nuem-source" data-source="{key}" href="#">{key}</a>, {_prose(value.where)}'


def _value_text(value: Any) -> str:
    if value.error:
        return typeset.with_error(value.nominal, value.error)
    literal = re.fullmatch(r"[+-]?(\d*)\.?(\d*)(e[+-]?\d+)?", value.text)
    digits = len((literal[1] + literal[2]).lstrip("0")) if literal else 3
    return typeset.number(value.nominal, max(digits, 1))


_VINTAGE_WORDS = {"published": "as printed", "recomputed": "recomputed, inputs of the time", "today": "today"}


def _bound_rows(bounds: Mapping[str, Bound], verdict: Verdict | None) -> str:
    rows = ""
    for vintage, bound in bounds.items():
        text, remark = bound.value_text(), bound.cl_text()
        if vintage == "published" and bound.claim:
            remark = claims.claim(bound.claim).where
        if vintage == "recomputed" and verdict:
            remark += f" {_badge(verdict)}"
        rows += (
            f"<tr><th>{_VINTAGE_WORDS[vintage]}</th><td><strong>{html.escape(text)}</strong></td><td>{remark}</td></tr>"
        )
    return rows


def _badge(verdict: Verdict) -> str:
    severity = f" ({verdict.severity})" if verdict.severity else ""
    return f'<span class="nuem-badge nuem-{verdict.verdict}">{verdict.verdict}{severity}</span>'


def _sensitivity(bounds: Mapping[str, Bound]) -> str:
    """What each input does to the bound, folded away until asked for."""
    vintages = [vintage for vintage in ("recomputed", "today") if vintage in bounds]
    names = list(dict.fromkeys(row["name"] for vintage in vintages for row in bounds[vintage].inputs))
    measured = bounds[vintages[0]].kind == "measurement"
    title = (
        "Where the uncertainty comes from"
        if measured
        else "Sensitivity: percent change of the bound per percent change of an input"
    )
    head = "".join(f"<th>{vintage}</th>" for vintage in vintages)
    body = ""
    for name in names:
        cells = ""
        for vintage in vintages:
            row = next((row for row in bounds[vintage].inputs if row["name"] == name), None)
            cells += f"<td>{'—' if row is None else _influence(bounds[vintage], row, measured)}</td>"
        body += f"<tr><td><code>{name}</code></td>{cells}</tr>"
    return (
        f"<details><summary>{title}</summary>"
        f"<table><thead><tr><th>input</th>{head}</tr></thead><tbody>{body}</tbody></table></details>"
    )


def _influence(bound: Bound, row: Mapping[str, Any], measured: bool) -> str:
    """The elasticity; for a measurement, which may be near zero, the uncertainty that the input contributes."""
    if row["elasticity"] is None:
        return "—"
    if measured:
        return typeset.number(abs(row["elasticity"] * bound.value * row["error"] / row["value"]))
    return f"{row['elasticity']:+.2f}".replace("-", "−")


def _verdict_card(verdict: Verdict) -> str:
    claim = claims.claim(verdict.claim)
    printed = html.escape(claim.number_text) if claim.kind == "number" else _prose(claim.published)
    shown = claim.relation.replace("=", "").replace("<=", "≤").replace(">=", "≥")
    printed = typeset.join(f"{html.escape(shown)} {printed}".strip(), claim.unit if claim.kind == "number" else "1")
    if isinstance(verdict.recomputed, float):
        found = (
            typeset.number(verdict.recomputed)
            if verdict.uncertainty is None
            else typeset.with_error(verdict.recomputed, verdict.uncertainty)
        )
        found = typeset.join(found, claim.unit) + f" (recomputed ÷ printed = {typeset.number(verdict.factor)})"
    else:
        found = _prose(verdict.recomputed)
    source = "in the source" if verdict.verdict == "quoted" else "found here"
    explanation = f'<p class="nuem-explanation">{_prose(verdict.explanation)}</p>' if verdict.explanation else ""
    return (
        f'<div class="nuem-card nuem-verdict tex2jax_process" id="{claim.anchor}">'
        f"<p>{_badge(verdict)} <strong>{_prose(claim.where)}</strong>: {_prose(claim.claim)}</p>"
        f"<dl><dt>printed</dt><dd>{printed}</dd><dt>{source}</dt><dd>{found}</dd></dl>{explanation}</div>"
    )


def _show_verdict(verdict: Verdict) -> str:
    display(
        {
            "text/html": _verdict_card(verdict),
            "text/plain": f"{verdict.claim}: {verdict.verdict}",
            VERDICT_MIME: [to_json(verdict)],
        },
        raw=True,
    )
    return verdict.verdict
