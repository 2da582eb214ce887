"""The listings judged: every entry on the neutrino's charge, moment and charge radius with its standing in this book.

What an entry prints comes from the installed edition (`nuem.synthesis.listings`), what we say about it from
`data/listings.yml`, and numbers of our own from the chapters. What can be computed is: which entry supersedes which,
which range another entry excludes, how our number compares, and where number, footnote and paper don't agree.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nuem import typeset
from nuem.errors import NuemError, allowed
from nuem.review import yamlfile
from nuem.review.bounds import Bound
from nuem.review.inputs import CHECKED, Inputs
from nuem.synthesis import listings
from nuem.synthesis.listings import Entry
from nuem.synthesis.overview import CHARGE, MOMENT, RADIUS, property_of, size

FILE = Path(__file__).parents[1] / "data" / "listings.yml"
PROPERTIES = {"S066CHR": CHARGE, "S066MGM": MOMENT, "S066CRD": RADIUS}
UNITS = {"e": "e0", "mu(B)": "mu_B", "cm**2": "cm^2"}  # the group's and ours
STANDINGS = {
    "derived": "this book computes a bound on the same thing by the same argument or from the same data",
    "converted": "its number stands in this book in another convention",
    "superseded": "a later result of the same experiment is stronger, or the group says so",
    "contested": "another result excludes it, or a later work doubts an assumption that it rests on",
    "quoted": "none of these: it stands as its authors have it",
}
DISAGREEMENTS = {
    "number": "number",
    "level": "confidence level",
    "flavour": "flavour",
    "convention": "convention",
    "footnote": "footnote",
    "facts": "what was measured",
    "argument": "what follows",
    "superlative": "superlative",
    "withdrawn": "weakened later",
    "omitted": "left out",
}
FLAVOURS = {
    "electron": "ν_e",
    "reactor": "ν̄_e",
    "muon": "ν_μ",
    "tau": "ν_τ",
    "sun": "solar mixture of ν_e, ν_μ, ν_τ",
    "all": "all flavours",
}
CONVENTIONS = {
    "table": "as in the table, half of this book's",
    "book": "as in this book, twice the table's",
    "unknown": "not said in the listing, not known to us",
}
UNITS_OF_LISTING = {
    CHARGE: "size in units of the positron's charge",
    MOMENT: "Bohr magnetons",
    RADIUS: "half of 6 df/dq² of a left-handed neutrino",
}
NATURES = ("Dirac", "Majorana", "either")
BY = ("collaboration", "others")

Row = dict[str, Any]


@dataclass(frozen=True)
class Judgement:
    """What `data/listings.yml` says about one entry; its head explains the fields."""

    place: str
    flavour: str
    experiment: str
    reason: str
    by: str = "collaboration"
    nature: str | None = None
    means: str | None = None
    sided: int | None = None
    convention: str | None = None
    authors: Mapping[str, Any] = field(default_factory=dict)
    checked: str = "secondhand"
    source: str | None = None
    bound: str | None = None
    input: str | None = None
    newer: str | None = None
    contested: Mapping[str, str] = field(default_factory=dict)
    disagrees: Sequence[Mapping[str, Any]] = ()

    def __post_init__(self) -> None:
        for name, known in (("flavour", FLAVOURS), ("by", BY), ("checked", CHECKED)):
            if (word := getattr(self, name)) not in known:
                raise NuemError(f"{self.place}: {name} is {word!r}; {allowed(known, word)}")
        for name, choices in (("nature", NATURES), ("sided", (1, 2)), ("convention", tuple(CONVENTIONS))):
            if (value := getattr(self, name)) is not None and value not in choices:
                raise NuemError(f"{self.place}: {name} is {value!r}; {allowed(map(str, choices), str(value))}")
        if self.authors:
            self._check_authors()
        if self.contested:
            _check_names(self.contested, {"because", "source", "entry"}, {"because"}, f"{self.place}: contested")
        for one in self.disagrees:
            place, found = f"{self.place}: disagrees", {"found", "input", "bound"}
            _check_names(one, {"kind", "listed", "where", "checked", *found}, {"kind", "listed", "where"}, place)
            if one["kind"] not in DISAGREEMENTS:
                raise NuemError(f"{place}: {allowed(DISAGREEMENTS, one['kind'])}")
            if len(found & set(one)) != 1:
                raise NuemError(f"{place}: say what the other place says with one of {', '.join(sorted(found))}")

    def _check_authors(self) -> None:
        place = f"{self.place}: authors"
        _check_names(self.authors, {"prints", "cl", "where"}, {"prints", "where"}, place)
        if self.checked != "source":
            raise NuemError(f"{place}: their own number was read, so write checked: source")
        try:
            numbers = [*_ends(self.authors["prints"]), _level(self.authors.get("cl", "none")) or 0.5]
        except (ValueError, AttributeError) as problem:
            raise NuemError(f'{place}: {problem}; write prints: "1e-9" or "-2e-9 to 3e-9", and cl: 0.9') from problem
        if not 0 < numbers[-1] < 1:
            raise NuemError(f"{place}: the confidence level {numbers[-1]} is not a fraction between 0 and 1")


_FIELDS = {name for name in Judgement.__dataclass_fields__ if name != "place"}


def _check_names(given: Mapping[str, Any], known: set[str], needed: set[str], place: str) -> None:
    """Refuse unknown names, and missing ones."""
    if not isinstance(given, Mapping):
        raise NuemError(f"{place}: {given!r} is not a mapping; see the other entries for the form")
    for name in given:
        if name not in known:
            raise NuemError(f"{place}: unknown field {name!r}; {allowed(known, name)}")
    if not needed <= set(given):
        raise NuemError(f"{place}: {', '.join(sorted(needed - set(given)))} missing")


def key_of(entry: Entry) -> str:
    """How the file names an entry: the group's name of the document, and the printed value."""
    return f"{entry.who.upper()}, {entry.text}"


