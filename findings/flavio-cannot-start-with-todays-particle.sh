#!/usr/bin/env bash
# flavio 2.7.1 beside particle 1.1.0: what `pip install flavio` brings can't be imported.
#
# Guess: the newest release of a package and the newest releases that its own metadata allows work together.
# Found: flavio asks for any `particle` from 0.21 on and reads that package's table of 2022, which version 1 no longer
#         carries: the import ends with FileNotFoundError. With `particle` below 1 it works.
# Matters for each fresh environment, and as a warning: data files of another package are no interface.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile flavio==2.7.1 particle==1.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata
import os
import sys

try:
    import flavio

    missing = ""
    print("flavio", flavio.__version__, "can be imported")
except FileNotFoundError as error:
    missing = os.path.basename(error.filename)
    print("import flavio: there is no", missing)
asked = [line for line in importlib.metadata.requires("flavio") if line.startswith("particle")]
print("flavio asks for", *asked, "and has", importlib.metadata.version("particle"))
as_seen = missing == "particle2022.csv"
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
