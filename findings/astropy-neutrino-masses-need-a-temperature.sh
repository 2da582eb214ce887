#!/usr/bin/env bash
# astropy 8.0.2: neutrino masses that are passed to a cosmology vanish unless a temperature is passed too.
#
# Guess: `FlatLambdaCDM(H0, Om0, m_nu=…)` has massive neutrinos of today's temperature.
# Found: the temperature of the photons is zero by default, and so is that of the neutrinos: the masses are dropped
#         without a word, their density is zero, and the attribute `m_nu` is None. With `Tcmb0` they are there.
# Matters for cosmological bounds on neutrinos: the curve with masses and the one without are the same.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile astropy==8.0.2 scipy==1.17.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import astropy.units as u
from astropy.cosmology import FlatLambdaCDM

MASSES = [0, 0, 0.06] * u.eV
cold = FlatLambdaCDM(67.4, 0.31, m_nu=MASSES)
warm = FlatLambdaCDM(67.4, 0.31, m_nu=MASSES, Tcmb0=2.7255)
for name, cosmology in {"no temperature": cold, "2.7255 K": warm}.items():
    density = float(cosmology.Onu0 * cosmology.h**2)
    print(f"{name}: masses {cosmology.m_nu}, massive: {cosmology.has_massive_nu}, density {density:.6f}")
as_seen = cold.m_nu is None and not cold.has_massive_nu and cold.Onu0 == 0 and warm.has_massive_nu and warm.Onu0 > 1e-3
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
