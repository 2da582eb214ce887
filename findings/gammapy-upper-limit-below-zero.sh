#!/usr/bin/env bash
# gammapy 2.1: the upper limit on an excess of counts is negative where fewer are counted than expected, and jumps to
# a positive one where none is counted.
#
# Guess: an upper limit on the mean of a signal, which can't be negative, is never below zero, and goes down as fewer
#        counts are seen.
# Found: `compute_upper_limit` doesn't know the boundary. With 5 background counts expected and 1 seen the 90 % limit
#        is -2.1 counts; with none seen it is +0.82, whatever the background. The same holds for on/off counts.
# Matters for whoever compares one-sided limits of a search with a fluctuation downwards: Feldman and Cousins' limit
# and that of CL_s stay positive, and both go down with the counts.
# gammapy 2.1 can't be imported beside regions 0.12, hence the older one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile gammapy==2.1 regions~=0.10.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import warnings

from gammapy.stats import CashCountsStatistic, WStatCountsStatistic

warnings.simplefilter("ignore")
ONE_SIDED_90 = 1.2815515655
limit = {
    counted: float(CashCountsStatistic(counted, 5.0).compute_upper_limit(n_sigma=ONE_SIDED_90)) for counted in (1, 0)
}
on_off = {
    counted: float(WStatCountsStatistic(counted, 50, 0.1).compute_upper_limit(n_sigma=ONE_SIDED_90))
    for counted in (1, 3)
}
other_background = float(CashCountsStatistic(0, 3.0).compute_upper_limit(n_sigma=ONE_SIDED_90))
print("5 expected, known background: counted → limit", limit)
print("5 expected from an off region: counted → limit", on_off)
print("none counted, 3 expected:", other_background)
as_seen = limit[1] < 0 < limit[0] == other_background and on_off[1] < 0
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
