#!/usr/bin/env bash
# periodictable 2.1.0, molmass 2026.1.8 and chemparse 0.3.2: "76Ge" is one nucleus, 76 atoms, or nothing.
#
# Guess: "76Ge", as each paper on enriched detectors writes it, is the isotope, of 75.92 atomic mass units.
# Found: molmass has the isotope; periodictable has 76 germanium atoms, 5520 units; chemparse answers an empty table,
#         with no error. With "136Xe" it is the same, and "2H" is deuterium or two hydrogen atoms, with nearly the same
#         mass.
# Matters for the number of targets in a kilogram of enriched germanium, xenon or heavy water, which such a text is
# turned into.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile periodictable==2.1.0 molmass==2026.1.8 chemparse==0.3.2
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import chemparse
import molmass
import periodictable

seen = {}
for text in ("76Ge", "136Xe", "2H"):
    seen[text] = molmass.Formula(text).mass, periodictable.formula(text).mass, chemparse.parse_formula(text)
    print("{}: molmass {:.3f}, periodictable {:.3f}, chemparse {}".format(text, *seen[text]))
isotope, atoms, parsed = seen["76Ge"]
as_seen = (
    abs(isotope - 75.9214) < 1e-3
    and abs(atoms - 76 * periodictable.Ge.mass) < 1e-6
    and atoms > 5500
    and parsed == {} == seen["136Xe"][2]
    and abs(seen["2H"][0] - 2.0141) < 1e-3
    and abs(seen["2H"][1] - 2.0159) < 1e-3
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
