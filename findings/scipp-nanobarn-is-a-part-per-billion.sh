#!/usr/bin/env bash
# scipp 26.8.0: a barn is an area, a nanobarn is a part per billion, and a gigabarn is an electric current.
#
# Guess: where "b" is the barn, 1e-28 m², "nb", "pb" and "fb" are a nanobarn, a picobarn and a femtobarn, as in pint, or
#         are refused, as in unyt.
# Found: with "nb" and "μb", as "ub", come ppb and ppm; "mb", "pb" and "fb" count bits; "Gb" is the gilbert, 0.796 A.
#         None converts to an area, though b does and "mbarn" and "pbarn" do.
# Matters for cross sections and luminosities, which are written so: "fb^-1" is accepted as a unit, and the number
# that goes with it has no area in it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile scipp==26.8.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import scipp


def in_square_metres(unit):
    try:
        return scipp.to_unit(scipp.scalar(1.0, unit=unit), "m^2").value
    except scipp.UnitError:
        return None


UNITS = ("b", "mbarn", "pbarn", "mb", "ub", "nb", "pb", "fb", "Gb")
seen = {unit: in_square_metres(unit) for unit in UNITS}
for unit, area in seen.items():
    print(f"{unit}: read as {scipp.Unit(unit)}; {area if area else 'not'} m²")
current = scipp.to_unit(scipp.scalar(1.0, unit="Gb"), "A").value
as_seen = (
    all(abs(seen[unit] / area - 1) < 1e-9 for unit, area in {"b": 1e-28, "mbarn": 1e-31, "pbarn": 1e-40}.items())
    and all(seen[unit] is None for unit in ("mb", "ub", "nb", "pb", "fb", "Gb"))
    and scipp.Unit("nb") == scipp.Unit("ppb")
    and scipp.Unit("ub") == scipp.Unit("ppm")
    and abs(current - 0.7957747) < 1e-6
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
