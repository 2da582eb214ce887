#!/usr/bin/env bash
# pdg 2026.0: the ranges of the neutrino's charge radius come without their power of ten, as square centimetres.
#
# Guess: a value's text together with its unit is the value; a range is stored by its ends.
# Found: a range has no number at all, `value` is None; and the text of the charge radius reads "-27.5 to 3" with the
#         unit cm**2, where −27.5e-32 to 3e-32 is meant. The power stands in `display_power_of_ten` alone. The ranges
#         of the charge, in the same database, carry it in their text ("-1.6 - 3.7 E-13"). Measurements of the radius
#         do, too: "(0.9+-2.7) E-32".
# Matters for each program that collects limits: half of the listing of the charge radius drops out as None, and who
#         reads the text with its unit gets a neutrino of five centimetres.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile pdg==2026.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import warnings

import pdg

warnings.simplefilter("ignore")
listing = pdg.connect()
found = {}
for name, document in (("S066CRD", "CADEDDU 2018"), ("S066CHR", "DEMIRCI 2025A"), ("S066CRD", "ALLEN 1993")):
    for measurement in listing.get(name).get_measurements():
        if measurement.reference.document_id.strip() == document:
            [value] = measurement.values()
            found[document] = value
            print(f"{document}: {value.value_text!r} {value.unit_text}, value {value.value}, ", end="")
            print(f"for display {value.display_value_text!r} and 10^{value.display_power_of_ten}")
radius, charge, measured = found.values()
as_seen = radius.value is None and charge.value is None and abs(measured.value / 0.9e-32 - 1) < 1e-9
as_seen = as_seen and "E" not in radius.value_text and radius.display_power_of_ten == -32
as_seen = as_seen and "E-13" in charge.value_text and "E-32" in measured.value_text
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
