#!/usr/bin/env bash
# natpy 0.1.4 (with astropy 8.0.2): in natural units the electron has two charges, and its system of units is without effect.
#
# Guess: `set_active_em_system("gaussian")` decides whether the charge becomes √(4πα) = 0.303, as in Heaviside–Lorentz
#         units, or √α = 0.0854, as in Gaussian ones; in one system a charge is the same number in coulombs and in franklins.
# Found: the system changes no conversion. The charge in coulombs becomes 0.303 and the one in franklins 0.0854 in either
#         system, while a gauss, a unit of the same family as the franklin, is 1e-4 tesla and so of the other convention.
# Matters for a charge or a moment taken from an older paper: e B from franklins and gauss is short of √(4π), a rate of 4π.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile natpy==0.1.4 astropy==8.0.2
"$folder/venv/bin/python" - <<'PYTHON'
import math
import sys

import astropy.constants as constants
import astropy.units as units
import natpy

natpy.set_active_units("hbar_c_eps0")
seen = {}
for system in ("si", "gaussian"):
    natpy.set_active_em_system(system)
    charges = [
        float(natpy.convert(units.Quantity(charge), units.dimensionless_unscaled))
        for charge in (constants.e.si, constants.e.gauss)
    ]
    field = float(natpy.convert(1 * units.G, units.eV**2).value)
    seen[system] = (*charges, field)
    print(f"{system}: e is {charges[0]:.5f} from coulombs and {charges[1]:.5f} from franklins; 1 G is {field:.5f} eV²")
alpha = float(constants.alpha)
from_coulombs, from_franklins, gauss = seen["gaussian"]
as_seen = (
    seen["si"] == seen["gaussian"]
    and math.isclose(from_coulombs, math.sqrt(4 * math.pi * alpha), rel_tol=1e-6)
    and math.isclose(from_franklins, math.sqrt(alpha), rel_tol=1e-6)
    and math.isclose(gauss, 0.0195353, rel_tol=1e-4)
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
