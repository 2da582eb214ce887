#!/usr/bin/env bash
# sympy 1.14.0: the integral over a loop's Feynman parameter loses its logarithm.
#
# Guess: ∫₀¹ x²(1−x)/(x² + (1−x)b) dx for a positive symbol b, the loop of a heavy particle in a moment, has a
#         logarithm of b.
# Found: 1.14.0 answers 1/2 − b, without it; 1.13.3 is right. With a symbol of unknown sign 1.14.0 is right too. At b
#         = 1 the wrong answer is −1/2: an integrand that is positive everywhere has a negative integral.
# Matters for each derivation of a moment or charge radius that trusts a program with the integral.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile sympy==1.14.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys

from sympy import Rational, Symbol, integrate, lambdify

x = Symbol("x", positive=True)
b = Symbol("b", positive=True)
integrand = x**2 * (1 - x) / (x**2 + (1 - x) * b)
answer = integrate(integrand, (x, 0, 1))
function = lambdify(x, integrand.subs(b, 1))
steps = 20000
numerical = sum(function((step + 0.5) / steps) for step in range(steps)) / steps
print(f"answer {answer}, at b = 1: {float(answer.subs(b, 1)):.4f}; as a sum: {numerical:.4f}")
as_seen = answer.expand() == Rational(1, 2) - b and 0.05 < numerical < 0.2
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
