#!/usr/bin/env bash
# boost-histogram 1.8.1: a constant that is taken away from a histogram brings a variance of its own, its square.
#
# Guess: `h - 50`, a background known from elsewhere, leaves the variances as they are: 100 ± 10 becomes 50 ± 10.
# Found: with the storage for weighted counts the constant counts as one entry of that weight: its square, 2500, is
#         added to the variance 100, and the bin is 50 ± 51. So do `h + (-50)` and an array of constants; scaling is
#         right. With the storage for plain counts the variance is unknown afterwards, which is honest.
# Matters for each subtraction of a background and each shift of a spectrum: an excess of five standard deviations has
# become one of one, without a word.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile boost-histogram==1.8.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import boost_histogram
import numpy


def spectrum(storage):
    histogram = boost_histogram.Histogram(boost_histogram.axis.Regular(1, 0, 1), storage=storage)
    histogram.fill([0.5] * 100)
    return histogram


weighted, plain = spectrum(boost_histogram.storage.Weight()), spectrum(boost_histogram.storage.Double())
seen = {
    "h": weighted,
    "h - 50": weighted - 50,
    "h + (-50)": weighted + (-50),
    "h - array": weighted - numpy.array([50.0]),
    "h / 2": weighted / 2,
}
for text, histogram in seen.items():
    print(f"{text}: {histogram.values()[0]:g} with variance {histogram.variances()[0]:g}")
print("plain counts, h - 50: variances", (plain - 50).variances())
variance = {text: histogram.variances()[0] for text, histogram in seen.items()}
as_seen = (
    variance["h - 50"] == variance["h + (-50)"] == variance["h - array"] == 100 + 50**2
    and variance["h / 2"] == 25
    and (weighted - 50).values()[0] == 50
    and (plain - 50).variances() is None
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
