#!/usr/bin/env bash
# hepunits 2.4.7, pdg 2026.0 and radioactivedecay 0.6.1: three lengths of a year.
#
# Guess: packages of one field have one year, the Julian one of 365.25 days.
# Found: it has 365.25 days in hepunits, 365 in pdg and 365.2422 in radioactivedecay.
# Matters where limits on lifetimes, exposures in kg·years and half-lives of sources meet: what one of them quotes in
# years and another converts moves by up to 0.07 % unseen, more than the uncertainty of the neutron's lifetime.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile hepunits==2.4.7 pdg==2026.0 radioactivedecay==0.6.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import pdg.units
import radioactivedecay
from hepunits.units import second, year

tritium = radioactivedecay.Nuclide("H-3")
SECONDS = 86400
days = {
    "hepunits": year / second / SECONDS,
    "pdg": pdg.units.convert(1.0, "yr", "s") / SECONDS,
    "radioactivedecay": tritium.half_life("s") / tritium.half_life("y") / SECONDS,
}
print("days of a year:", days)
expected = {"hepunits": 365.25, "pdg": 365.0, "radioactivedecay": 365.2422}
as_seen = all(abs(days[name] - length) < 1e-5 for name, length in expected.items())
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
