#!/usr/bin/env bash
# radioactivedecay 0.6.1: emitters of two electrons are stable, or don't exist.
#
# Guess: with half-lives said to be of NUBASE 2020, tellurium 130 has 8e20 years and xenon 136 has 2e21, as mendeleev
#         1.3.0 has them too.
# Found: tellurium 130 and xenon 124 are "stable" with an infinite half-life; xenon 136 and germanium 76 are no valid
#         nuclides. Vanadium 50, with 1.5e17 years, does decay.
# Matters for backgrounds of detectors: in tonnes of xenon the decay of xenon 136 is among the main ones.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile radioactivedecay==0.6.1 mendeleev==1.3.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import mendeleev
import radioactivedecay


def half_life(name):
    try:
        return radioactivedecay.Nuclide(name).half_life("readable")
    except ValueError:
        return "not a nuclide"


seen = {name: half_life(name) for name in ("Te-130", "Xe-124", "Xe-136", "Ge-76", "V-50")}
print("radioactivedecay:", seen)
others = {
    (symbol, mass): next(i for i in mendeleev.element(symbol).isotopes if i.mass_number == mass)
    for symbol, mass in (("Te", 130), ("Xe", 136))
}
print("mendeleev:", {key: (one.half_life, one.half_life_unit) for key, one in others.items()})
as_seen = (
    seen["Te-130"] == seen["Xe-124"] == "stable"
    and seen["Xe-136"] == seen["Ge-76"] == "not a nuclide"
    and seen["V-50"] not in ("stable", "not a nuclide")
    and all(one.is_radioactive for one in others.values())
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
