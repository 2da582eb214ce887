#!/usr/bin/env bash
# numba-stats 1.14.0 beside scipy 1.17.1: a Poisson distribution has events between the whole numbers.
#
# Guess: the cumulative probability at 2.5 counts is that at 2, as in scipy, which the documentation names as the
#         equivalent; so bins from -0.5 to 0.5, 0.5 to 1.5 and on, which histograms of counts have, get the
#         probabilities of 0, 1, …
# Found: between whole numbers the function goes on rising. With a mean of 3 the bin of zero counts gets 0.097 instead of
#         0.050, and 1.4 % lie below -0.5. A fit of such a histogram with an exact mean of 3 gives 3.50. That the
#         probability itself takes fractions is intended by the authors.
# Matters for fits of photoelectrons, multiplicities and counts per run with binned costs, which take the cumulative
# function at the edges: the mean is half a count too large.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile numba-stats==1.14.0 scipy==1.17.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import numpy as np
from numba_stats import poisson
from scipy import stats

MEAN = 3.0
edges = np.arange(-0.5, 14)
counts = edges[:-1] + 0.5
exact = stats.poisson.pmf(counts, MEAN)


def fitted(cumulative):
    """The mean that makes a histogram of the exact probabilities most likely."""
    scan = np.linspace(2, 5, 3001)
    return scan[np.argmax([np.sum(exact * np.log(np.diff(cumulative(edges, mean)))) for mean in scan])]


bins = {"numba-stats": np.diff(poisson.cdf(edges, MEAN)), "scipy": np.diff(stats.poisson.cdf(edges, MEAN))}
means = {"numba-stats": fitted(poisson.cdf), "scipy": fitted(stats.poisson.cdf)}
for name in bins:
    print(f"{name}: bins of 0, 1, 2 counts {np.round(bins[name][:3], 4)}; fitted mean {means[name]:.3f}")
below = float(poisson.cdf(np.array([-0.5]), MEAN)[0])
print(f"numba-stats: below -0.5 counts {below:.4f}")
whole = np.allclose(poisson.cdf(counts, MEAN), stats.poisson.cdf(counts, MEAN))
as_seen = (
    whole
    and np.allclose(bins["scipy"], exact)
    and abs(bins["numba-stats"][0] - 0.0973) < 1e-4
    and abs(below - 0.0143) < 1e-4
    and abs(means["scipy"] - MEAN) < 1e-3
    and abs(means["numba-stats"] - 3.5) < 0.01
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
