#!/usr/bin/env bash
# astropy 8.0.2: in a journal's machine-readable table a small number takes the digits of its neighbours.
#
# Guess: a column that is written as a machine-readable table, the format of the journals and of the archive at
#         Strasbourg, and read again has the same numbers, as with the other text formats.
# Found: if one number in the column is so small that Python writes it with an exponent and short, all others are cut to
#         as many digits: 0.123456789 beside 1e-05 becomes 0.1, 13.12345678 beside 1e-12 becomes 10, and the electron's
#         g factor beside its uncertainty 2.0. Without the small neighbour all digits are there. No warning. The open
#         list of things to do for this writer says that it might drop precision in some cases.
# Matters for tables of limits against mass, of form factors and of values with errors, which span powers of ten: what
# readers get from the journal is off by up to a third.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile astropy==8.0.2
"$folder/venv/bin/python" - <<'PYTHON'
import io
import sys

from astropy.table import Table


def written_and_read(numbers, form):
    file = io.StringIO()
    Table({"limit": numbers}).write(file, format=form)
    return [float(number) for number in Table.read(file.getvalue(), format=form)["limit"]]


columns = {
    "a limit beside a small mass": [1e-05, 0.123456789],
    "beside a smaller one": [13.12345678, 1e-12],
    "g factor and its uncertainty": [2.00231930436092, 3.6e-13],
    "g factor alone": [2.00231930436092],
}
seen = {name: written_and_read(numbers, "ascii.mrt") for name, numbers in columns.items()}
for name, numbers in columns.items():
    print(f"{name}: {numbers} becomes {seen[name]}")
others = [written_and_read(numbers, form) for form in ("ascii.ecsv", "ascii.ipac") for numbers in columns.values()]
as_seen = (
    list(seen.values()) == [[1e-05, 0.1], [10.0, 1e-12], [2.0, 3.6e-13], [2.00231930436092]]
    and others == 2 * list(columns.values())
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
