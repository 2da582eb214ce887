#!/usr/bin/env bash
# becquerel 0.7.0: the fewer counts a spectrum has per bin, the larger is the uncertainty of their sum.
#
# Guess: four counts in a spectrum of a thousand bins are 4 ± 2, whether one bins wide at once, rebins, or combines the
#         thousand bins into one.
# Found: `combine_bins(1000)` gives 4 ± 31.6, and so does the sum of `counts`: each empty bin is 0 ± 1, and these errors
#         are added in squares. `rebin` to one bin gives 4 ± 2. A hundred spectra with nothing in a bin sum to 0 ± 10.
#         The authors know it for the total of a spectrum, and have corrected that one.
# Matters for spectra of low background, most of whose bins are empty: finer bins make the rate in a window worse
# without limit, and a line that is there isn't significant.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile becquerel==0.7.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")
from becquerel import Spectrum  # noqa: E402

counts = np.zeros(1000, dtype=int)
counts[[5, 300, 301, 900]] = 1
fine = Spectrum(counts=counts, livetime=86400.0, bin_edges_kev=np.linspace(0, 1000, 1001))
seen = {
    "wide bin from the start": Spectrum(counts=[4], livetime=86400.0, bin_edges_kev=[0, 1000]).counts[0],
    "rebinned": fine.rebin(np.array([0.0, 1000.0])).counts[0],
    "combined": fine.combine_bins(1000).counts[0],
    "sum of the counts": fine.counts.sum(),
    "total": fine.gross_counts,
}
hundred = [Spectrum(counts=[0], livetime=1.0, bin_edges_kev=[0, 1]) for _ in range(100)]
total = hundred[0]
for nothing in hundred[1:]:
    total = total + nothing
seen["a hundred times nothing"] = total.counts[0]
for name, number in seen.items():
    print(f"{name}: {number.nominal_value:g} ± {number.std_dev:.4g}")
right, wrong = ("wide bin from the start", "rebinned", "total"), ("combined", "sum of the counts")
as_seen = (
    all(abs(seen[name].std_dev - 2) < 1e-9 for name in right)
    and all(abs(seen[name].std_dev**2 - 1000) < 1e-6 for name in wrong)
    and all(seen[name].nominal_value == 4 for name in (*right, *wrong))
    and abs(seen["a hundred times nothing"].std_dev - 10) < 1e-9
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
