#!/usr/bin/env bash
# particle 1.1.0: particles that a model file adds have the charges of quarks and leptons.
#
# Guess: 9000001, 9000002, …, the numbers that generators of model files give to new particles without one, mean nothing
#         to the PDG's scheme: not valid, no charge, no spin, as 4900101 of a hidden sector and number 9000000.
# Found: the last digits are read as those of a known particle. 9000001 and 9000005 are valid, with charge -1/3 and spin
#         1/2, 9000002 has 2/3, 9000011 has -1 and 9000012 is neutral. `is_quark` and `is_lepton` say no to all.
# Matters for events with axion-like, millicharged or sterile particles, which such files number so: sums of charge
# don't close, and a neutral scalar counts as a charged fermion.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile particle==1.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys

from particle import PDGID

CHARGES = {9000001: -1 / 3, 9000002: 2 / 3, 9000005: -1 / 3, 9000011: -1, 9000012: 0}
for number in (*CHARGES, 9000000, 4900101):
    code = PDGID(number)
    print(f"{number}: valid {code.is_valid}, charge {code.charge}, spin {code.J}, quark or lepton", end=" ")
    print(code.is_quark or code.is_lepton)
new = [PDGID(number) for number in CHARGES]
as_seen = (
    all(code.is_valid and code.j_spin == 2 and not (code.is_quark or code.is_lepton) for code in new)
    and all(abs(code.charge - charge) < 1e-12 for code, charge in zip(new, CHARGES.values()))
    and not PDGID(4900101).is_valid
    and PDGID(4900101).charge is None
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
