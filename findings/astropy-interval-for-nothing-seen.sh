#!/usr/bin/env bash
# astropy 8.0.2: the interval for few counts over a background fails where none is counted.
#
# Guess: the interval of Kraft, Burrows and Nousek for no counts ends at −ln 0.1 = 2.303 at 90 %, whatever the
#         background is.
# Found: `poisson_conf_interval(0, "kraft-burrows-nousek", …)` ends with "math domain error", with and without
#         background; one count and more work.
# Matters as this is the textbook case of the method: it was made for sources of which next to nothing is seen.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile astropy==8.0.2 scipy==1.17.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys

from astropy.stats import poisson_conf_interval


def upper_end(counted, background):
    try:
        interval = poisson_conf_interval(
            counted, "kraft-burrows-nousek", background=background, confidence_level=0.9
        )
    except ValueError as error:
        return str(error)
    return interval[1].item()


ends = {(counted, background): upper_end(counted, background) for counted in (0, 1) for background in (0.5, 3.0)}
print("(counted, background) → upper end:", ends)
as_seen = all(
    end == "math domain error" if counted == 0 else 2.3 < end < 4 for (counted, _), end in ends.items()
)
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
