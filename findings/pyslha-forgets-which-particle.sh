#!/usr/bin/env bash
# pyslha 3.3.2: the block that declares a new particle loses the particle's number.
#
# Guess: a file that declares two new particles, each with a block QNUMBERS of its own (spin, charge in thirds,
#         colour), is read with both, and written as it was read.
# Found: one block is kept, the last one, and the number that stands beside its name, which says whose quantum numbers
#         these are, is dropped. Written again, the file declares one particle without a number.
# Matters for models with a particle of small or no charge: this block is the only place of the format that says its
# charge.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile pyslha==3.3.2
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import pyslha

DECLARED = """\
BLOCK MASS
    9000001  1.0E-03
    9000002  1.0E-02
BLOCK QNUMBERS 9000001 # chi chibar
    1  0  # three times the charge
    2  2  # number of spin states
    3  1  # colour
    4  1  # has an antiparticle
BLOCK QNUMBERS 9000002 # phi
    1  3
    2  1
    3  1
    4  0
"""
document = pyslha.readSLHA(DECLARED)
written = pyslha.writeSLHA(document)
print("blocks that were read:", list(document.blocks), dict(document.blocks["QNUMBERS"].items()))
declarations = [line for line in written.splitlines() if "QNUMBERS" in line]
print("declarations as written:", declarations)
as_seen = (
    list(document.blocks) == ["MASS", "QNUMBERS"]
    and document.blocks["QNUMBERS"][1] == 3
    and [declaration.strip() for declaration in declarations] == ["BLOCK QNUMBERS"]
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
