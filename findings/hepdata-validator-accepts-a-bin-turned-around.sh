#!/usr/bin/env bash
# hepdata-validator 0.3.6: a bin that ends before it begins is valid, and so is a centre outside.
#
# Guess: the validator, which refuses a bin without any uncertainty, refuses a bin from 2 to 1 and a value of 5 in a
#         bin from 2 to 3.
# Found: both pass, with no message. A column that is too short doesn't.
# Matters for public tables of limits against mass: a check that passes says nothing about the order of the edges.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile hepdata-validator==0.3.6
"$folder/venv/bin/python" - <<'PYTHON'
import os
import sys
import tempfile

from hepdata_validator.data_file_validator import DataFileValidator

TABLE = """\
independent_variables:
- header: {name: M, units: MeV}
  values:
  - %s
  - {low: 3, high: 4}
dependent_variables:
- header: {name: epsilon}
  values:
  - {value: 0.1, errors: [{symerror: 0.02}]}
%s
"""
OTHER = "  - {value: 0.2, errors: [{symerror: 0.02}]}"
TABLES = {
    "turned around": TABLE % ("{low: 2, high: 1}", OTHER),
    "centre outside": TABLE % ("{low: 2, high: 3, value: 5}", OTHER),
    "too short": TABLE % ("{low: 2, high: 3}", ""),
}
passed = {}
with tempfile.TemporaryDirectory() as folder:
    for name, table in TABLES.items():
        path = os.path.join(folder, "table.yaml")
        with open(path, "w") as file:
            file.write(table)
        passed[name] = DataFileValidator().validate(file_path=path)
print("table → passed:", passed)
as_seen = passed == {"turned around": True, "centre outside": True, "too short": False}
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
