#!/usr/bin/env bash
# uproot 5.7.7 beside hist 2.12.1: through a ROOT file an unknown uncertainty becomes a known, wrong one.
#
# Guess: a weighted histogram without stored sums of squares says that its variances are unknown, and still does after
#         writing and reading.
# Found: `hist` answers None, rightly. In the file the same histogram has no sums of squares, and that means Poisson:
#         read again, one bin with the weights 2 and 3 has the variance 5 instead of 13. The number of entries is 7.5,
#         the weights' sum.
# Matters for spectra from weighted simulation, of recoils for instance, that pass from one program to another.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile uproot==5.7.7 hist==2.12.1
"$folder/venv/bin/python" - <<'PYTHON'
import os
import sys
import tempfile

import hist
import uproot

spectrum = hist.Hist.new.Reg(3, 0, 3, name="recoil").Double()
spectrum.fill([0.5, 0.5, 1.5, 2.5], weight=[2, 3, 0.5, 2])
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "spectrum.root")
    with uproot.recreate(path) as file:
        file["spectrum"] = spectrum
    with uproot.open(path) as file:
        back = file["spectrum"]
        read, entries = back.variances(), back.member("fEntries")
print("variances before:", spectrum.variances(), "– after:", read, "– entries:", entries, "of 4")
as_seen = spectrum.variances() is None and list(read) == [5.0, 0.5, 2.0] and entries == 7.5
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
