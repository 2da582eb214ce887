#!/usr/bin/env bash
# sympy 1.14.0: the oscillation formula's sin² 2θ is read as the 22nd power of a sine.
#
# Guess: `parse_latex(r"\sin^2 2\theta")`, as each paper on oscillations writes it, is sin(2θ)².
# Found: the parser takes the two digits, with a space between, for one exponent: sin(θ)²². With brackets around 2θ,
#         or the square in braces, the answer is right; nothing warns.
# Matters for whoever reads formulas out of papers by program: at θ = 45° the probability is 1/2048 of the right one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile sympy==1.14.0 antlr4-python3-runtime==4.11
"$folder/venv/bin/python" - <<'PYTHON'
import sys

from sympy import Symbol, pi, sin
from sympy.parsing.latex import parse_latex

theta = Symbol("theta")
forms = {form: parse_latex(form) for form in (r"\sin^2 2\theta", r"\sin^{2} 2\theta", r"\sin^2(2\theta)")}
for form, read in forms.items():
    print(f"{form}: {read}, at 45°: {read.subs(theta, pi / 4)}")
wrong, braces, brackets = forms.values()
as_seen = wrong == sin(theta) ** 22 and braces == brackets == sin(2 * theta) ** 2
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
