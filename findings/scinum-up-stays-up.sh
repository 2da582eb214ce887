#!/usr/bin/env bash
# scinum 2.2.2: an uncertainty upwards stays upwards where the number is turned around.
#
# Guess: of x = 2.0 +0.3 −0.1 the negative is −2.0 +0.1 −0.3, as what goes up for x goes down for −x; likewise 10 − x
#         and 1/x.
# Found: −x is −2.0 +0.3 −0.1, 10 − x is 8.0 +0.3 −0.1 and 1/x is 0.5 +0.075 −0.025. The shifted values that the
#         package hands out say so too: −x "up" is −1.7, but −(x "up") is −2.3.
# Matters for efficiencies, deficits, lifetimes and ratios to a theory: the larger uncertainty ends on the wrong side,
# and a limit that is made of it is too strong or too weak.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile scinum==2.2.2
"$folder/venv/bin/python" - <<'PYTHON'
import sys

from scinum import UP, Number

x = Number(2.0, (0.3, 0.1))
seen = {"x": x, "-x": -x, "10 - x": 10 - x, "1/x": 1 / x}
for text, number in seen.items():
    up, down = number.get_uncertainty()
    print(f"{text} = {number.nominal:g} +{up:.3g} -{down:.3g}")
print(f"(-x) up: {(-x).get(UP):g}, -(x up): {-x.get(UP):g}")
as_seen = (
    all(seen[text].get_uncertainty() == (0.3, 0.1) for text in ("-x", "10 - x"))
    and max(abs(a - b) for a, b in zip(seen["1/x"].get_uncertainty(), (0.075, 0.025))) < 1e-12
    and abs((-x).get(UP) + 1.7) < 1e-12
    and abs(-x.get(UP) + 2.3) < 1e-12
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
