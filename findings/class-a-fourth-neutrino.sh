#!/usr/bin/env bash
# classy 3.4.1.0 beside camb 2.0.5: giving one neutrino a mass adds a neutrino.
#
# Guess: both codes start from N_eff = 3.044; when one of the three neutrinos gets a mass of 0.06 eV, N_eff stays.
# Found: in camb it stays. In CLASS a massive species comes on top of the massless ones, whose number keeps its
#         default: N_eff = 4.06 without a warning. Whoever adds a mass has to lower `N_ur` to 2.0308 by hand.
# Matters for each bound on radiation from new particles, such as milli-charged ones or right-handed neutrinos: the
# mistake is as large as what is looked for.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile classy==3.4.1.0 camb==2.0.5
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import camb
from classy import Class


def effective_number(**settings):
    cosmology = Class()
    cosmology.set(settings)
    cosmology.compute()
    return cosmology.Neff()


massless = effective_number()
massive = effective_number(N_ncdm=1, m_ncdm=0.06)
lowered = effective_number(N_ncdm=1, m_ncdm=0.06, N_ur=2.0308)
other = {mass: camb.set_params(H0=67.4, ombh2=0.0224, omch2=0.12, mnu=mass).N_eff for mass in (0.0, 0.06)}
print(f"CLASS: massless {massless:.3f}, one of 0.06 eV {massive:.3f}, the same with fewer massless {lowered:.3f}")
print("CAMB: mass in eV → N_eff", other)
as_seen = (
    abs(massless - 3.044) < 1e-3
    and abs(massive - 4.057) < 1e-3
    and abs(lowered - 3.044) < 1e-3
    and all(abs(number - 3.044) < 1e-3 for number in other.values())
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
