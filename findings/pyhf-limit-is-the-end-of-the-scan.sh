#!/usr/bin/env bash
# pyhf 0.7.6: where a scan ends below the limit, its end is reported as the limit.
#
# Guess: with 20 events seen and 5 expected, a scan of the signal up to 10 excludes nothing at 95 %, so there is an
#         error or nan.
# Found: the limit is 10.0, exactly the end of the scan, although the last CL_s is 0.50 and not 0.05. The bounds of
#         the signal strength in a model that pyhf makes itself end there too.
# Matters for automatic scans of many masses: where an excess is seen the limit is flat, and looks strong.
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

model = pyhf.simplemodels.uncorrelated_background([1.0], [5.0], [0.1])
data = [20, *model.config.auxdata]
observed, expected, (_, results) = upper_limit(data, model, scan=np.linspace(0, 10, 21), return_results=True)
last = float(results[-1][0])
print(f"observed limit {float(observed)}, CL_s there {last:.3f}; expected {[round(float(x), 2) for x in expected]}")
as_seen = float(observed) == 10 and last > 0.3
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
