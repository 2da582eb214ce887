#!/usr/bin/env bash
# unyt 3.2.0: as a unit, ħ is a pressure of ten million pascals.
#
# Guess: in a package that has `unyt.hbar` and the unit "c", the unit "hbar*c" is 197.327 MeV fm, as in pint; or
#         "hbar" is unknown, as "h" is.
# Found: the text is taken apart into the prefix hecto and the unit bar. "hbar*c" is 3e15 kg/s³, `Unit("hbar")` has the
#         dimension of a pressure, and the constant of the same name one of energy times time.
# Matters for natural units written as text, in tables and files: decay lengths, cross sections and charge radii all
# take a power of ħc.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile unyt==3.2.0 pint==0.25.3
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import pint
import unyt

constant, unit = unyt.hbar.in_mks(), unyt.unyt_quantity(1, "hbar").in_mks()
product = unyt.unyt_quantity(1, "hbar*c").in_mks()
other = pint.UnitRegistry()("hbar*c").to("MeV fm")
print(f"unyt.hbar = {constant}; the unit hbar = {unit}; the unit hbar*c = {product}; pint: hbar*c = {other:.3f}")
try:
    known = bool(unyt.Unit("h"))
except unyt.exceptions.UnitParseError:
    known = False
print("the unit h is", "known" if known else "unknown")
as_seen = (
    unit == unyt.unyt_quantity(1e7, "Pa")
    and abs(float(product) / 2.99792458e15 - 1) < 1e-9
    and constant.units.dimensions == unyt.dimensions.energy * unyt.dimensions.time
    and unit.units.dimensions == unyt.dimensions.pressure
    and abs(other.magnitude - 197.327) < 1e-3
    and not known
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