def read(path: Path = FILE) -> dict[str, dict[str, Judgement]]:
    """What the file says, by listing and by entry.

    Raises:
        NuemError: a listing, a field or a word in it is unknown, or one is missing.
    """
    content = yamlfile.read(path, path.name)
    _check_names(content, set(PROPERTIES), set(PROPERTIES), path.name)
    found: dict[str, dict[str, Judgement]] = {}
    for listing, rows in content.items():
        found[listing] = {}
        for key, row in rows.items():
            place = f"{path.name}, {listing}, {key}"
            _check_names(row, _FIELDS, {"flavour", "experiment", "reason"}, place)
            found[listing][key] = Judgement(place, **row)
            if (listing == "S066CRD") != ("convention" in row):
                raise NuemError(f"{place}: a charge radius, and nothing else, says its convention; mend that line")
    return found


@dataclass(frozen=True)
class Judged:
    """An entry with what we say about it."""

    id: str
    listing: str
    entry: Entry
    said: Judgement

    @property
    def level(self) -> float | None:
        """Confidence level as a fraction, if the listing gives one."""
        return None if self.entry.cl is None else self.entry.cl / 100

    def later_and_stronger(self, other: Judged) -> bool:
        """Whether the other is a later, stronger result of the same experiment on the same thing, not less sure."""
        same = all(
            getattr(self.said, name) == getattr(other.said, name) for name in ("flavour", "experiment", "nature")
        )
        alike = self.entry.kind == other.entry.kind and self.entry.kind in ("limit", "interval")
        as_sure = (self.level is None) == (other.level is None) and (other.level or 0) >= (self.level or 0)
        later = other.entry.year > self.entry.year and other.entry.size < self.entry.size
        return same and alike and as_sure and later

    def excluded_by(self, other: Judged) -> bool:
        """Whether a limit on the same flavour lies below a range that doesn't reach zero."""
        if self.entry.kind != "interval" or not self.entry.ends or self.entry.ends[0] <= 0:
            return False
        sure = other.entry.kind == "limit" and (other.level or 0) >= 0.9
        return sure and self.said.flavour == other.said.flavour and other.entry.size < self.entry.ends[0]


