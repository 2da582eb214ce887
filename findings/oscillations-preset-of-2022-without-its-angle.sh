#!/usr/bin/env bash
# oscillations 1.1.1: the parameters of 2022 contain a mixing angle that isn't of 2022.
#
# Guess: `pdg2022()` has sin²θ₂₃ = 0.546, as that edition and as the function itself computes.
# Found: the function computes the angle and doesn't set it: θ₂₃ is exactly 45°, the default of the class. The presets
#         of 2013 and 2020 set theirs.
# Matters for the appearance of electron neutrinos at 295 km, which goes with sin²θ₂₃: it is 6 % too low.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile oscillations==1.1.1
"$folder/venv/bin/python" - <<'PYTHON'
import math
import sys

import oscillations

squared = {
    preset.__name__: math.sin(preset().theta_23) ** 2
    for preset in (oscillations.pdg2020, oscillations.pdg2022)
}
for name, value in squared.items():
    print(f"{name}: sin²θ₂₃ = {value:.4f}")
beam = oscillations.pdg2022()
appearing = beam.p(oscillations.nu_mu, oscillations.nu_e)
beam.setTheta23(math.asin(math.sqrt(0.546)))
meant = beam.p(oscillations.nu_mu, oscillations.nu_e)
print(f"muon to electron neutrinos at 295 km, 0.6 GeV: {appearing:.4f}; with the angle that was meant {meant:.4f}")
as_seen = abs(squared["pdg2022"] - 0.5) < 1e-9 and abs(squared["pdg2020"] - 0.545) < 1e-9 and appearing < 0.95 * meant
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
