"""A reader's run of a chapter beside the published one, which the reader's copy of the notebook carries.

What it carries is plain data: `chapter`, the `inputs` that the chapter reads, its `numbers` (text and value by key),
the fingerprints of the cards it has `shown`, the `sources` that these cite (words and address by key), and the `places`
of cards in other notebooks, by anchor.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nuem import typeset
from nuem.errors import NuemError
from nuem.review import reads
from nuem.review.bounds import Bound
from nuem.review.inputs import Inputs, Value, read_files

SAME = 1e-9  # relative; less is the noise of another machine


@dataclass(frozen=True)
class Shown:
    """A number of this run: what it is, as it stands in the text, and its value if it has one."""

    label: str
    text: str
    value: float | None


@dataclass
class Comparison:
    """This run against the published one.

    Attributes:
        run: the published run, empty if the notebook carries none.
        inputs: the book's, with the reader's own on top.
        numbers: of this run, by key.
        bounds: of this run, by the key of their number.
    """

    run: Mapping[str, Any]
    inputs: Inputs
    numbers: dict[str, Shown] = field(default_factory=dict)
    bounds: dict[str, Bound] = field(default_factory=dict)

    def refuse_strangers(self) -> None:
        """Refuse own inputs that the chapter doesn't read.

        Raises:
            NuemError: naming the chapter that has the input.
        """
        known = self.run.get("inputs", [reads.ALL])
        for name in self.inputs.overrides:
            if name not in known and reads.ALL not in known:
                raise NuemError(
                    f"override of {name}: {self.run['chapter']} doesn't read it, so nothing would change; {_home(name)}"
                )

    def published(self, key: str) -> str:
        """The published text of a number, empty if there is none."""
        return str(self.run.get("numbers", {}).get(key, [""])[0])

    def is_new(self, fingerprint: str) -> bool:
        """Whether the published run doesn't show this card."""
        return bool(self.run) and fingerprint not in self.run["shown"]

    def own(self) -> list[tuple[str, str, Value, Value]]:
        """Own inputs: name, vintage, the book's value and the reader's."""
        book = Inputs({}, self.inputs.folder)
        return [
            (name, vintage, book.glimpse(name).values[vintage], value)
            for name in self.inputs.overrides
            for vintage, value in self.inputs.glimpse(name).values.items()
            if value.overridden
        ]

    def own_rows(self) -> list[list[str]]:
        """For the card of own inputs: name, description, the book's value and the reader's."""
        rows = []
        for name, vintage, old, new in self.own():
            entry = self.inputs.glimpse(name)
            words = f"{entry.describe}, {'today' if vintage == 'today' else 'as published'}"
            rows.append([name, words, *(typeset.join(value.text, entry.unit) for value in (old, new))])
        return rows

    def rows(self) -> list[list[str]]:
        """What moved, most first: key, label, both texts, elasticity."""
        moved = []
        for key, now in self.numbers.items():
            before = self.published(key)
            if before and before != now.text:
                ratio = _log_ratio(self.run["numbers"][key][1], now.value)
                size = math.inf if ratio is None else abs(ratio)
                moved.append((size, [key, now.label, before, now.text, self._elasticity(key, ratio)]))
        return [row for _, row in sorted(moved, key=lambda pair: -pair[0])]

    def _elasticity(self, key: str, ratio: float | None) -> str:
        """Percent per percent: over the whole change for one own input, at this run's point for several."""
        own = self.own()
        if len(own) == 1:
            step = _log_ratio(own[0][2].nominal, own[0][3].nominal)
            return _signed(ratio / step) if ratio is not None and step else "—"
        used = [row for row in self.bounds[key].inputs if row["overridden"]] if key in self.bounds else []
        found = [f"{_signed(row['elasticity'])} ({row['name']})" for row in used if row["elasticity"]]
        return ", ".join(found) or "—"

    def remarks(self, overrides_now: Any) -> list[str]:
        """What else there is to say.

        Args:
            overrides_now: what the notebook's name `overrides` holds now, None if there is none.
        """
        return [*self._state(overrides_now), *self._why_not(), *self._small()]

    def _state(self, overrides_now: Any) -> Iterator[str]:
        if overrides_now is not None and overrides_now != self.inputs.overrides:
            yield "overrides was changed after chapter was made: run the cells below it again."
        published = self.run["numbers"]
        missing = [key for key in published if key not in self.numbers]
        if missing:
            yield f"Not run yet: the cells of {len(missing)} of {len(published)} numbers, such as {missing[0]}."
        if not self.inputs.overrides:
            what = "The published inputs were used." if not self.rows() else "No own input explains this."
            yield f"{what} Put your own into the cell overrides, and run the notebook again."

    def _why_not(self) -> Iterator[str]:
        """Why an own input moves nothing."""
        asked = set(reads.named()["inputs"])
        for name, vintage, old, new in self.own():
            if name not in asked:
                yield f"{name}: no cell has read it yet."
            elif math.isclose(old.nominal, new.nominal, rel_tol=SAME) and old.error == new.error:
                yield f"{name}: yours is the book's value ({vintage}), so it moves nothing."
            elif not any(row["name"] == name for bound in self.bounds.values() for row in bound.inputs):
                yield f"{name}: it enters no bound of this chapter."
            elif not self.rows():
                yield f"{name}: {self._strongest(name)}; that doesn't reach the digits shown."

    def _strongest(self, name: str) -> str:
        found = [
            (abs(row["elasticity"] or 0.0), bound.id, row["elasticity"] or 0.0)
            for bound in self.bounds.values()
            for row in bound.inputs
            if row["name"] == name
        ]
        _, identifier, elasticity = max(found)
        return f"the bound that follows it most, {identifier}, has the elasticity {_signed(elasticity)}"

    def _small(self) -> Iterator[str]:
        texts = {row[0] for row in self.rows()}
        changed = [key for key, now in self.numbers.items() if key not in texts and self._differs(key, now)]
        if changed:
            yield f"{len(changed)} more moved by less than the digits shown, such as {changed[0]}."

    def _differs(self, key: str, now: Shown) -> bool:
        before = self.run["numbers"].get(key, ["", None])[1]
        return None not in (before, now.value) and not math.isclose(before, now.value, rel_tol=SAME, abs_tol=0.0)


def value_of(bound: Bound) -> float | None:
    """The number that stands for a bound in a comparison: of a region its lowest edge."""
    if bound.curve is None:
        return bound.value
    edges: Sequence[float] = [edge for edge in bound.curve["lower"] if edge is not None]
    return min(edges, default=None)


def _home(name: str) -> str:
    """Where an input belongs, in words."""
    chapter = read_files()[name][0].removesuffix(".yml")
    if chapter == "constants":
        return "it stands in inputs/constants.yml, and other chapters use it"
    return f"it belongs to the chapter {chapter}: open that one, or use `make book INPUTS=…` for the whole book"


def _log_ratio(before: float | None, after: float | None) -> float | None:
    if before is None or after is None or not before * after > 0:
        return None
    return math.log(after / before) if before != after else 0.0


def _signed(number: float) -> str:
    return f"{round(number, 2) + 0.0:+.2f}".replace("-", "−")
