"""Numbers with their uncertainty as text: which notations the book reads, and what it says about the others.

Accepted are exactly these, with ± or +/-, and with a power of ten that can't be taken for one number's alone:

* `9e-9`: a number without uncertainty;
* `1.5(3)e-10`: an uncertainty in units of the last digit, or with a decimal point in full, `885.4(2.0)`; the power
  of ten belongs to both;
* `(1.5 ± 0.3)e-10`: the power of ten belongs to both;
* `1.5e-10 ± 3e-11`: each number has a power of its own; `1.5 ± 0.3`: neither has one.
"""

from __future__ import annotations

import math
import re

from nuem.errors import NuemError

_NUMBER = r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)"
_SIZE = r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
_POWER = r"(?:[eE][-+]?[0-9]{1,9})"
_PLUS_MINUS = r"\s*(?:±|\+/-)\s*"
_PLAIN = re.compile(rf"({_NUMBER})({_POWER}?)")
_SHORTHAND = re.compile(rf"({_NUMBER})\(({_SIZE})\)({_POWER}?)")
_COMMON_POWER = re.compile(rf"\(\s*({_NUMBER}){_PLUS_MINUS}({_SIZE})\s*\)({_POWER}?)")
_TWO_NUMBERS = re.compile(rf"({_NUMBER})({_POWER}?){_PLUS_MINUS}({_SIZE})({_POWER}?)")

# What is written often and can be read in two ways, or hides its power of ten: how to write it.
_ENCLOSED = re.compile(rf"\(\s*({_NUMBER}(?:\({_SIZE}\))?)\s*\)({_POWER}?)")
_POWER_INSIDE = re.compile(rf"({_NUMBER})({_POWER})\(({_SIZE})\)")
# Signs of print, as one copies them from a page or a paper, and the plain ones.
_PLAIN_SIGNS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−", "0123456789-+-")
_PRINTED_SIGNS = (
    (re.compile(r"(?<=10)(?=[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺])"), "^"),
    (re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−]+"), lambda found: found[0].translate(_PLAIN_SIGNS)),
    (re.compile(r"\\pm|\+\s*-"), "±"),
    (re.compile(r"\s*(?:[×x*·]|\\times|\\cdot)\s*10(?:\^|\*\*)?\{?([-+]?[0-9]+)\}?"), r"e\1"),
    (re.compile(r"(?<![0-9.)])10(?:\^|\*\*)\{?([-+]?[0-9]+)\}?"), r"1e\1"),
    (re.compile(r"\s+(?=[eE][-+]?[0-9])"), ""),
)
_EXAMPLES = "write for instance 9e-9, '1.5(3)e-10' or '(1.1 ± 2.1)e-9'"


def parse(text: str | float, place: str) -> tuple[float, float]:
    """Value and standard uncertainty (0 if none is given) of a number or of its text.

    >>> parse("1.5(3)e-10", "here"), parse("(1.2 ± 2.1)e-9", "here"), parse(2, "here")
    ((1.5e-10, 3e-11), (1.2e-09, 2.1e-09), (2.0, 0.0))

    Raises:
        NuemError: the text is in none of the notations above, or a number doesn't fit into a float.
    """
    if isinstance(text, bool) or not isinstance(text, (str, int, float)):
        raise NuemError(f"{place}: {text!r} is not a number; {_EXAMPLES}")
    if not isinstance(text, str):
        return _from_number(text, place), 0.0
    digits = text.strip()
    if read := _read(digits, place):
        return read
    raise NuemError(
        f"{place}: {text[:60]!r} is not a number with one non-negative uncertainty; {_remedy(digits, place)}"
    )


def _read(digits: str, place: str) -> tuple[float, float] | None:
    """Value and uncertainty of a text in one of the notations, else None."""
    if found := _PLAIN.fullmatch(digits):
        return to_float(digits, place), 0.0
    if found := _SHORTHAND.fullmatch(digits):
        value, size, power = found.groups()
        return to_float(value + power, place), to_float(_in_last_digits(value, size, power), place)
    if found := _COMMON_POWER.fullmatch(digits):
        value, size, power = found.groups()
        return to_float(value + power, place), to_float(size + power, place)
    found = _TWO_NUMBERS.fullmatch(digits)
    if found and bool(found[2]) == bool(found[4]):
        return to_float(found[1] + found[2], place), to_float(found[3] + found[4], place)
    return None


def _from_number(number: float, place: str) -> float:
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise NuemError(f"{place}: {value!r} is not a finite number; {_EXAMPLES}")
    return value


def _in_last_digits(value: str, size: str, power: str) -> str:
    """The uncertainty in brackets in full: in units of the value's last digit unless it has a decimal point itself."""
    if "." in size:
        return size + power
    decimals = len(value.partition(".")[2])
    return f"{size}e{int(power[1:] or 0) - decimals}"


def to_float(text: str, place: str) -> float:
    """A decimal number as a float.

    Raises:
        NuemError: it is too large or too small, so that its power of ten would be lost.
    """
    power = re.search(_POWER, text)
    value = float(text)
    mantissa = text[: power.start()] if power else text
    if math.isinf(value) or (value == 0 and re.search("[1-9]", mantissa)):
        raise NuemError(f"{place}: {text[:60]!r} doesn't fit into a floating-point number; choose another unit")
    return value


def _remedy(text: str, place: str) -> str:
    text = _in_plain_signs(text)
    if _read(text, place):
        return f"write '{text}'"
    if found := _ENCLOSED.fullmatch(text):
        return f"write '{found[1]}{found[2]}'"
    if found := _POWER_INSIDE.fullmatch(text):
        return f"write '{found[1]}({found[3]}){found[2]}'"
    if found := _TWO_NUMBERS.fullmatch(text):
        value, power, size, size_power = found.groups()
        return (
            f"write '({value} ± {size}){power or size_power}' if the power of ten belongs to both numbers, "
            f"'{value}{power or 'e0'} ± {size}{size_power or 'e0'}' if it doesn't"
        )
    if re.fullmatch(r"(.*[0-9)])\s*[A-Za-zµμΩ%]+[^(±]*", re.sub(_POWER, "", text)):
        return f"a unit stands in the field unit; {_EXAMPLES}"
    return _EXAMPLES


def _in_plain_signs(text: str) -> str:
    """A number as it stands in print, such as −1.5 × 10⁻¹⁰, in the signs of the notations above."""
    for printed, plain in _PRINTED_SIGNS:
        text = printed.sub(plain, text)
    return text
