#!/usr/bin/env bash
# pdg 2026.0: the summary of the neutrino's magnetic moment shows a number a hundred times its value.
#
# Guess: the text to show times the power of ten to show is the value: that is what both are for.
# Found: the value is 6.4e-12 Bohr magnetons; the text is "<6.4" and the power is −10, which is the one of the
#         measurements' table, where the same limit reads "<0.064". Put together the summary says 6.4e-10.
# Matters for each page that shows limits with the texts of the API: the strongest limit of a laboratory looks a
# hundred times weaker than it is.
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
moment = pdg.connect().get("S066MGM")
summary = next(iter(moment.summary_values()))
texts = {
    value.display_value_text
    for measurement in moment.get_measurements()
    for value in measurement.values()
    if value.value == summary.value
}
print(f"value {summary.value} {summary.units}")
print(f"shown {summary.display_value_text}e{summary.display_power_of_ten}; in the table: {texts}")
shown = float(summary.display_value_text.lstrip("<")) * 10.0**summary.display_power_of_ten
as_seen = abs(summary.value - 6.4e-12) < 1e-15 and abs(shown / summary.value - 100) < 1e-6 and texts == {"<0.064"}
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