def match(entries: Mapping[str, Sequence[Entry]], said: Mapping[str, Mapping[str, Judgement]]) -> list[Judged]:
    """Each entry of the edition with its row of the file.

    Raises:
        NuemError: an entry has no row, or a row no entry; a new edition brings both.
    """
    found, missing, idle = [], [], []
    for listing, rows in said.items():
        keys = [key_of(entry) for entry in entries[listing]]
        missing += [f"{listing}: {key}" for key in keys if key not in rows]
        idle += [f"{listing}: {key}" for key in rows if key not in keys]
        documents = Counter(entry.who for entry in entries[listing])
        seen: Counter[str] = Counter()
        for entry in entries[listing]:
            seen[entry.who] += 1
            name = f"{listing}/{entry.who.lower().replace(' ', '-')}"
            number = f"/{seen[entry.who]}" if documents[entry.who] > 1 else ""
            if key_of(entry) in rows:
                found.append(Judged(name + number, listing, entry, rows[key_of(entry)]))
    if missing or idle:
        raise NuemError(
            f"{FILE.name} doesn't fit the installed edition of the listings: entries without a row: "
            f"{'; '.join(missing) or 'none'}. Rows without an entry: {'; '.join(idle) or 'none'}. Judge the new ones"
        )
    return found


# -- what can be computed from the entries alone -----------------------------------------------------------------------

_DOCUMENT = re.compile(r"\b[A-Z][A-Z-]+ (?:19|20)\d\d[A-Z]?\b")
_REPLACED = re.compile(r"(?i)\bsuperseded by\b|\brepl\. by\b")
_REPLACES = re.compile(r"(?i)\bsupersedes?\b|\bupdate of\b")


def _sentences(judged: Judged) -> Iterator[str]:
    """The group's words about an entry, sentence by sentence."""
    if judged.entry.how:
        yield judged.entry.how
    for note in judged.entry.notes:
        yield from re.split(r"(?<=[a-z\d)])\.\s+(?=[A-Z])", note)


def replaced_by_the_group(everything: Sequence[Judged]) -> dict[str, list[str]]:
    """Ids of the entries that replace another one in the group's own words, by the id of what they replace."""
    found: dict[str, list[str]] = {}
    for one in everything:
        for sentence in _sentences(one):
            names = [name for name in _DOCUMENT.findall(sentence) if name != one.entry.who.upper()]
            named = [other for other in everything if other.listing == one.listing and other.entry.who.upper() in names]
            if _REPLACED.search(sentence):
                pairs = [(one, other) for other in named]
            elif _REPLACES.search(sentence):
                pairs = [(other, one) for other in named]
            else:
                continue
            for old, new in pairs:
                # a document with several entries replaces only where experiment and flavour are the same
                if old.said.experiment == new.said.experiment or old.said.flavour == new.said.flavour != "all":
                    found.setdefault(old.id, []).append(new.id)
    return {old: list(dict.fromkeys(new)) for old, new in found.items()}


def _disagreement(kind: str, listed: str, found: str, where: str, checked: str) -> Row:
    return {"kind": kind, "listed": listed, "found": found, "where": where, "checked": checked}


def _number_text(entry: Entry) -> str:
    level = "" if entry.cl is None else f", {entry.cl:g} % CL"
    return f"{entry.text}{level}"


def _ends(prints: str) -> tuple[float, ...]:
    return tuple(float(end) for end in prints.split(" to "))


def _level(text: str | float) -> float | None:
    return None if text == "none" else float(text)


def _differs_from_print(entry: Entry, prints: str, scale: float) -> bool:
    """Whether the authors' number, times a scale for its convention, rounds to other digits than the listing's."""
    digits = re.search(r"\d*\.?\d+", entry.text)
    decimals = len(digits[0].partition(".")[2]) if digits else 0
    first = listings.first_number(entry.text)
    own = [scale * end for end in _ends(prints)]
    ends = (entry.ends or (math.nan, math.nan))[-len(own) :]
    unit = abs(ends[-1] / _last_number(entry.text)) * 10.0**-decimals if first else math.nan
    return any(abs(mine - theirs) > 0.5001 * unit for mine, theirs in zip(own, ends, strict=True))


