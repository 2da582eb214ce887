#!/usr/bin/env bash
# pyhf 0.7.6: without a scan, an upper limit has 95 % confidence, whatever is asked for.
#
# Guess: `upper_limit(data, model, level=0.1)` is the limit at 90 %, below the one at 95 %.
# Found: the argument `level` arrives only if a scan is passed too; else the limit is that of 0.05, to all digits, for
#         0.1 and for 0.01. No message.
# Matters for limits on neutrinos' moments and charges, which are quoted at 90 %: this one comes out 29 % too weak.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile pyhf==0.7.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import numpy as np
import pyhf
from pyhf.infer.intervals.upper_limits import upper_limit

model = pyhf.simplemodels.uncorrelated_background([1.0], [1.0], [0.1])
data = [1, *model.config.auxdata]
alone, scanned = (
    {level: float(upper_limit(data, model, scan=scan, level=level)[0]) for level in (0.05, 0.1, 0.01)}
    for scan in (None, np.linspace(0, 10, 201))
)
print("level → limit, without a scan:", alone)
print("level → limit, with a scan:   ", scanned)
as_seen = len(set(alone.values())) == 1 and scanned[0.1] < 0.8 * scanned[0.05] < 0.8 * scanned[0.01]
as_seen = as_seen and abs(alone[0.1] - scanned[0.05]) < 0.01
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
