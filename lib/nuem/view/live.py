"""The card of a live formula: its formula, its sliders and its value, with the script that moves them.

It works in the static page, from a local file and in JupyterLab, needs no server and no library, and shows the same
number as Python. Where scripts don't run, the number Python found stands there as text.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

from nuem import typeset

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

UNDEFINED = "not defined here"  # the script says the same


def card(view: Mapping[str, Any], formula: str) -> str:
    """The HTML of the card.

    Args:
        formula: HTML of the typeset formula, or nothing.
    """
    key = "live-" + hashlib.sha256((view["function"] + view["result"]).encode()).hexdigest()[:10]
    value = math.nan if view["value"] is None else view["value"]
    shown = typeset.number(value) if math.isfinite(value) else UNDEFINED
    rows = "".join(_slider(f"{key}-{index}", slider) for index, slider in enumerate(view["sliders"]))
    typeset_formula = f'<p class="nuem-live-formula">{formula}</p>' if formula else ""
    return (
        f'<div class="nuem-card nuem-live tex2jax_process" id="{key}">{typeset_formula}{rows}'
        f'<p class="nuem-live-result">{typeset.in_html(view["result"])} '
        f'<output class="nuem-result" data-python="{value!r}">{shown}</output> '
        f'{typeset.in_html(typeset.unit(view["unit"]))} <button type="button">back to today</button></p>'
        f"<script>{_SCRIPT % {'function': view['function']}}</script></div>"
    )


def _slider(key: str, slider: Mapping[str, Any]) -> str:
    low, high, start = (math.log(slider[name]) for name in ("lowest", "highest", "start"))
    unit = typeset.in_html(typeset.unit(slider["unit"]))
    return (
        f'<p class="nuem-slider"><label for="{key}">{typeset.in_html(slider["label"])}</label> '
        f'<input id="{key}" type="range" min="{low!r}" max="{high!r}" step="{(high - low) / _STEPS!r}" '
        f'value="{start!r}" data-start="{slider["start"]!r}"> '
        f"<span><output>{typeset.number(slider['start'])}</output> {unit}</span></p>"
    )