def _last_number(text: str) -> float:
    plain = re.sub(r"E\s*[+-]?\d+", "", text)
    return float(re.findall(r"\d*\.?\d+", plain)[-1])


def _from_authors(judged: Judged) -> Iterator[Row]:
    """Where the paper itself, as far as we read it, prints something else."""
    authors, entry = judged.said.authors, judged.entry
    if not authors:
        return
    scale = listings.TABLE_PER_BOOK if judged.said.convention == "book" else 1.0
    if _differs_from_print(entry, authors["prints"], scale):
        own = " to ".join(typeset.number(end) for end in _ends(authors["prints"]))
        text = typeset.join(own, UNITS[entry.unit])
        yield _disagreement("number", entry.text, text, authors["where"], judged.said.checked)
    if "cl" in authors:
        own_level = _level(authors["cl"])
        if own_level != judged.level:
            words = "no confidence level" if own_level is None else f"{typeset.percent(own_level)} CL"
            yield _disagreement("level", _number_text(entry), words, authors["where"], judged.said.checked)


def _from_notes(judged: Judged, everything: Sequence[Judged]) -> Iterator[Row]:
    """Where number, title and footnotes of an entry contradict each other or the rest of the listing."""
    entry, own = judged.entry, "its own footnote"
    for note in entry.notes:
        if entry.cl is None and (level := re.search(r"(\d+) ?% ?(?:CL|C\.L\.)", note)):
            yield _disagreement("level", f"{entry.text}, no level", f"{level[1]} % CL", own, "source")
        days = re.search(r"(\d{3,}) (?:live )?days", note), re.search(r"(\d{3,}) Days", entry.title)
        if days[0] and days[1] and days[0][1] != days[1][1]:
            yield _disagreement("facts", f"title: {days[1][0]}", f"footnote: {days[0][0]}", own, "source")
        if praise := re.search(r"(?i)most stringent[^.,]*limit[^.]*", note):
            better = [other for other in everything if _better(judged, other)]
            if better:
                best = min(better, key=lambda other: other.entry.size)
                yield _disagreement("superlative", praise[0], _named(best), "the same listing", "source")


def _better(one: Judged, other: Judged) -> bool:
    same = one.listing == other.listing and one.said.flavour == other.said.flavour
    return same and other.entry.kind == "limit" and other.entry.size < one.entry.size


def _named(judged: Judged) -> str:
    return f"{judged.entry.who}: {_number_text(judged.entry)}"


def _withdrawn(judged: Judged, replacing: Sequence[Judged]) -> Iterator[Row]:
    """Where the group names a replacement that is weaker than what it replaces."""
    for new in replacing:
        if judged.entry.kind == new.entry.kind == "limit" and new.entry.size > judged.entry.size:
            yield _disagreement(
                "withdrawn", _number_text(judged.entry), f"weakened to {_named(new)}", "the group's footnote", "source"
            )


# -- rows --------------------------------------------------------------------------------------------------------------


