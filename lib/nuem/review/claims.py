"""What the papers print, and the rule that turns a recomputed number into a verdict.

Claims stand in `data/claims/<paper>.yml`, as printed and without judgement. A verdict is computed, never typed:

* reproduced: the recomputed number agrees with the printed digits within one unit of the last of them; a bare power
  of ten, or a number marked "about", agrees within a factor 2.
* order-of-magnitude: a bare power of ten is off by a factor 2 to 10; a marked number by up to 3; where the paper leaves
  an input or a definition unstated, printed digits by less than 50 %, or any number that a sensible range of what is
  unstated reaches: then some value in the recomputed range would be reproduced.
* discrepant: anything worse.
* quoted: the paper takes the number from elsewhere and gives too little to derive it, and the source agrees, or nobody
  could open it.
"""

from __future__ import annotations

import functools
import math
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from nuem import typeset
from nuem.errors import NuemError, allowed
from nuem.review import reads, yamlfile
from nuem.review.numbertext import to_float

FOLDER = Path(__file__).parents[1] / "data" / "claims"


@dataclass(frozen=True)
class VerdictKind:
    """One way in which a claim can come out: how it counts, and how it is shown.

    Attributes:
        tone: colour of its badge; the style sheet has one for "good", "fair" and "bad".
        agrees: whether the print says what comes out: taken from elsewhere, such a claim is quoted.
        wrong: whether the print errs: such a verdict needs an explanation and a severity, may have a root, and counts.
        found, ratio: what the result that stands beside the print is called, and the ratio of the two.
    """

    tone: str
    agrees: bool = False
    wrong: bool = False
    found: str = "found here"
    ratio: str = "recomputed ÷ printed"


# The one table of verdicts, from best to worst: a claim with several parts is as good as its worst part. The schema of
# the ledger, badges and their colours, ranks and counts follow from it; the rules below say which one a claim gets.
VERDICTS = {
    "reproduced": VerdictKind("good", agrees=True),
    "quoted": VerdictKind("good", agrees=True, found="in the source", ratio="source ÷ printed"),
    "order-of-magnitude": VerdictKind("fair"),
    "discrepant": VerdictKind("bad", wrong=True),
}
SEVERITIES = ("editorial", "minor", "substantive")
KINDS = ("number", "formula", "statement", "several", "curve")
_MARKS = ("~", "about", "approximately", "few", "roughly", "or so")


@dataclass(frozen=True)
class Claim:
    """One printed claim, or one part of a claim that prints several things (its id is then `claim#part`)."""

    id: str
    paper: str
    where: str
    claim: str
    kind: str
    relation: str
    published: str
    number: str
    uncertainty: str
    unit: str
    parts: tuple[Claim, ...] = ()

    @property
    def anchor(self) -> str:
        """The anchor of the claim's card on its page.

        >>> claim("babu-volkas-1992/amu-bound").anchor
        'claim-babu-volkas-1992-amu-bound'
        """
        return "claim-" + self.id.replace("/", "-").replace("#", "-")

    @property
    def printed(self) -> Printed:
        """The printed number with its precision."""
        return read_printed(self.number or self.published)

    @property
    def sign(self) -> str:
        """The printed relation as a sign, or nothing for an equality.

        >>> claim("babu-volkas-1992/amu-bound").sign
        '<'
        """
        text = "" if self.relation == "=" else self.relation
        for typed, sign in (("<=", "≤"), (">=", "≥"), ("<~", "≲"), (">~", "≳")):
            text = text.replace(typed, sign)
        return text

    @property
    def number_text(self) -> str:
        """The printed number in print; a bare power of ten stays bare, other numbers keep their digits.

        >>> claim("babu-volkas-1992/amu-bound").number_text, claim("babu-volkas-1992/zorn").number_text
        ('10⁻⁶', '4 × 10⁻¹⁷')

        Where "few" is printed in place of a number, none stands before the power.

        >>> claim("studenikin-2014/few").sign, claim("studenikin-2014/few").number_text
        ('few', '× 10⁻¹³')
        """
        text = self.number or self.published
        power = re.search(r"e([+-]?\d+)\s*$", text)
        mantissa = re.match(r"\s*([0-9.+-]+)", text)
        if not power or not mantissa:
            return text
        exponent = typeset.power_of_ten(int(power[1]))
        if self.relation == "few":
            return f"× {exponent}"
        return exponent if self.printed.bare else f"{mantissa[1]} × {exponent}"


