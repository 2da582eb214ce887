#!/usr/bin/env bash
# pint 0.25.3 and scipp 26.8.0 beside astropy 8.0.2: counts, written as spectra write them, are carats.
#
# Guess: "ct" and its plural "cts", as in a background of 1e-4 cts/(keV kg yr), are numbers of counts, as the format
#         FITS and astropy have it, or unknown.
# Found: pint and scipp read the unit for the mass of jewels: one count weighs 0.2 g. It then cancels against the
#         kilogram of the detector: the background has the dimension 1/(energy time), and is 2e-8 per keV and year.
# Matters for backgrounds, exposures and rates that pass from one program to another with their units: a check of
# dimensions passes where a count stands beside a mass, and the number is 5000 times too small.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile pint==0.25.3 scipp==26.8.0 astropy==8.0.2
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import astropy.units
import pint
import scipp

BACKGROUND = "cts/keV/kg/yr"
units = pint.UnitRegistry()
background = 1e-4 * units(BACKGROUND)
without_mass = background.to("1/keV/yr")
one = scipp.to_unit(scipp.scalar(1.0, unit="cts"), "g")
scipp_background = scipp.to_unit(scipp.scalar(1e-4, unit=BACKGROUND), "1/keV/yr")
print(f"pint: {background} = {without_mass}; cts is the {units('cts').units}")
print(f"scipp: cts is {one.value:g} {one.unit}, the background {scipp_background.value:.3g} {scipp_background.unit}")
print("astropy: ct is the", astropy.units.Unit("ct").to_string(), "=", (1 * astropy.units.Unit("ct")).to("count"))
print("pint, written out:", units("counts/keV/kg/yr").dimensionality)
as_seen = (
    abs(without_mass.magnitude / 2e-8 - 1) < 1e-9
    and abs(units("cts").to("g").magnitude - 0.2) < 1e-12
    and abs(one.value - 0.2) < 1e-12
    and units("ct") == units("cts")
    and units("counts").dimensionless
    and astropy.units.Unit("ct") == astropy.units.count
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
