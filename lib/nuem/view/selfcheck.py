"""The answers of exercises, sealed, and what is said of a student's own: right, wrong, or which mistake it looks like.

A sealed answer is plain JSON that tells nobody the answer who doesn't already have it. A number lies on a logarithmic
scale whose steps are as wide as the tolerance allows, and which is laid so that the answer stands in the middle of its
step: no right answer lies beyond an edge. What is kept is a hash of the step, and where on the scale the steps begin,
which says nothing but digits beyond the tolerance. A formula is a list of such numbers, its values at points that are
kept with it; a choice is a hash of its letter. What is said of a mistake is sealed with the number of that mistake.
This keeps an answer from being read; who tries all numbers finds it, as with a lock of three digits.

The script of the site, `assets/selfcheck.js`, reads and judges the same way; a test compares the two.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from nuem import typeset
from nuem.errors import NuemError
from nuem.physics.named_units import unit_of, units_like
from nuem.review.formulas import plain_name, value_at

RIGHT, WRONG, WAITING, UNCLEAR = "right", "wrong", "waiting", "unclear"

# -- seals -------------------------------------------------------------------------------------------------------------


def _hash(*words: str) -> str:
    return hashlib.sha256("|".join(words).encode()).hexdigest()


def _steps(values: Sequence[float], phases: Sequence[float], width: float) -> str:
    """On which steps of their scales numbers lie, with their signs."""
    return ",".join(
        f"{'-' if value < 0 else '+'}{math.floor(math.log(abs(value)) / width - phase)}"
        for value, phase in zip(values, phases, strict=True)
    )


def _width(within: float) -> float:
    return 2 * math.log1p(within)


def _phases(values: Sequence[float], width: float) -> list[float]:
    return [round((math.log(abs(value)) / width - 0.5) % 1.0, 6) for value in values]


def sealed(answer: Mapping[str, Any], *, sides: bool = False) -> dict[str, Any]:
    """The answer of an exercise as a student may have it.

    Args:
        answer: the view of an answer, see `nuem.notebook.solutions`.
        sides: whether the exercise is about limits of some level, which one may take one- or two-sided.
    """
    salt = f"{answer['label']}/{answer['part']}"
    common = {"salt": salt, "type": answer["type"]}
    if answer["type"] == "choice":
        return {**common, "hash": _hash(salt, answer["value"])}
    width = _width(answer["within"])
    mistakes = []
    for says, values in answer["mistakes"]:
        phases = _phases(values, width)
        steps = _steps(values, phases, width)
        hidden = _covered(says.encode(), salt, steps).hex()
        mistakes.append({"phases": phases, "hash": _hash(salt, steps), "says": hidden})
    phases = _phases(answer["values"], width)
    return {
        **common,
        "unit": answer["unit"],
        "within": answer["within"],
        "symbols": answer["symbols"],
        "points": answer["points"],
        "phases": phases,
        "hash": _hash(salt, _steps(answer["values"], phases, width)),
        "mistakes": mistakes,
        **({"sides": True} if sides else {}),
    }


def _covered(text: bytes, salt: str, steps: str) -> bytes:
    """A text under a key that only who makes the mistake has; the same once more uncovers it."""
    blocks = (hashlib.sha256(f"{salt}|{steps}|{block}".encode()).digest() for block in range(len(text) // 32 + 1))
    return bytes(one ^ other for one, other in zip(text, b"".join(blocks), strict=False))


# -- typical mistakes --------------------------------------------------------------------------------------------------

FACTORS = {
    "a factor of 2": 2.0,
    "a factor of 4": 4.0,
    "a factor of π": math.pi,
    "a factor of 2π": 2 * math.pi,
    "a factor of 4π": 4 * math.pi,
    "a factor of √(4π), the one between Gaussian and Heaviside–Lorentz units": math.sqrt(4 * math.pi),
    "a factor of √2": math.sqrt(2),
}
SIDES = {  # asked of limits alone: they are so near to one that many a wrong number fits
    "the factor between a one- and a two-sided limit at 90 %": 1.6448536 / 1.2815516,
    "the factor between a one- and a two-sided limit at 95 %": 1.9599640 / 1.6448536,
}
_LARGEST_POWER = 40


def _slips(seal: Mapping[str, Any], values: Sequence[float]) -> Iterator[tuple[str, list[float]]]:
    """What is wrong with an answer, and what it would be without that; of factors those that the tolerance tells."""
    width = _width(seal["within"])
    for unit, size in units_like(seal["unit"]).items():
        if abs(math.log10(size) - round(math.log10(size))) > 1e-6:
            yield f"another unit ({typeset.unit(unit)})", [value * size for value in values]
    for words, factor in (FACTORS | (SIDES if seal.get("sides") else {})).items():
        if math.log(factor) > width:
            yield words, [value * factor for value in values]
            yield words, [value / factor for value in values]
    yield "another sign", [-value for value in values]
    for words, power in (("an inverse", -1.0), ("a square or a root", 2.0), ("a square or a root", 0.5)):
        yield words, [math.copysign(abs(value) ** power, value) if value else 0.0 for value in values]
    if math.log(10) > width:
        for power in range(1, _LARGEST_POWER + 1):
            for sign in (1, -1):
                yield "a power of ten (look at the units)", [value * 10.0 ** (sign * power) for value in values]


# -- answers -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """What is said of a student's answer."""

    verdict: str
    words: str