@dataclass(frozen=True)
class Printed:
    """A number as printed: its value, one unit of its last printed digit, and whether it is a bare power of ten."""

    value: float
    last_digit: float
    bare: bool

    @property
    def digits(self) -> int:
        """How many significant digits are printed.

        >>> read_printed("13.7").digits, read_printed("2.1e-9").digits, read_printed("1e-6").digits
        (3, 2, 1)
        """
        if self.value == 0:
            return 1
        return math.floor(math.log10(abs(self.value))) - round(math.log10(self.last_digit)) + 1


_PRINTED = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]{1,3})?", re.IGNORECASE)


def read_printed(text: str) -> Printed:
    """Precision of a number as printed.

    Zeros that end an integer don't count as printed digits: 5500 is read as 55 hundred.

    >>> read_printed("2.1e-9")
    Printed(value=2.1e-09, last_digit=1e-10, bare=False)
    >>> read_printed("1e-6").bare, read_printed("1 x 1e-6").bare, read_printed("5500").last_digit
    (True, False, 100.0)

    Raises:
        NuemError: the text is not one plain number.
    """
    explicit = re.fullmatch(r"\s*([0-9.+-]+)\s*x\s*1e([+-]?\d+)\s*", text)
    plain = f"{explicit[1]}e{explicit[2]}" if explicit else text.strip()
    if not _PRINTED.fullmatch(plain):
        raise NuemError(f"{text!r} is not one plain number as printed; write for instance 25 or 2.1e-9")
    value = to_float(plain, "as printed")
    _sign, digits, exponent = Decimal(plain).as_tuple()
    integer = "." not in text
    while integer and len(digits) > 1 and digits[-1] == 0:
        digits, exponent = digits[:-1], exponent + 1
    bare = not explicit and integer and digits == (1,) and exponent != 0
    return Printed(value, float(Decimal(1).scaleb(exponent)), bare)


def is_marked(relation: str) -> bool:
    """Whether the print itself calls the number approximate.

    >>> is_marked("< about"), is_marked("<~"), is_marked("<")
    (True, True, False)
    """
    return any(mark in relation for mark in _MARKS)


_ROUNDING = 1e-9  # the ends of a printed interval belong to it, also in floating point


def judge(
    published: str,
    relation: str,
    recomputed: float,
    *,
    unstated: str = "",
    unstated_range: Sequence[float] | None = None,
) -> str:
    """The verdict on a number, from its printed text, its printed relation and the recomputed value.

    `unstated` names the input or definition that the paper leaves open, if there is one; `unstated_range` holds the
    two ends of what comes out over a sensible range of it. A number that lies in this range, up to its own rounding,
    can't be called wrong.

    >>> judge("9e-9", "=", 8.5e-9), judge("1e-6", "<", 2.6e-6), judge("0.55", "=", 0.60)
    ('reproduced', 'order-of-magnitude', 'discrepant')
    >>> judge("0.55", "=", 0.60, unstated="the statistics in the average")
    'order-of-magnitude'
    >>> judge("0.34", "=", 0.61, unstated="the density", unstated_range=(0.22, 0.61))
    'order-of-magnitude'
    """
    if unstated_range is not None:
        return _judge_range(published, relation, recomputed, unstated, unstated_range)
    printed = read_printed(published)
    if not math.isfinite(recomputed):
        raise NuemError(f"the recomputed value {recomputed} is not finite; a verdict needs a number")
    if printed.value == 0:
        return "reproduced" if recomputed == 0 else "discrepant"
    ratio = recomputed / printed.value
    if ratio <= 0:
        return "discrepant"
    off_by = max(ratio, 1 / ratio) * (1 - _ROUNDING)
    approximate = printed.bare or is_marked(relation)
    slack = _ROUNDING * printed.last_digit + 4 * sys.float_info.epsilon * abs(printed.value)
    within_digits = abs(recomputed - printed.value) <= printed.last_digit + slack
    # One unit in the last digit of a printed "1" would reach down to zero; a factor 2 is the outer limit.
    if off_by <= 2 and (within_digits or approximate):
        return "reproduced"
    if printed.bare and off_by <= 10:
        return "order-of-magnitude"
    if is_marked(relation) and off_by <= 3:
        return "order-of-magnitude"
    if unstated and abs(ratio - 1) < 0.5 * (1 - _ROUNDING):
        return "order-of-magnitude"
    return "discrepant"


