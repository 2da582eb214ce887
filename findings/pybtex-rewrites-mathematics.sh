#!/usr/bin/env bash
# pybtex 0.26.1: a record with a formula in its title is another one after reading and writing.
#
# Guess: a BibTeX record that is read and written again, unchanged, has the same title.
# Found: each underscore gets a backslash, in formulas too, and the backslash of \% gets another: `$\mu_B$ at 90\%`
#         becomes `$\mu\_B$ at 90\\%`. LaTeX then prints an underscore instead of an index, breaks the line and takes
#         the rest for a comment. Each further round adds backslashes.
# Matters as the titles of this field, and the records of its literature database, are full of both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile pybtex==0.26.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys

from pybtex.database import parse_string

TITLE = r"{Limit $\mu_\nu < 10^{-11}\mu_B$ at 90\% C.L.}"
once = parse_string(f'@article{{limit, author = "Doe, Jane", title = "{TITLE}", year = "2015"}}', "bibtex")
again = parse_string(once.to_string("bibtex"), "bibtex")
third = parse_string(again.to_string("bibtex"), "bibtex")
for database in (once, again, third):
    print(database.entries["limit"].fields["title"])
as_seen = (
    once.entries["limit"].fields["title"] == TITLE
    and again.entries["limit"].fields["title"] == TITLE.replace("_", r"\_").replace("%", r"\%")
    and third.entries["limit"].fields["title"] != again.entries["limit"].fields["title"]
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