class _Judge:
    """Makes the rows: the entries, the bounds of the chapters and the inputs side by side."""

    def __init__(self, everything: Sequence[Judged], bounds: Iterable[Bound], inputs: Inputs):
        self.everything, self.inputs, self.own = everything, inputs, Inputs({})
        self.bounds = {bound.id: bound for bound in bounds}
        self.by_id = {one.id: one for one in everything}
        self.replaced = replaced_by_the_group(everything)

    def row(self, judged: Judged) -> Row:
        """The public row of an entry."""
        entry, said = judged.entry, judged.said
        ours, raw_ratio = self._ours(judged)
        superseded, contested = list(self._superseded(judged)), list(self._contested(judged))
        quoted = self._quoted(judged)
        holds = {
            "derived": ours is not None and ours["origin"] == "computed",
            "converted": ours is not None and ours["origin"] == "quoted" and not math.isclose(raw_ratio, 1),
            "superseded": bool(superseded),
            "contested": bool(contested),
        }
        standings = [name for name, true in holds.items() if true] or ["quoted"]
        return {
            "id": judged.id,
            "listing": judged.listing,
            "property": PROPERTIES[judged.listing],
            "entry": entry.who,
            "year": entry.year,
            "title": entry.title or None,
            "doi": entry.doi,
            "method": entry.how,
            "notes": list(entry.notes),
            "in_summary": entry.used,
            "printed": entry.text,
            "kind": entry.kind,
            "value": entry.value,
            "lower": entry.ends and _tidy(entry.ends[0]),
            "upper": entry.ends and _tidy(entry.ends[1]),
            "unit": UNITS[entry.unit],
            "cl": judged.level,
            "sided": said.sided,
            "flavour": FLAVOURS[said.flavour],
            "nature": said.nature,
            "means": said.means,
            "experiment": said.experiment,
            "by": said.by,
            "convention": UNITS_OF_LISTING[PROPERTIES[judged.listing]],
            "convention_of_authors": CONVENTIONS[said.convention] if said.convention else None,
            "authors_print": said.authors.get("prints"),
            "authors_where": said.authors.get("where"),
            "checked": said.checked,
            "source": said.source,
            "standings": standings,
            "reason": said.reason,
            "ours": ours,
            "quoted_as": quoted,
            "superseded_by": superseded,
            "contested_by": contested,
            "disagreements": list(self._disagreements(judged, ours)),
        }

    def _ours(self, judged: Judged) -> tuple[Row | None, float]:
        """The book's bound in the listing's convention, how it compares with the entry, and that without conversion."""
        name, entry = judged.said.bound, judged.entry
        if name is None:
            return None, math.nan
        if name not in self.bounds:
            known = [bound for bound in self.bounds if property_of(self.bounds[bound]) == PROPERTIES[judged.listing]]
            raise NuemError(f"{judged.said.place}: no chapter publishes the bound {name}; {allowed(known, name)}")
        bound = self.bounds[name]
        if property_of(bound) != PROPERTIES[judged.listing]:
            raise NuemError(f"{judged.said.place}: the bound {name} is no {PROPERTIES[judged.listing]}; name another")
        scale = listings.TABLE_PER_BOOK if judged.listing == "S066CRD" else 1.0
        ends = {"lower": bound.lower, "upper": bound.upper, "value": bound.value}
        row = {
            "bound": name,
            "origin": bound.origin,
            **{end: None if number is None else _tidy(scale * number) for end, number in ends.items()},
            "cl": bound.cl,
            "construction": bound.cl_text(),
            "ratio": scale * size(bound) / entry.size,
        }
        return row, size(bound) / entry.size

    def _quoted(self, judged: Judged) -> str | None:
        """The input that holds the entry's number, after it was compared with the entry."""
        name, entry = judged.said.input, judged.entry
        if name is None:
            return None
        values = self._values(judged, name)
        number = entry.value if entry.kind == "measurement" else entry.size
        if number is None or not any(math.isclose(abs(value), abs(number), rel_tol=1e-9) for value in values):
            raise NuemError(
                f"{judged.said.place}: the input {name} is {' and '.join(f'{value:g}' for value in values)}, the entry "
                f"{entry.text}; mend one of them"
            )
        return name

    def _values(self, judged: Judged, name: str) -> list[float]:
        """The book's values of an input, a reader's own ones left aside."""
        try:
            return [value.nominal for value in self.own.entry(name).values.values()]
        except NuemError as problem:
            raise NuemError(f"{judged.said.place}: {problem}") from problem

    def _superseded(self, judged: Judged) -> Iterator[Row]:
        group = self.replaced.get(judged.id, [])
        yield from ({"by": name, "how": "the group says so"} for name in group)
        for other in self.everything:
            if other.listing == judged.listing and other.id not in group and judged.later_and_stronger(other):
                yield {"by": other.id, "how": "later and stronger, same experiment or argument"}
        if newer := judged.said.newer:
            values = self._values(judged, newer)
            if min(values) >= judged.entry.size:
                raise NuemError(f"{judged.said.place}: newer names {newer}, which is not stronger; drop it")
            yield {"by": newer, "how": "later and stronger, not in this edition"}

    def _contested(self, judged: Judged) -> Iterator[Row]:
        said = judged.said.contested
        if entry := said.get("entry"):
            if not any(entry == other.entry.who.upper() for other in self.everything):
                raise NuemError(f"{judged.said.place}: contested names the entry {entry}, which isn't listed")
            yield {"by": entry, "because": said["because"]}
        elif said:
            yield {"by": said.get("source"), "because": said["because"]}
        better = [
            other
            for other in self.everything
            if other.listing == judged.listing and judged.excluded_by(other) and other.id not in self.replaced
        ]
        if better:
            strongest = min(better, key=lambda other: other.entry.size)
            yield {"by": strongest.id, "because": f"its range is excluded by {_named(strongest)}"}

    def _disagreements(self, judged: Judged, ours: Row | None) -> Iterator[Row]:
        yield from _from_authors(judged)
        yield from _from_notes(judged, self.everything)
        yield from _withdrawn(judged, [self.by_id[name] for name in self.replaced.get(judged.id, [])])
        for one in judged.said.disagrees:
            entry = judged.entry
            words = (entry.text, entry.title, entry.how or "", *entry.notes)
            if not any(one["listed"] in text for text in words):
                raise NuemError(
                    f"{judged.said.place}: the edition doesn't say {one['listed']!r}; see what it says now, and mend it"
                )
            checked = one.get("checked", judged.said.checked)
            yield _disagreement(one["kind"], one["listed"], self._found(judged, one, ours), one["where"], checked)

    def _found(self, judged: Judged, one: Mapping[str, Any], ours: Row | None) -> str:
        """What the other place says: words, the value of an input, or our own number."""
        if "input" in one:
            self._values(judged, one["input"])
            found = self.inputs.entry(one["input"])
            value = found.values.get("today") or found.values["published"]
            digits = len(re.sub(r"\D", "", value.text.partition("e")[0]).lstrip("0"))
            return typeset.join(typeset.number(value.nominal, digits), found.unit)
        if one.get("bound"):
            if ours is None:
                raise NuemError(f"{judged.said.place}: disagrees with our bound, but names none; add bound")
            return typeset.join(f"< {typeset.number(ours['value'])}", UNITS[judged.entry.unit])
        return str(one["found"])