def _judge_range(published: str, relation: str, recomputed: float, unstated: str, ends: Sequence[float]) -> str:
    """The verdict where the recomputed value is one of a whole range, because an input is unstated."""
    if not unstated:
        raise NuemError("unstated_range= needs unstated=, the name of what the paper leaves open")
    if len(ends) != 2 or not all(map(math.isfinite, ends)):
        raise NuemError(f"unstated_range is {ends!r}; it takes the two finite ends of what comes out")
    verdict = judge(published, relation, recomputed, unstated=unstated)
    closest = min(max(read_printed(published).value, min(*ends, recomputed)), max(*ends, recomputed))
    if is_wrong(verdict) and VERDICTS[judge(published, relation, closest)].agrees:
        return "order-of-magnitude"
    return verdict


def judge_words(holds: bool, unstated: str = "") -> str:
    """The verdict on a formula or a statement; `unstated` says what must be chosen for it to hold somewhere.

    >>> judge_words(True), judge_words(False, "the density"), judge_words(False)
    ('reproduced', 'order-of-magnitude', 'discrepant')
    """
    return "reproduced" if holds else "order-of-magnitude" if unstated else "discrepant"


def as_quoted(verdict: str) -> str:
    """The verdict on what a paper takes from elsewhere, from the one that its source gives.

    >>> as_quoted("reproduced"), as_quoted("order-of-magnitude")
    ('quoted', 'discrepant')
    """
    return "quoted" if VERDICTS[verdict].agrees else "discrepant"


def is_wrong(verdict: str | None) -> bool:
    """Whether a verdict says that the print errs; an open claim has none.

    >>> is_wrong("discrepant"), is_wrong("quoted"), is_wrong(None)
    (True, False, False)
    """
    return verdict is not None and VERDICTS[verdict].wrong


def rank(verdict: str) -> int:
    """Place in the table, 0 for the best.

    >>> rank("reproduced") < rank("order-of-magnitude")
    True
    """
    return list(VERDICTS).index(verdict)


def worst(verdicts: Sequence[str]) -> str:
    """
    >>> worst(["reproduced", "discrepant", "quoted"])
    'discrepant'
    """
    return max(verdicts, key=rank)


def worst_severity(severities: Iterable[str | None]) -> str | None:
    """
    >>> worst_severity(["editorial", None, "minor"]), worst_severity([None])
    ('minor', None)
    """
    return max(filter(None, severities), key=SEVERITIES.index, default=None)


_FIELDS = ("id", "where", "claim", "kind", "relation", "published", "number", "uncertainty", "unit", "note")
_OTHER_FIELDS = {"parts": list, "implied": bool}


