"""Antineutrinos per fission, as the release of Daya Bay tabulates Huber's and Mueller's spectra."""

import bz2
from bisect import bisect

from calls import answer
from dayabay_data_official import get_path_data

FOLDER = get_path_data("tsv") / "reactor_antineutrino_spectra_hm.tsv"


def fission(isotope, energy):
    """Per MeV, linear between the points; the energy is in MeV."""
    with bz2.open(FOLDER / f"reactor_antineutrino_spectra_hm_{isotope}.tsv.bz2", "rt") as file:
        next(file)  # the names of the columns
        points = [tuple(map(float, line.split())) for line in file]
    above = bisect(points, (energy,))
    (left, low), (right, high) = points[above - 1], points[above]
    return low + (high - low) * (energy - left) / (right - left)


answer(fission)
