#!/usr/bin/env bash
# particle 1.1.0: nuclei weigh as much as atoms, except the proton.
#
# Guess: the mass of a nucleus with charge Z and a PDG number for ions is the mass without electrons, as for the
#         proton.
# Found: helium 4, charge 2, is heavier than CODATA's alpha particle by two electrons: its mass is that of the atom.
#         Hydrogen 1, from the same function, is the bare proton. So the deuteron is bound by 1.71 instead of 2.22
#         MeV.
# Matters wherever electrons count in an energy balance: thresholds of inverse beta decay on nuclei, endpoints, Q
# values.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile particle==1.1.0 scipy==1.17.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys

from particle import Particle
from scipy.constants import physical_constants

electron, proton, neutron, alpha = (
    physical_constants[f"{name} mass energy equivalent in MeV"][0]
    for name in ("electron", "proton", "neutron", "alpha particle")
)
helium = Particle.from_nucleus_info(2, 4)
deuterium = Particle.from_nucleus_info(1, 2)
hydrogen = Particle.from_nucleus_info(1, 1)
electrons = (helium.mass - alpha) / electron
binding = proton + neutron - deuterium.mass
print(f"{helium.name}: charge {helium.charge}, {helium.mass} MeV; alpha particle {alpha} MeV: +{electrons:.3f} mₑ")
print(f"{deuterium.name}: bound by {binding:.3f} MeV; {hydrogen.name}: {hydrogen.mass} MeV")
as_seen = (
    helium.charge == 2
    and abs(electrons - 2) < 0.001
    and abs(hydrogen.mass - proton) < 1e-5
    and abs(binding - 1.7136) < 0.001
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
