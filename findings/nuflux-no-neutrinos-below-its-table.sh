#!/usr/bin/env bash
# nuflux 2.0.7: at 1 GeV there are no atmospheric neutrinos.
#
# Guess: the flux of Honda et al. of 2006, whose tables begin at 0.1 GeV, can be asked for at 1 GeV; if not, an error
#         says so.
# Found: `honda2006` is a fit that begins at 10 GeV. Below, the flux is exactly 0.0, with no error and no warning; an
#         impossible direction (cosine 1.5) gives 0.0 too. Other tables of the package end the same way at 10 TeV.
# Matters for backgrounds of atmospheric neutrinos: an integral that starts at 1 GeV silently misses most events.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install --no-compile nuflux==2.0.7
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import nuflux

flux = nuflux.makeFlux("honda2006")
other = nuflux.makeFlux("IPhonda2014_spl_solmin")
below, inside = (flux.getFlux(nuflux.NuMu, energy, 0.5) for energy in (1.0, 100.0))
nowhere = flux.getFlux(nuflux.NuMu, 100.0, 1.5)
print(f"honda2006, range {flux.energy_range} GeV: {below} at 1 GeV, {inside:.3e} at 100 GeV, {nowhere} for cosine 1.5")
steps = [other.getFlux(nuflux.NuMu, energy, 0.5) for energy in (1.0, 9e3, 1.1e4)]
print(f"IPhonda2014, range {other.energy_range} GeV: at 1 GeV, 9 TeV and 11 TeV {steps}")
as_seen = below == nowhere == steps[2] == 0 and inside > 0 and steps[0] > steps[1] > 0 and flux.energy_range[0] == 10
print("as seen in November 2026" if as_seen else "this has changed")
sys.exit(not as_seen)
PYTHON
