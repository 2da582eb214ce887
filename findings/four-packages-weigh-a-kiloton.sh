#!/usr/bin/env bash
# pint 0.25.3, scipp 26.8.0, unyt 3.2.0 and astropy 8.0.2: a kiloton is a mass, a speed or an energy.
#
# Guess: "22.5 kt" and "22.5 kton", the mass of a water detector, are 22.5 million kilograms or unknown.
# Found: "kt" is a knot in pint and unyt, a speed of 0.51 m/s; scipp has a thousand tonnes. "kton" is 907 tonnes in pint,
#         as its "ton" is the American one, and 4.2 TJ in scipp, the energy of a bomb; there "ton" is 907 kg, too.
#         astropy refuses all three. That kt is a knot is known of pint; other fields overwrite it.
# Matters for exposures in kiloton years and ton years: one that is accepted is a length, or 10 % too small.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile pint==0.25.3 scipp==26.8.0 unyt==3.2.0 astropy==8.0.2
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import astropy.units
import pint
import scipp
import unyt

registry = pint.UnitRegistry()


def in_scipp(text, unit):
    return scipp.to_unit(scipp.scalar(1.0, unit=text), unit).value


def in_astropy(text):
    try:
        return astropy.units.Unit(text)
    except ValueError:
        return None


speeds = registry("kt").to("m/s").magnitude, float(unyt.unyt_quantity(1, "kt").to("m/s"))
masses = registry("kton").to("kg").magnitude, in_scipp("kt", "kg"), in_scipp("ton", "kg")
energy = in_scipp("kton", "J")
exposure = registry("22.5 kt * yr")
print(f"kt: pint {speeds[0]:.4f} m/s, unyt {speeds[1]:.4f} m/s, scipp {masses[1]:g} kg")
print(f"kton: pint {masses[0]:.6g} kg, scipp {energy:.4g} J; a ton in scipp: {masses[2]:.6g} kg")
print(f"pint, 22.5 kt * yr: {exposure.to_base_units():.4g}")
refused = [text for text in ("kt", "kton", "ton") if in_astropy(text) is None]
print("astropy refuses", refused)
as_seen = (
    all(abs(speed - 0.514444) < 1e-6 for speed in speeds)
    and abs(masses[0] - 907184.74) < 0.01
    and masses[1] == 1e6
    and abs(masses[2] - 907.18474) < 1e-5
    and energy == 4.184e12
    and exposure.check("[length]")
    and refused == ["kt", "kton", "ton"]
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
