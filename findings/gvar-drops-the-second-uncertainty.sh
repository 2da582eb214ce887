#!/usr/bin/env bash
# gvar 13.1.10 beside uncertainties 3.2.3: of two uncertainties in brackets the second is lost.
#
# Guess: "1.23(4)(5)", the usual form for a statistical and a systematic uncertainty, is refused or gives 1.23 ±
#         0.064.
# Found: gvar reads 1.23 ± 0.04 without a word; uncertainties refuses the text with an error. On single brackets both
#         agree.
# Matters for numbers copied out of papers: with the systematic uncertainty gone, a limit made of value plus error is
# too strong.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile gvar==13.1.10 uncertainties==3.2.3
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import gvar
from uncertainties import ufloat_fromstr

read = gvar.gvar("1.23(4)(5)")
single = gvar.gvar("1.23(4)")
try:
    other = ufloat_fromstr("1.23(4)(5)")
except ValueError:
    other = "refused"
print(f"gvar: {read.mean} ± {read.sdev}; uncertainties: {other}; single brackets: {ufloat_fromstr('1.23(4)')}")
as_seen = (read.mean, read.sdev) == (single.mean, single.sdev) == (1.23, 0.04) and other == "refused"
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
