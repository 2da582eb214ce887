#!/usr/bin/env bash
# unyt 3.2.0: its constants of nature come from three editions of CODATA.
#
# Guess: a package of units has one consistent set of constants, so the fine-structure constant made of its own
#        e, h, c and ε₀ is right to all digits of the set.
# Found: the electron's mass and Planck's constant are those of 2010, the gravitational constant is that of 2014, and
#        so is the elementary charge. Since 2019 e and h are exact by
#        definition. The fine-structure constant from these is off by some hundred times its uncertainty.
# Matters for whoever turns a limit on a charge or a moment into other units with it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile unyt==3.2.0 scipy==1.17.1
"$folder/venv/bin/python" - <<'PYTHON'
import math
import sys

import scipy.constants as codata
import unyt.physical_constants as unyt

charge = float(unyt.elementary_charge.in_mks())
planck = float(unyt.planck_constant_mks)
mass = float(unyt.electron_mass_mks)
gravity = float(unyt.gravitational_constant_mks)
alpha = charge**2 / (2 * codata.epsilon_0 * planck * codata.c)
print(f"elementary charge      {charge!r} C, exact: {codata.e!r}")
print(f"Planck's constant      {planck!r} J s, exact: {codata.h!r}")
print(f"electron's mass        {mass!r} kg, 2022: {codata.m_e!r}")
print(f"gravitational constant {gravity!r} m³/(kg s²), 2022: {codata.G!r}")
off = alpha / codata.alpha - 1
print(f"fine-structure constant from e and h: off by {off:.1e}; uncertainty 1.6e-10")

as_seen = (
    charge == 1.6021766208e-19  # 2014
    and planck == 6.62606957e-34  # 2010
    and mass == 9.10938291e-31  # 2010
    and gravity == 6.67408e-11  # 2014
    and abs(off) > 1e-8
    and math.isclose(codata.e, 1.602176634e-19, rel_tol=1e-12)
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