def judged(seal: Mapping[str, Any], answer: Any) -> Judged:
    """What is to be said of a student's answer.

    Args:
        answer: a number in the unit that is asked for; a text such as "3.2 keV", or a number and its unit, (3.2,
            "keV"); a formula of sympy; the letter of a choice. None, or `...`, is no answer yet.
    """
    if answer is None or answer is ...:
        return Judged(WAITING, f"No answer yet: it waits for {asked_for(seal)}.")
    try:
        values = _read(seal, answer)
    except NuemError as error:
        return Judged(UNCLEAR, f"{typeset.capital(str(error))}.")
    if seal["type"] == "choice":
        right = _hash(seal["salt"], values) == seal["hash"]
        return Judged(RIGHT, "Right.") if right else Judged(WRONG, "No, not this one.")
    return _judged_numbers(seal, values)


def _judged_numbers(seal: Mapping[str, Any], values: Sequence[float]) -> Judged:
    width, salt = _width(seal["within"]), seal["salt"]

    def fits(found: Sequence[float], phases: Sequence[float], expected: str) -> str:
        if not all(value and math.isfinite(value) for value in found):
            return ""
        steps = _steps(found, phases, width)
        return steps if _hash(salt, steps) == expected else ""

    if fits(values, seal["phases"], seal["hash"]):
        return Judged(RIGHT, "Right.")
    for mistake in seal["mistakes"]:
        if steps := fits(values, mistake["phases"], mistake["hash"]):
            says = _covered(bytes.fromhex(mistake["says"]), salt, steps).decode()
            return Judged(WRONG, f"Not yet: {says}.")
    # Each fits by chance now and then, so what is said is no more than that.
    slips = (words for words, found in _slips(seal, values) if fits(found, seal["phases"], seal["hash"]))
    if near := list(dict.fromkeys(slips)):
        return Judged(WRONG, f"Not yet. {typeset.capital(' or '.join(near[:2]))} would explain it.")
    what = "formula" if seal["type"] == "formula" else "number"
    return Judged(WRONG, f"Not yet: the book finds another {what}.")