def _tidy(number: float) -> float:
    """Without the noise of binary fractions."""
    return float(f"{number:.12g}")


def rows(entries: Mapping[str, Sequence[Entry]], bounds: Iterable[Bound], inputs: Inputs) -> list[Row]:
    """A row for each entry of the three listings; `data/schemas/listings.schema.json` says what it holds.

    Args:
        entries: of the installed edition, as `listings.read` gives them.
        bounds: of the chapters.
        inputs: of the book.

    Raises:
        NuemError: an entry has no row in the file or a row no entry, a word in the file is unknown, or a bound or an
            input that it names doesn't exist or doesn't fit.
    """
    everything = match(entries, read())
    judge = _Judge(everything, bounds, inputs)
    return [judge.row(one) for one in everything]


def counts(found: Sequence[Row]) -> dict[str, dict[str, int]]:
    """How many entries have a standing first, by standing and property; `all` of them, and who has it `at all`."""
    table = {}
    for name in STANDINGS:
        first = Counter(row["property"] for row in found if row["standings"][0] == name)
        by_property = {name: first[name] for name in PROPERTIES.values()}
        table[name] = {**by_property, "all": first.total(), "at all": sum(name in row["standings"] for row in found)}
    return table


def unread(entries: Mapping[str, Sequence[Entry]]) -> list[Entry]:
    """Entries whose number the database holds in words only."""
    return [entry for found in entries.values() for entry in found if entry.ends and entry.value is None]


def misshown(identifiers: Iterable[str]) -> list[tuple[str, listings.Headline]]:
    """Headlines whose shown text and power of ten give another number than the stored value."""
    return [
        (name, one)
        for name, found in listings.headlines(identifiers).items()
        for one in found
        if one.shown is None or not math.isclose(one.shown, one.value, rel_tol=1e-9)
    ]
