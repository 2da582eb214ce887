"""What a chapter's notebook uses: inputs, numbers for the text, bounds and verdicts, each with one call."""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from IPython.display import display

from nuem import typeset
from nuem.errors import NuemError, allowed
from nuem.notebook import solutions
from nuem.notebook.comparison import Comparison, Shown, value_of
from nuem.review import claims, handover, reads, yamlfile
from nuem.review.bounds import Bound, of_kind
from nuem.review.inputs import Inputs, Values, propagate
from nuem.review.records import UNSEEN, VIEW_MIME, Verdict, to_json
from nuem.view import cards, selfcheck

if TYPE_CHECKING:
    import sympy as sp

NOT_OPENED = "not opened"


# Views that aren't compared with the published run, or say themselves what differs.
_UNMARKED = ("recalled", "listings", "live", "own-inputs", "moved", "checked")


class Chapter:
    """One chapter's view of the book's inputs, and its way to publish results.

    Args:
        overrides: a reader's own inputs; {name: value} changes today's value, {name: {published: value}} the
            paper's. As a text they are read as YAML: that is how papermill's `-p` gives them.
        published_run: what the published run of this chapter has; a reader's copy of the notebook carries it, see
            `nuem.notebook.comparison`.

    Raises:
        NuemError: an override has an unknown name, a wrong unit or a value that doesn't parse, or the published run
            doesn't read it.
    """

    def __init__(
        self, overrides: Mapping[str, Any] | str | None = None, published_run: Mapping[str, Any] | None = None
    ):
        given = yamlfile.read_text(overrides, "overrides") if isinstance(overrides, str) else overrides
        self.inputs = Inputs(given or {})
        self._compared = Comparison(published_run or {}, self.inputs)
        self._links = cards.NotebookLinks(published_run or {})
        self._exercises = copy.deepcopy(dict((published_run or {}).get("exercises", {})))
        self._registered: set[str] = set()  # exercises whose answer is of this run
        self._compared.refuse_strangers()
        if self.inputs.overrides and not handover.read():  # the pages of a build say it in their head
            rows = self._compared.own_rows()
            self._show({"kind": "own-inputs", "rows": rows}, f"own inputs: {', '.join(self.inputs.overrides)}")

    @property
    def published(self) -> Values:
        """The inputs of the paper under review."""
        return self.inputs.published

    @property
    def today(self) -> Values:
        """Today's inputs."""
        return self.inputs.today

    # -- numbers and inputs --------------------------------------------------------------------------------------------

    def number(
        self, key: str, value: float, label: str, *, unit: str = "1", digits: int = 2, error: float | None = None
    ) -> None:
        """Show a number with its label, and make it available to the text as {glue:text}`key`.

        A cell may run again: the last number counts. Two cells that use one key are found when the executed notebook is
        read.

        Raises:
            NuemError: the value isn't a number.
        """
        if math.isnan(value):
            raise NuemError(f"the number {key!r} ({label}) is undefined with these inputs; change one back")
        text = typeset.number(value, digits) if error is None else typeset.with_error(value, error)
        self._say(key, Shown(label, typeset.join(text, unit), float(value)))

    def text(self, key: str, text: str, label: str) -> None:
        """As `number`, for a text that is already typeset."""
        self._say(key, Shown(label, text, None))

    def _say(self, key: str, number: Shown) -> None:
        self._compared.numbers[key] = number
        metadata = {"scrapbook": {"name": key, "mime_prefix": ""}, **reads.stamp()}
        value = number.value if number.value is not None and math.isfinite(number.value) else None
        view = {"kind": "number", "key": key, "label": number.label, "text": number.text, "value": value}
        self._show(view, number.text, metadata, {key: number.text})

    def recall(self, *keys: str) -> None:
        """Show numbers again beside a later text that uses them."""
        for key in keys:
            if key not in self._compared.numbers:
                raise NuemError(f"no number is known as {key!r}; {allowed(self._compared.numbers, key)}")
            number = self._compared.numbers[key]
            self._show({"kind": "recalled", "label": number.label, "text": number.text}, key)

    def show_inputs(self, *names: str) -> None:
        """A table of inputs: what they are, both vintages, and where each value comes from."""
        entries = [dataclasses.asdict(self.inputs.entry(name)) for name in names]
        self._show({"kind": "inputs", "inputs": entries}, "inputs: " + ", ".join(names))

    def table(self, head: Sequence[str], rows: Sequence[Sequence[Any]], title: str = "") -> None:
        """Show a table.

        Args:
            head: of the columns, plain text with ``$TeX$``, as all texts here.
            rows: of cells. A cell is a text; `{"source": key}`, an entry of the bibliography; `{"input": name}`, an
                input by its description; `{"text": …}` with `"bound": name`, which leads to the card of a bound,
                `"page": address` of the site, `"small"`, `"strong": True`, or `"whole": True`, which keeps it in one
                line; `{"together": […]}` of these, side by side; or a list of these, one below the other.
            title: above the table.
        """
        self._show({"kind": "table", "title": title, "head": list(head), "rows": [list(row) for row in rows]}, title)

    def entries(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Show entries of the listings, as `nuem.synthesis.judged.rows` makes them; they go into the public file."""
        self._show({"kind": "listings", "rows": list(rows)}, f"{len(rows)} entries of the listings")

    # -- bounds --------------------------------------------------------------------------------------------------------

    def publish(
        self,
        name: str,
        bound: Callable[[Values], float | tuple[float, float]],
        *,
        title: str,
        parameter: str,
        claim: str | None = None,
        vintages: tuple[str, ...] = ("recomputed", "today"),
        unstated: str = "",
        unstated_range: Sequence[float] | None = None,
        explanation: str = "",
        severity: str | None = None,
        root: str | None = None,
        from_print: float | None = None,
        printed: Mapping[str, Any] | None = None,
        **properties: Any,
    ) -> dict[str, Bound]:
        """Evaluate a bound in its vintages, settle the printed claim behind it, and show the card.

        Args:
            name: slug of the bound; the text can use `name.recomputed`, `name.today`, `name.published`, and
                `name.card` (the whole card, for the head of the chapter).
            bound: pure function of the inputs; returns the limit, the central value of a measurement, or the two
                ends of an interval (whose elasticity is that of its width).
            title: one line of plain text that says what bounds what.
            parameter: what is bounded, in Unicode: `"|ε|"`, `"μ_ν"`.
            claim: printed claim to settle with the recomputed value.
            unstated, unstated_range, explanation, severity, root: as for `settle_number`.
            from_print: what the paper's own printed steps give, if its bound follows from them and those have claims of
                their own; the claim is then judged by this number, so that no deviation counts twice.
            printed: fields of a bound that are different for the printed bound, such as how its limit was made.
            properties: further fields of a bound (kind, unit, cl, cl_method, sided, flavour, nature, convention,
                valid, origin, assumes); kind is "limit", unit "1" and origin "computed" unless given.

        Returns:
            The bounds by vintage.
        """
        common = {"title": title, "parameter": parameter, "kind": "limit", "unit": "1", "claim": claim, **properties}
        bounds: dict[str, Bound] = {}
        if claim:
            if "recomputed" not in vintages:
                raise NuemError(f"bound {name}: its claim {claim} is judged by the vintage 'recomputed'; add it")
            bounds["published"] = _printed_bound(name, claims.claim(claim), common, printed or {})
        for vintage in vintages:
            bounds[vintage] = self._evaluate(name, bound, vintage, common)
        verdict = None
        if claim:
            verdict = self._number_verdict(
                claim,
                bounds["recomputed"].value if from_print is None else from_print,
                unstated=unstated,
                unstated_range=unstated_range,
                explanation=explanation,
                severity=severity,
                root=root,
            )
        self._show_bound(name, bounds, verdict)
        return bounds

    def publish_region(
        self,
        name: str,
        region: Callable[[Values], Mapping[str, Any]] | Mapping[str, Callable[[Values], Mapping[str, Any]]],
        *,
        title: str,
        parameter: str,
        units: tuple[str, str],
        vintages: tuple[str, ...] = ("recomputed", "today"),
        **properties: Any,
    ) -> dict[str, Bound]:
        """Evaluate an excluded region of the plane of mass and charge in its vintages, and show its card.

        Args:
            region: pure function of the inputs; returns `{"x": masses, "lower": …, "upper": …}`, sequences of equal
                length with increasing x; a nan or an infinity is an open edge. Points without any exclusion are left
                out by the function; if a reader's own inputs leave none, the card says so and no record is stored. If
                the argument itself has changed: one function per vintage.
            units: of x and of the edges.
            name, title, parameter, vintages, properties: as for `publish`.
        """
        common = {"title": title, "parameter": parameter, "kind": "region", "unit": units[1], **properties}
        bounds: dict[str, Bound] = {}
        for vintage in vintages:
            values = self.published if vintage == "recomputed" else self.today
            curve = region[vintage] if isinstance(region, Mapping) else region
            edges = {edge: [_open_edge(number) for number in numbers] for edge, numbers in curve(values).items()}
            inputs = tuple(self._input_row(values, used, None, None) for used in values.used)
            bounds[vintage] = of_kind(
                id=f"{name}/{vintage}",
                vintage=vintage,
                curve={**edges, "units": {"x": units[0], "y": units[1]}},
                inputs=inputs,
                overridden=any(row["overridden"] for row in inputs),
                **common,
            )
        self._show_bound(name, bounds, None)
        return bounds

    def _evaluate(self, name: str, bound: Callable[[Values], Any], vintage: str, common: dict[str, Any]) -> Bound:
        values = self.published if vintage == "recomputed" else self.today
        if common["kind"] == "interval":
            lower, upper = map(float, bound(values))
            result = propagate(lambda inputs: _width(*bound(inputs)), values)
            numbers = {"lower": lower, "upper": upper}
        else:
            result = propagate(bound, values)
            numbers = {"value": result.value, "error": result.error}
        inputs = tuple(
            self._input_row(values, used, result.elasticities[used], contribution)
            for used, contribution in result.contributions.items()
        )
        return of_kind(
            id=f"{name}/{vintage}",
            vintage=vintage,
            inputs=inputs,
            overridden=any(row["overridden"] for row in inputs),
            **numbers,
            **common,
        )

    def _input_row(
        self, values: Values, name: str, elasticity: float | None, contribution: float | None
    ) -> dict[str, Any]:
        value = values.value(name)
        return {
            "name": name,
            "value": value.nominal,
            "error": value.error,
            "unit": self.inputs.entry(name).unit,
            "source": value.source,
            "where": value.where,
            "checked": value.checked,
            "elasticity": elasticity,
            "contribution": contribution,
            "overridden": value.overridden,
        }

    def _show_bound(self, name: str, bounds: Mapping[str, Bound], verdict: Verdict | None) -> None:
        for vintage, bound in bounds.items():
            metadata = {"scrapbook": {"name": f"{name}.{vintage}", "mime_prefix": UNSEEN}}
            display({f"{UNSEEN}text/plain": bound.value_text()}, raw=True, metadata=metadata)
        view = {
            "kind": "bound",
            "bounds": [to_json(bound) for bound in bounds.values()],
            "verdict": verdict and to_json(verdict),
        }
        texts = {f"{name}.{vintage}": bound.value_text() for vintage, bound in bounds.items()}
        for vintage, bound in bounds.items():
            key = f"{name}.{vintage}"
            self._compared.bounds[key] = bound
            self._compared.numbers[key] = Shown(f"{bound.title}, {vintage}", texts[key], value_of(bound))
        plain = "; ".join(f"{vintage}: {bound.value_text()}" for vintage, bound in bounds.items())
        self._show(view, plain, texts=texts)
        if verdict:
            self._show_verdict(verdict)

    # -- verdicts ------------------------------------------------------------------------------------------------------

    def settle_number(
        self,
        claim: str,
        recomputed: float,
        *,
        uncertainty: float | None = None,
        unstated: str = "",
        unstated_range: Sequence[float] | None = None,
        explanation: str = "",
        severity: str | None = None,
        root: str | None = None,
    ) -> str:
        """Judge a printed number by the recomputed one and show the verdict.

        Args:
            claim: id of the claim or of its part (`paper/claim#part`).
            recomputed: in the claim's unit.
            uncertainty: of the recomputed value.
            unstated: the input or definition that the paper leaves open, if there is one.
            unstated_range: the two ends of what comes out over a sensible range of it; a print that this range
                encloses is not discrepant.
            explanation, severity: needed where the verdict is discrepant.
            root: id of the claim in which the error is made, where this one only repeats it.

        Returns:
            The verdict.
        """
        return self._show_verdict(
            self._number_verdict(
                claim,
                recomputed,
                uncertainty=uncertainty,
                unstated=unstated,
                unstated_range=unstated_range,
                explanation=explanation,
                severity=severity,
                root=root,
            )
        )

    def settle_quoted(
        self,
        claim: str,
        source_value: float | str | None,
        *,
        agrees: bool | None = None,
        explanation: str,
        checked: str = "source",
        severity: str | None = None,
        root: str | None = None,
    ) -> str:
        """Settle what the paper takes from elsewhere by what its source says; `explanation` names that source.

        Args:
            source_value: the source's number; for another kind of claim what the source says, in words, or None if it
                could not be opened. The card then says so, and `explanation` what speaks for or against the print.
            agrees: for words, whether they say what is printed; None where there is nothing to compare.
            checked: how that source was read, a key of `nuem.review.inputs.CHECKED`; "none" without a value.
            root: as for `settle_number`.
        """
        if isinstance(source_value, (float, int)):
            if agrees is not None:
                raise NuemError(f"the claim {claim} is a number: drop agrees=, the digits decide")
            verdict = self._number_verdict(
                claim, source_value, explanation=explanation, severity=severity, root=root, checked=checked
            )
        else:
            _check_kind(claim, "statement", "formula", "curve")
            if not explanation.strip():
                raise NuemError(f"the claim {claim} is quoted: name its source in explanation=")
            outcome = claims.as_quoted(claims.judge_words(agrees is not False))
            found, checked = (source_value, checked) if source_value else (NOT_OPENED, "none")
            verdict = self._verdict(claim, outcome, found, explanation, severity, root=root, checked=checked)
        return self._show_verdict(verdict)

    def settle_formula(
        self,
        claim: str,
        derived: sp.Expr,
        printed: sp.Expr,
        *,
        explanation: str = "",
        severity: str | None = None,
        root: str | None = None,
    ) -> str:
        """Compare the derived expression with the printed one; `explanation` states the convention if one is needed."""
        import sympy as sp

        _check_kind(claim, "formula")
        difference = sp.expand(derived - printed)  # settles most cases, a hundred times faster than simplify
        same = difference == 0 or sp.simplify(difference) == 0 or difference.equals(0) is True
        verdict = claims.judge_words(same)
        return self._show_verdict(
            self._verdict(claim, verdict, f"${sp.latex(derived)}$", explanation, severity, root=root)
        )

    def settle_statement(
        self,
        claim: str,
        holds: bool,
        found: str,
        *,
        unstated: str = "",
        explanation: str = "",
        severity: str | None = None,
        root: str | None = None,
    ) -> str:
        """Settle a statement by a computed boolean; `found` says in a few words what the computation gives.

        Args:
            holds: for the central choice of whatever the paper leaves open.
            unstated: what the paper leaves open, if the statement holds somewhere in a sensible range of it; the
                verdict is then order-of-magnitude at worst.
            explanation, severity, root: as for `settle_number`.
        """
        _check_kind(claim, "statement", "formula", "curve")
        verdict = claims.judge_words(holds, unstated)
        return self._show_verdict(
            self._verdict(claim, verdict, found, explanation, severity, root=root, unstated=unstated or None)
        )

    def _number_verdict(
        self,
        claim: str,
        recomputed: float,
        *,
        explanation: str,
        severity: str | None,
        root: str | None,
        uncertainty: float | None = None,
        unstated: str = "",
        unstated_range: Sequence[float] | None = None,
        checked: str | None = None,
    ) -> Verdict:
        _check_kind(claim, "number")
        printed = claims.claim(claim)
        verdict = claims.judge(
            printed.number or printed.published,
            printed.relation,
            recomputed,
            unstated=unstated,
            unstated_range=unstated_range,
        )
        if checked:  # a source's number is not recomputed
            verdict = claims.as_quoted(verdict)
        factor = float(recomputed / printed.printed.value) if printed.printed.value else 1.0
        return self._verdict(
            claim,
            verdict,
            float(recomputed),
            explanation,
            severity,
            root=root,
            factor=factor,
            uncertainty=uncertainty,
            checked=checked,
            unstated=unstated or None,
            unstated_range=None if unstated_range is None else tuple(map(float, sorted(unstated_range))),
        )

    def _verdict(
        self,
        claim: str,
        verdict: str,
        recomputed: float | str,
        explanation: str,
        severity: str | None,
        *,
        root: str | None,
        **fields: Any,
    ) -> Verdict:
        # A reader's own inputs may turn a verdict; that is an answer, not a mistake.
        if self.inputs.overrides:
            explanation = explanation or "A reader’s own inputs were used."
            severity = (severity or claims.SEVERITIES[0]) if claims.is_wrong(verdict) else None
            root = root if claims.is_wrong(verdict) else None
        return Verdict(
            claim=claim,
            verdict=verdict,
            recomputed=recomputed,
            explanation=explanation,
            severity=severity,
            root=root,
            **fields,
        )

    def _show_verdict(self, verdict: Verdict) -> str:
        self._show({"kind": "verdict", "verdict": to_json(verdict)}, f"{verdict.claim}: {verdict.verdict}")
        return verdict.verdict

    # -- exercises -----------------------------------------------------------------------------------------------------

    def answer(
        self,
        label: str,
        value: float | sp.Expr,
        *,
        unit: str = "1",
        within: float | None = None,
        mistakes: Mapping[str, float | sp.Expr] | None = None,
        part: str = "",
    ) -> None:
        """Register the answer of an exercise, in its solution, for the self-check.

        Args:
            label: of the exercise.
            value: a number, or a formula of sympy in the symbols that the exercise names.
            unit: in which a number is asked for.
            within: relative deviation that the physics allows; 0.01 for a number unless given.
            mistakes: what is said of values that one mistake of this very exercise gives, such as
                `{"you took a one-sided limit": other}`; the general ones, such as a lost factor 2, are known.
            part: name of what is asked for, where an exercise asks for several things.

        Raises:
            NuemError: see `nuem.notebook.solutions.answer`.
        """
        self._register(solutions.answer(label, value, unit=unit, within=within, mistakes=mistakes, part=part))

    def choice(self, label: str, letter: str, *, part: str = "") -> None:
        """Register the right choice of an exercise whose text lists them as `* (a) …`."""
        self._register(solutions.choice(label, letter, part))

    def _register(self, view: Mapping[str, Any]) -> None:
        exercise = self._exercises.setdefault(view["label"], {"number": view["label"], "parts": {}})
        exercise["parts"][view["part"]] = selfcheck.sealed(view)
        self._registered.add(view["label"])
        self._show(view, f"answer of {view['label']}: {view['shown']}")

    def check(self, exercise: str, answer: Any, *, part: str = "") -> None:
        """Say whether an answer is right, and if not, which mistake it looks like; the right one is never shown.

        Args:
            exercise: its number, such as "3.2", or its label; its answer is that of this run, of the published run
                that the notebook carries, or of the last build.
            answer: see `nuem.view.selfcheck.judged`.
            part: name of what is asked for, where an exercise asks for several things.

        Raises:
            NuemError: there is no such exercise, or no such part of it.
        """
        if not isinstance(exercise, str):
            raise NuemError(f'exercise {exercise}: give its number as a text, chapter.check("{exercise}", …)')
        known = {**handover.of_last_build().get("answers", {}), **self._exercises}
        labels = {one["number"]: label for label, one in known.items()}
        label = labels.get(exercise, exercise)
        if label not in known:
            raise NuemError(f"no answer is known of an exercise {exercise!r}; {allowed(labels, exercise)}")
        parts = known[label]["parts"]
        if part not in parts:
            names = allowed([name for name in parts if name], part)
            raise NuemError(f"exercise {exercise} has no part {part!r}; say which with part=: {names}")
        found = selfcheck.judged(parts[part], answer)
        others = self.inputs.overrides and label not in self._registered
        own = " It compares with the book’s inputs; yours are others." if others else ""
        name = f"{exercise}, {part}" if part else exercise
        view = {"kind": "checked", "exercise": name, "verdict": found.verdict, "words": found.words + own}
        self._show(view, f"exercise {name}: {found.words}{own}")

    # -- a reader's run ------------------------------------------------------------------------------------------------

    def what_moved(self) -> None:
        """Show what this run changes against the published one, and why where that is nothing.

        Raises:
            NuemError: the notebook doesn't carry a published run.
        """
        if not self._compared.run:
            raise NuemError("this notebook carries no published run to compare with; open its reader's copy")
        rows, remarks = self._compared.rows(), self._compared.remarks(reads.of_notebook("overrides"))
        lines = [f"{key}: {before} → {after} ({elasticity})" for key, _, before, after, elasticity in rows]
        self._show({"kind": "moved", "rows": rows, "remarks": remarks}, "\n".join([*lines, *remarks]))

    def _show(
        self,
        view: Mapping[str, Any],
        plain: str,
        metadata: Mapping[str, Any] | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> None:
        """Show a view: a notebook sees its HTML, the site makes its own from the view.

        Args:
            texts: of the numbers that it makes available to the text, by key.
        """
        published = {key: self._compared.published(key) for key in texts or ()} if self._compared.run else {}
        content = {
            "text/html": cards.in_notebook(view, self._links, self._mark(view), texts or {}, published),
            "text/plain": plain,
            VIEW_MIME: view,
        }
        display(content, raw=True, metadata=metadata)

    def _mark(self, view: Mapping[str, Any]) -> str:
        """The words above a card that the published run doesn't show."""
        if view["kind"] == "number":
            before = self._compared.published(view["key"])
            return f"The published run has {before}:" if before not in ("", view["text"]) else ""
        if view["kind"] in _UNMARKED or not self._compared.is_new(cards.fingerprint(view)):
            return ""
        return "With your inputs:" if self.inputs.overrides else "Not as in the published run:"

    # -- live formula --------------------------------------------------------------------------------------------------

    def live_formula(
        self, expression: sp.Expr, sliders: Mapping[sp.Symbol, Any], *, result: str, unit: str = "1", formula: str = ""
    ) -> None:
        """Show `expression` with sliders; see `nuem.notebook.widgets.live_formula`."""
        from nuem.notebook.widgets import live_formula

        own_inputs = bool(self.inputs.overrides)
        view = live_formula(expression, sliders, result=result, unit=unit, formula=formula, own_inputs=own_inputs)
        self._show(view, f"live formula: {expression}")

    def converter(self, title: str, units: Mapping[str, float], start: float = 1.0) -> None:
        """Show fields that convert units; see `nuem.notebook.widgets.converter`."""
        from nuem.notebook.widgets import converter

        display({"text/html": converter(title, units, start), "text/plain": f"converter: {title}"}, raw=True)


def _printed_bound(name: str, claim: claims.Claim, common: Mapping[str, Any], printed: Mapping[str, Any]) -> Bound:
    """The bound as the paper prints it, from the fields that all vintages share and those of the print."""
    if claim.unit != common["unit"]:
        raise NuemError(
            f"bound {name} has the unit {common['unit']!r}, its claim {claim.id} has {claim.unit!r}; convert one"
        )
    return of_kind(
        id=f"{name}/published",
        vintage="published",
        value=claim.printed.value,
        error=float(claim.uncertainty) if claim.uncertainty else None,
        **{**common, **printed, "origin": "printed"},
    )


def _width(lower: float, upper: float) -> float:
    return upper - lower


def _open_edge(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def _check_kind(claim: str, *kinds: str) -> None:
    found = claims.claim(claim)
    if found.parts:
        raise NuemError(f"the claim {claim} has parts; settle each of {', '.join(part.id for part in found.parts)}")
    if found.kind not in kinds:
        raise NuemError(f"the claim {claim} is of kind {found.kind}; settle it with another call")
