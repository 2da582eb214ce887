#!/usr/bin/env bash
# chemparse 0.3.2: what stands behind the dot of a formula is dropped.
#
# Guess: Gd₂(SO₄)₃·8H₂O, the salt that goes into large water detectors, has 16 hydrogen and 20 oxygen atoms; a text that
#         isn't understood is refused.
# Found: with a dot or a star in the middle the answer has the salt without its water, and no error: gadolinium is 52 %
#         of the mass instead of 42 %. With a full stop, "GdCl3.6H2O" is 3.6 chlorine atoms and one molecule of water.
#         molmass takes the full stop as the dot and refuses the others.
# Matters for concentrations of neutron absorbers and for masses of dopants, made by program from names of substances.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile chemparse==0.3.2 molmass==2026.1.8
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import chemparse
import molmass

MASSES = {element: molmass.Formula(element).mass for element in ("Gd", "S", "O", "H", "Cl")}


def fraction_of_gadolinium(atoms):
    return atoms["Gd"] * MASSES["Gd"] / sum(number * MASSES[element] for element, number in atoms.items())


whole = chemparse.parse_formula("Gd2(SO4)3(H2O)8")
seen = {text: chemparse.parse_formula(text) for text in ("Gd2(SO4)3·8H2O", "Gd2(SO4)3*8H2O", "Gd2(SO4)3")}
chloride = chemparse.parse_formula("GdCl3.6H2O")
for text, atoms in {"Gd2(SO4)3(H2O)8": whole, **seen, "GdCl3.6H2O": chloride}.items():
    print(f"{text}: {atoms}, gadolinium {fraction_of_gadolinium(atoms):.1%}")
try:
    refused = not molmass.Formula("Gd2(SO4)3·8H2O").mass
except molmass.FormulaError:
    refused = True
hydrate = molmass.Formula("GdCl3.6H2O").composition()
print("molmass, GdCl3.6H2O:", {symbol: item.count for symbol, item in hydrate.items()}, "– the dot refused:", refused)
as_seen = (
    all(atoms == seen["Gd2(SO4)3"] for atoms in seen.values())
    and whole["H"] == 16
    and abs(fraction_of_gadolinium(whole) - 0.421) < 1e-3
    and abs(fraction_of_gadolinium(seen["Gd2(SO4)3"]) - 0.522) < 1e-3
    and chloride == {"Gd": 1, "Cl": 3.6, "H": 2, "O": 1}
    and hydrate["H"].count == 12
    and refused
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