def field(key: str, name: str, seal: Mapping[str, Any], choices: Sequence[str]) -> str:
    """The HTML of the field for an answer on a page of the site, whose script judges it; without scripts it is hidden.

    Args:
        key: an id that no other field of the page has.
        name: what is asked for, where an exercise asks for several things.
        choices: the letters that the exercise offers.
    """
    words = f"Your answer{f', {name}' if name else ''}"
    data, extra = dict(seal), ""
    if seal["type"] == "choice":
        radios = "".join(
            f'<label><input type="radio" name="answer" value="{letter}"> ({letter})</label> ' for letter in choices
        )
        control = f"<fieldset><legend>{escape(words)}</legend>{radios}</fieldset>"
    else:
        if seal["type"] == "formula":
            data["names"] = [plain_name(symbol) for symbol in data.pop("symbols")]
            letters = ", ".join(f"<code>{escape(name)}</code>" for name in data["names"])
            example = f"a formula in {letters}, such as <code>2*sqrt({escape(data['names'][0])})/pi</code>"
            extra = f'<small id="{key}-form">{example}</small>'
        else:
            units, data["wanted"] = units_like(seal["unit"]), _wanted(seal["unit"])
            options = "".join(
                f'<option value="{escape(unit)}">{escape(typeset.in_words(typeset.unit(unit)))}</option>'
                for unit in units
            )
            one = len(units) == 1 or seal["unit"] == "1"
            extra = (
                typeset.in_html(typeset.unit(seal["unit"]))
                if one
                else f'<select name="unit" aria-label="unit">{options}</select>'
            )
        described = f' aria-describedby="{key}-form"' if seal["type"] == "formula" else ""
        control = (
            f'<label for="{key}">{escape(words)}</label> <input id="{key}" name="answer" type="text" '
            f'autocomplete="off" autocapitalize="off" spellcheck="false"{described}>'
        )
    written = escape(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
    return (
        f'<form class="nuem-check" data-seal="{written}" hidden>{control} {extra} '
        '<button type="submit">Check</button> <output aria-live="polite"></output></form>'
    )


def asked_for(seal: Mapping[str, Any]) -> str:
    """What an exercise wants, in words."""
    if seal["type"] == "choice":
        return 'the letter of a choice, such as "a"'
    if seal["type"] == "formula":
        names = ", ".join(seal["symbols"])
        return f"a formula of sympy in {names}"
    return "a number" if seal["unit"] == "1" else f"a number in {typeset.unit(seal['unit'])}"


def _read(seal: Mapping[str, Any], answer: Any) -> Any:
    """
    Raises:
        NuemError: the answer is of another type than the exercise wants, or has another unit or other symbols.
    """
    if seal["type"] == "choice":
        letter = answer.strip().strip("()").lower() if isinstance(answer, str) else ""
        if not re.fullmatch("[a-z]", letter):
            raise NuemError(f"this exercise wants {asked_for(seal)}, not {_short(answer)}")
        return letter
    if seal["type"] == "formula":
        return _values_of_formula(seal, answer)
    return [_number(seal, answer)]


def _short(answer: Any) -> str:
    text = repr(answer)
    kind = "a text" if isinstance(answer, str) else f"an object of the type {type(answer).__name__}"
    return text if len(text) <= 40 else kind


_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_WRITTEN = re.compile(  # 3.2e-12, or as the book shows it, 3.2 × 10⁻¹²
    r"(?P<digits>[-+]?(?:\d+\.?\d*|\.\d+))"
    r"(?:e(?P<power>[-+]?\d+)|(?:\s*[×x*·⋅]\s*|\s+)10(?:\^|\*\*)(?P<tens>[-+]?\d+))?"
    r"(?!e[-+]?\d)(?:\s*(?P<unit>[^\W\d_].*|%)|\s+(?P<below>1/.*))?",
    re.I,
)


def _number(seal: Mapping[str, Any], answer: Any) -> float:
    unit = seal["unit"]
    if isinstance(answer, str):
        plain = re.sub("⁻?[⁰¹²³⁴-⁹]+", lambda run: "^" + run[0].translate(_RAISED), answer.replace("−", "-"))
        found = _WRITTEN.fullmatch(plain.strip())
        if not found:
            raise NuemError(f"{answer!r} can't be read; {_how_to_write(answer, unit)}")
        answer = (f"{found['digits']}e{found['power'] or found['tens'] or 0}", found["unit"] or found["below"] or unit)
    if isinstance(answer, tuple | list) and len(answer) == 2 and isinstance(answer[1], str):
        answer, unit = answer
    factor = _factor(seal["unit"], unit)
    if isinstance(answer, tuple | list | dict | set) or getattr(answer, "shape", ()) != ():
        raise NuemError(
            f"this exercise wants one number, not {_short(answer)}; give one, with a point before its decimals"
        )
    if getattr(answer, "free_symbols", None):
        raise NuemError(f"this exercise wants a number, but symbols are left in {_short(answer)}; put numbers in")
    nominal = getattr(answer, "nominal_value", answer)  # of a number with an uncertainty
    try:
        value = float(nominal)
    except (TypeError, ValueError):
        raise NuemError(f"this exercise wants {asked_for(seal)}, not {_short(answer)}") from None
    if isinstance(answer, bool) or not math.isfinite(value):
        raise NuemError(f"this exercise wants {asked_for(seal)}, not {_short(answer)}")
    return value * factor


def _how_to_write(answer: str, unit: str) -> str:
    if "," in answer:
        return "write a point before the decimals, and no commas"
    if unit == "1":
        return "write a number such as 3.2e-12 or 2/3, without quotation marks"
    return f'write a number and its unit, such as "3.2e-12 {unit}"'


def _factor(asked: str, given: str) -> float:
    own, theirs = unit_of(asked), unit_of(given)
    if own.measures != theirs.measures:
        raise NuemError(f"the unit {given} doesn't measure what is asked for; {_wanted(asked)}")
    return theirs.size / own.size


def _wanted(unit: str) -> str:
    return "give a number without a unit" if unit == "1" else f"give it in {typeset.unit(unit)}"


def _values_of_formula(seal: Mapping[str, Any], answer: Any) -> list[float]:
    import sympy as sp

    if isinstance(answer, str):
        raise NuemError(f"this exercise wants {asked_for(seal)}; write it without quotation marks")
    if isinstance(answer, bool) or not isinstance(answer, sp.Expr | int | float):
        raise NuemError(f"this exercise wants {asked_for(seal)}, not {_short(answer)}")
    expression = sp.sympify(answer)
    known = {plain_name(name): name for name in seal["symbols"]}
    strangers = sorted(str(one) for one in expression.free_symbols if plain_name(str(one)) not in known)
    if strangers:
        raise NuemError(
            f"your formula has {', '.join(strangers)}; the answer is one in {', '.join(seal['symbols'])} alone"
        )
    values = []
    for point in seal["points"]:
        at = dict(zip(map(plain_name, seal["symbols"]), point, strict=True))
        values.append(value_at(expression, {one: at[plain_name(str(one))] for one in expression.free_symbols}))
    if any(value is None for value in values):
        raise NuemError("your formula has no real value where the answer has one; look at its roots and signs")
    return [float(value) for value in values if value is not None]
