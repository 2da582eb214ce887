"""A formula with sliders: a sympy expression compiled to JavaScript; and fields that convert units.

`nuem.view.live` makes the card of a live formula; the fields are a card already. Both work in the static page, from a
local file and in JupyterLab, need no server and no library, and show the same number as Python. Where scripts don't
run, the number Python found stands there.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from html import escape
from typing import Any

import sympy as sp

from nuem import typeset
from nuem.errors import NuemError


@dataclass(frozen=True)
class Slider:
    """One variable of a live formula: its label, its start value and its (logarithmic) range.

    A start value beyond the range, as a reader's own input may be, widens it: the slider then starts at that end.
    One that isn't positive, as a difference of a reader's own inputs may be, has no place on the scale; see
    `live_formula`.
    """

    label: str
    start: float
    lowest: float
    highest: float
    unit: str = "1"

    def __post_init__(self) -> None:
        if not (0 < self.lowest < self.highest < math.inf and math.isfinite(self.start)):
            raise self.refused()
        if self.start > 0:
            object.__setattr__(self, "lowest", min(self.lowest, self.start))
            object.__setattr__(self, "highest", max(self.highest, self.start))

    def refused(self) -> NuemError:
        """What is said of numbers that the scale can't show."""
        return NuemError(
            f"slider {self.label}: start {self.start:g}, range {self.lowest:g} to {self.highest:g}; "
            "the scale is logarithmic, so give positive numbers, the smaller end of the range first"
        )

    def on_scale(self) -> Slider:
        """The slider with a start that the scale has, the lower end if need be; its label then says so."""
        if self.start > 0:
            return self
        label = f"{self.label} (your inputs give {typeset.number(self.start)}, which is off the scale)"
        return replace(self, label=label, start=self.lowest)


def javascript(expression: sp.Expr, symbols: Sequence[sp.Symbol]) -> str:
    """A JavaScript function of `symbols`, in their order, that evaluates `expression`.

    >>> x, y = sp.symbols("x y")
    >>> javascript(sp.sqrt(x) * y / sp.pi, [x, y])
    'function(v0,v1){return 0.31830988618379067*Math.sqrt(v0)*v1;}'

    Raises:
        NuemError: the expression has other symbols, or functions that JavaScript doesn't know.
    """
    unknown = expression.free_symbols - set(symbols)
    if unknown:
        raise NuemError(f"live formula: no slider for {', '.join(sorted(map(str, unknown)))}")
    names = sp.symbols(f"v:{len(symbols)}")
    # LaTeX names aren't JavaScript identifiers; constants such as zeta(3) aren't JavaScript functions.
    plain = expression.subs(dict(zip(symbols, names, strict=True)), simultaneous=True).evalf(17)
    try:
        code = sp.jscode(plain)
    except NotImplementedError:  # what sympy raises for a function without translation
        code = "Not supported"
    if "Not supported" in code or "\n" in code or plain.has(sp.I):
        raise NuemError(f"live formula: {expression} has a function that JavaScript doesn't know; replace it first")
    return f"function({','.join(map(str, names))}){{return {code};}}"


def live_formula(
    expression: sp.Expr,
    sliders: Mapping[sp.Symbol, Slider],
    *,
    result: str,
    unit: str = "1",
    formula: str = "",
    own_inputs: bool = False,
) -> dict[str, Any]:
    """The view of a card with one slider per symbol and the value of `expression`.

    Args:
        result: what stands before the value.
        formula: name of the displayed formula of the chapter that `expression` evaluates; the site shows it there.
        own_inputs: whether a reader's own inputs were used. They may give a start that isn't positive, and a start at
            which the formula is undefined: the card then says so. In the published book both are mistakes.

    Raises:
        NuemError: a start or a value of the published book that isn't positive or isn't defined; see `javascript`.
    """
    symbols = list(sliders)
    function = javascript(expression, symbols)
    if not own_inputs:
        for slider in sliders.values():
            if not slider.start > 0:
                raise slider.refused()
    sliders = {symbol: slider.on_scale() for symbol, slider in sliders.items()}
    value = _value(expression, {symbol: slider.start for symbol, slider in sliders.items()})
    if not own_inputs and math.isnan(value):
        raise NuemError(f"live formula: {expression} is not defined where its sliders start; start them elsewhere")
    return {
        "kind": "live",
        "function": function,
        "sliders": [{**asdict(slider), "start": float(slider.start)} for slider in sliders.values()],
        "result": result,
        "unit": unit,
        "formula": formula,
        "value": value if math.isfinite(value) else None,
    }


def _value(expression: sp.Expr, starts: Mapping[sp.Symbol, float]) -> float:
    try:
        return float(sp.lambdify(list(starts), expression, "math")(*starts.values()))
    except (ArithmeticError, TypeError, ValueError):  # TypeError: a root that is complex
        return math.nan


# A number may be typed as programs print it, 6.4e-12, or pasted as the book shows it, 6.4 × 10⁻¹².
_CONVERTER = """
(function(){
var fields=Array.from(document.currentScript.closest('.nuem-live').querySelectorAll('input')),
raised='\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079';
function read(text){
 text=text.trim().replace(/\\s*\u00d7\\s*10/,'e').replace(/[\u2212\u207b]/g,'-');
 text=text.replace(/[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]/g,function(c){return raised.indexOf(c);});
 return text===''?NaN:Number(text);}
function write(field,x){
 field.value=isFinite(x)?String(Number(x.toPrecision(6))):'';
 field.removeAttribute('aria-invalid');}
fields.forEach(function(field){
 field.addEventListener('keydown',function(e){e.stopPropagation();});
 field.addEventListener('input',function(){
  var x=read(field.value)/Number(field.dataset.factor);
  fields.forEach(function(other){if(other!==field)write(other,x*Number(other.dataset.factor));});
  if(isFinite(x))field.removeAttribute('aria-invalid');else field.setAttribute('aria-invalid','true');});});
})();
"""


def converter(title: str, units: Mapping[str, float], start: float = 1.0) -> str:
    """HTML card with one field per unit; what is typed into one is converted into all others.

    Args:
        title: what is converted.
        units: how many of this unit are one of the first.
        start: what the fields hold before anybody types, in the first unit.

    Raises:
        NuemError: a factor or the start isn't a positive number.
    """
    for name, factor in (*units.items(), ("start", start)):
        if not 0 < factor < math.inf:
            raise NuemError(f"converter {title}: {name} = {factor:g} is not allowed; give a finite number > 0")
    key = "live-" + hashlib.sha256(repr((title, units)).encode()).hexdigest()[:10]
    rows = "".join(
        f'<p class="nuem-field"><input id="{key}-{index}" type="text" autocomplete="off" '
        f'value="{start * factor:.6g}" data-factor="{float(factor)!r}"> '
        f'<label for="{key}-{index}">{typeset.in_html(typeset.unit(name))}</label></p>'
        for index, (name, factor) in enumerate(units.items())
    )
    return (
        f'<fieldset class="nuem-card nuem-live" id="{key}"><legend>{escape(title)}</legend>{rows}'
        f"<script>{_CONVERTER}</script></fieldset>"
    )
