"""Figures as pages carry them: paths in hundredths of a point, each corner told from the one before it."""

import re

__all__ = ["light"]

_FIGURE = re.compile(r'<svg class="nuem-figure.*?</svg>', re.S)
_PATH = re.compile(r' d="([^"<>]*)"')
_PLACE = re.compile(r' [xy]="[^"<>]*"')
_LONG = re.compile(r"-?\d+\.\d{3,}")
_PART = re.compile(r"([MLz])([^MLz]*)")


def light(html: str) -> str:
    """HTML whose figures have shorter numbers.

    >>> light('<svg class="nuem-figure"><path d="M 10.123456 5 \\nL 11.123456 5.5 \\nL 11 5 \\nz\\n"/></svg>')
    '<svg class="nuem-figure"><path d="M10.12 5l1 .5 -.12 -.5z"/></svg>'
    """
    return _FIGURE.sub(lambda figure: _PLACE.sub(_place, _PATH.sub(_path, figure[0])), html)


def _place(attribute: re.Match[str]) -> str:
    return _LONG.sub(_rounded, attribute[0])


def _path(attribute: re.Match[str]) -> str:
    words = attribute[1]
    if re.search(r"[^MLz\d\s.-]", words):  # curves
        return f' d="{" ".join(_LONG.sub(_rounded, words).split())}"'
    parts: list[str] = []
    place = start = (0, 0)
    for letter, numbers in _PART.findall(words):
        if letter == "z":
            parts.append("z")
            place = start
            continue
        x, y = (round(float(number) * 100) for number in numbers.split())
        goes_on = parts and parts[-1][0] in "l "
        if letter == "M":
            parts.append(f"M{_number(x)} {_number(y)}")
            start = (x, y)
        elif not goes_on or (x, y) != place:  # a point of no length is drawn, but not two
            step = f"{_number(x - place[0])} {_number(y - place[1])}"
            parts.append(f" {step}" if goes_on else f"l{step}")
        place = (x, y)
    return f' d="{"".join(parts)}"'


def _rounded(number: re.Match[str]) -> str:
    return _number(round(float(number[0]) * 100))


def _number(hundredths: int) -> str:
    text = f"{abs(hundredths) / 100:.2f}".rstrip("0").rstrip(".").removeprefix("0") or "0"
    return f"-{text}" if hundredths < 0 else text