def _check_fields(raw: Any, place: str) -> None:
    if not isinstance(raw, Mapping):
        raise NuemError(f"{place}: {raw!r} is not a mapping; see the other claims for the form")
    for name, content in raw.items():
        if name not in (known := {*_FIELDS, *_OTHER_FIELDS}):
            raise NuemError(f"{place}, {raw.get('id')}: unknown field {name!r}; {allowed(known, name)}")
        if not isinstance(content, _OTHER_FIELDS.get(name, str)):
            remedy = "put it in quotes, so that its digits survive" if name in _FIELDS else "see the other claims"
            raise NuemError(f"{place}, {raw.get('id')}: the field {name} is not what it should be; {remedy}")


def _read_claim(raw: Mapping, paper: str, parent: Mapping | None = None) -> Claim:
    _check_fields(raw, f"claims/{paper}.yml")
    where = raw.get("where", parent["where"] if parent else None)
    if raw.get("kind") not in KINDS or not (raw.get("id") and raw.get("claim") and where):
        raise NuemError(f"claims/{paper}.yml, {raw.get('id')}: id, where, claim or kind is missing or unknown")
    identifier = f"{parent['id']}#{raw['id']}" if parent else raw["id"]
    parts = tuple(_read_claim(part, paper, raw) for part in raw.get("parts", ()))
    if (raw["kind"] == "several") != bool(parts):
        raise NuemError(f"claims/{paper}.yml, {identifier}: a claim of kind several has parts, and only such a claim")
    claim_ = Claim(
        id=identifier,
        paper=paper,
        where=where,
        claim=raw["claim"],
        kind=raw["kind"],
        relation=raw.get("relation", "=" if raw["kind"] == "number" else ""),
        published=raw.get("published", ""),
        number=raw.get("number", ""),
        uncertainty=raw.get("uncertainty", ""),
        unit=raw.get("unit", "1" if raw["kind"] == "number" else ""),
        parts=parts,
    )
    if claim_.kind == "number":
        try:
            _ = claim_.printed
            _ = read_printed(claim_.uncertainty or "0")
        except NuemError as error:
            raise NuemError(f"claims/{paper}.yml, {identifier}: {error}") from error
    return claim_


def load(folder: Path = FOLDER) -> dict[str, Claim]:
    """All claims of the book by id, without their parts.

    Raises:
        NuemError: a file is malformed or two claims share an id.
    """
    reads.name("claims", reads.ALL)
    return _load(folder)


@functools.cache
def _load(folder: Path) -> dict[str, Claim]:
    claims: dict[str, Claim] = {}
    for path in sorted(folder.glob("*.yml")):
        content = yamlfile.read(path, f"claims/{path.name}")
        if not isinstance(content, list):
            raise NuemError(f"claims/{path.name}: not a list of claims; see the other files for the form")
        for raw in content:
            claim_ = _read_claim(raw, path.stem)
            if claim_.id in claims:
                raise NuemError(f"claims/{path.name}: the id {claim_.id} stands twice; make it unique")
            claims[claim_.id] = claim_
    return claims


def claim(identifier: str) -> Claim:
    """One claim, or one part of it (`paper/claim#part`).

    Raises:
        NuemError: there is no such claim.
    """
    reads.name("claims", identifier)
    claims = _load(FOLDER)
    whole, _, part = identifier.partition("#")
    if whole not in claims:
        raise NuemError(f"there is no claim {identifier!r}; {allowed(_near(claims, whole), whole)}")
    if not part:
        return claims[whole]
    for candidate in claims[whole].parts:
        if candidate.id == identifier:
            return candidate
    names = [candidate.id.partition("#")[2] for candidate in claims[whole].parts]
    raise NuemError(f"the claim {whole} has no part {part!r}; {allowed(names, part)}")


def _near(claims: Mapping[str, Claim], wanted: str) -> list[str]:
    """The claims of the same paper if there is one, else all papers: a list short enough to read."""
    paper = wanted.partition("/")[0]
    return [name for name in claims if name.startswith(paper + "/")] or sorted({c.paper for c in claims.values()})
