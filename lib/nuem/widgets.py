"""A formula with sliders: a sympy expression compiled to JavaScript.

It works in the static page, from a local file and in JupyterLab, needs no server and no library, and shows the same
number as Python. Where scripts don't run, the number Python found stands there as text.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import sympy as sp

from nuem import typeset
from nuem.errors import NuemError


@dataclass(frozen=True)
class Slider:
    """One variable of a live formula: its label, its start value and its (logarithmic) range.

    A start value beyond the range, as a reader's own input may be, widens it: the slider then starts at that end.
    """

    label: str
    start: float
    lowest: float
    highest: float
    unit: str = "1"

    def __post_init__(self) -> None:
        if not (0 < self.lowest < self.highest < math.inf and 0 < self.start < math.inf):
            raise NuemError(
                f"slider {self.label}: start {self.start:g}, range {self.lowest:g} to {self.highest:g}; "
                "the scale is logarithmic, so give positive numbers, the smaller end of the range first"
            )
        object.__setattr__(self, "lowest", min(self.lowest, self.start))
        object.__setattr__(self, "highest", max(self.highest, self.start))


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


# `steps` along a logarithmic scale; the start value is kept exactly until the reader moves the slider.
_STEPS = 400
_SCRIPT = """
(function(){
var card=document.currentScript.closest('.nuem-live'),f=%(function)s,
inputs=Array.from(card.querySelectorAll('input')),result=card.querySelector('.nuem-result');
function show(x,digits){
 if(!isFinite(x))return 'not defined here';
 if(x===0)return '0';
 var p=x.toExponential(digits-1).split('e'),n=parseInt(p[1],10);
 if(n>=-2&&n<=3)return Number(x.toPrecision(digits)).toFixed(Math.max(digits-1-n,0)).replace('-','\\u2212');
 var raised='\\u2070\\u00b9\\u00b2\\u00b3\\u2074\\u2075\\u2076\\u2077\\u2078\\u2079';
 var up=String(n).split('').map(function(c){return c==='-'?'\\u207b':raised[c];}).join('');
 return p[0].replace('-','\\u2212')+' \\u00d7 10'+up;}
function value(i){return i.dataset.moved?Math.exp(Number(i.value)):Number(i.dataset.start);}
function update(){
 inputs.forEach(function(i){i.parentNode.querySelector('output').textContent=show(value(i),2);
  i.setAttribute('aria-valuetext',show(value(i),2));});
 var r=f.apply(null,inputs.map(value));
 result.textContent=show(r,2);result.dataset.value=String(r);}
inputs.forEach(function(i){
 i.addEventListener('input',function(){i.dataset.moved='1';update();});
 i.addEventListener('keydown',function(e){e.stopPropagation();});});
card.querySelector('button').addEventListener('click',function(){
 inputs.forEach(function(i){delete i.dataset.moved;i.value=String(Math.log(Number(i.dataset.start)));});update();});
update();
})();
"""


def live_formula(expression: sp.Expr, sliders: Mapping[sp.Symbol, Slider], *, result: str, unit: str = "1") -> str:
    """HTML card with one slider per symbol and the value of `expression`; `result` is what stands before the value."""
    symbols = list(sliders)
    function = javascript(expression, symbols)
    value = float(sp.lambdify(symbols, expression, "math")(*(slider.start for slider in sliders.values())))
    key = "live-" + hashlib.sha256((function + result).encode()).hexdigest()[:10]
    rows = "".join(_slider(f"{key}-{index}", slider) for index, slider in enumerate(sliders.values()))
    return (
        f'<div class="nuem-card nuem-live" id="{key}">{rows}'
        f'<p class="nuem-live-result">{escape(result)} '
        f'<output class="nuem-result" data-python="{value!r}">{typeset.number(value)}</output> '
        f'{escape(typeset.unit(unit))} <button type="button">back to today</button></p>'
        f"<script>{_SCRIPT % {'function': function}}</script></div>"
    )


def _slider(key: str, slider: Slider) -> str:
    low, high = math.log(slider.lowest), math.log(slider.highest)
    return (
        f'<p class="nuem-slider"><label for="{key}">{escape(slider.label)}</label> '
        f'<input id="{key}" type="range" min="{low!r}" max="{high!r}" step="{(high - low) / _STEPS!r}" '
        f'value="{math.log(slider.start)!r}" data-start="{float(slider.start)!r}"> '
        f"<span><output>{typeset.number(slider.start)}</output> {escape(typeset.unit(slider.unit))}</span></p>"
    )
