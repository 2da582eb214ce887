#!/usr/bin/env bash
# hepdata_lib 0.21.0: a measured value is published with five digits, however small its uncertainty is.
#
# Guess: a library that prepares tables for HEPData writes a number as it was given, or rounds it as its uncertainty
#         demands.
# Found: `Variable` rounds values to five significant digits unless `digits` is set, and each uncertainty on its own.
#         The muon's anomaly 0.001165920715 ± 1.45e-10 becomes 0.0011659 ± 1.45e-10: moved by 143 of its own standard
#         deviations, without a word.
# Matters for each table of a precise number: moments, masses, lifetimes. A limit that somebody derives from such a
# table is wrong.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile hepdata-lib==0.21.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys

from hepdata_lib import Uncertainty, Variable

MEASURED, DEVIATION = 0.001165920715, 1.45e-10  # the muon's anomaly, average of 2025
anomaly = Variable("muon anomaly", is_independent=False, is_binned=False)
anomaly.values = [MEASURED]
uncertainty = Uncertainty("total", is_symmetric=True)
uncertainty.values = [DEVIATION]
anomaly.add_uncertainty(uncertainty)
entry = anomaly.make_dict()["values"][0]
value, symmetric = entry["value"], entry["errors"][0]["symerror"]
print(f"given {MEASURED} ± {DEVIATION}, written {value} ± {symmetric}")
print(f"moved by {(MEASURED - value) / DEVIATION:.0f} standard deviations")
as_seen = value == 0.0011659 and symmetric == DEVIATION
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
