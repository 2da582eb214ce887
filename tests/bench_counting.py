"""A part of `make bench`: toys of the xenon spectrum with limits on three couplings, and pyhf on a few of them."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import pyhf
from cells import names
from nuem import counting
from nuem.physics.arrays import Array
from nuem.physics.statistics import standard_deviations

LEVEL, TOYS, FEW = 0.9, 2000, 3
GRID = np.linspace(0, 12, 41)  # where pyhf scans the size of a signal, in counts of its fullest bin


def spectrum() -> tuple[Array, list[Array]]:
    """The background of the chapter on xenon, and what moment, charge and radius add, one count in the fullest bin."""
    chapter = names("chapters/laboratory/solar-neutrinos-in-xenon", "model")
    squares = [chapter["tables"](chapter["prediction"], kind)[1] for kind in ("moment", "charge", "radius")]
    return chapter["background"](chapter["now"]), [square / square.max() for square in squares]


def limits_of_pyhf(counts: Array, noise: Array, square: Array) -> float:
    """The size of the signal that a one-sided likelihood ratio excludes, from a scan."""
    samples = [
        {
            "name": name,
            "data": list(table),
            "modifiers": [{"name": f"size of {name}", "type": "normfactor", "data": None}],
        }
        for name, table in (("signal", square), ("background", noise))
    ]
    model = pyhf.Model(
        {"channels": [{"name": "counts", "samples": samples}]}, poi_name="size of signal", validate=False
    )
    fit = {"data": [*counts, *model.config.auxdata], "pdf": model, "return_fitted_val": True}
    fit["par_bounds"] = [(0, 50)] * 2
    lowest = float(pyhf.infer.mle.fit(**fit)[1])
    excess = np.array([float(pyhf.infer.mle.fixed_poi_fit(size, **fit)[1]) for size in GRID])
    excess -= lowest + standard_deviations(LEVEL, sided=1) ** 2
    last = np.flatnonzero(excess < 0)[-1]
    return float(np.interp(0.0, excess[last : last + 2], GRID[last : last + 2]))


def ours(models: Sequence[counting.Model], counts: Array) -> Array:
    """The same limits, one column for each model."""
    return np.stack([model.limits(counts, LEVEL, "one-sided") for model in models], axis=-1) ** 2


def bench_counting() -> None:
    noise, squares = spectrum()
    models = [counting.Model([noise], square) for square in squares]
    times = []
    for _ in range(3):
        started = time.perf_counter()
        counting.toys(models[0], lambda counts: ours(models, counts), TOYS, seed=1)
        times.append(time.perf_counter() - started)
    seconds = sorted(times)[1]
    few = counting.toys(models[0], lambda counts: counts, FEW, seed=1)
    started = time.perf_counter()
    theirs = [[limits_of_pyhf(counts, noise, square) for square in squares] for counts in few]
    ratio = (time.perf_counter() - started) / FEW * TOYS / seconds
    off = np.max(np.abs(np.array(theirs) - ours(models, few))) / GRID[1]
    print(f"counting: limits on three couplings from {TOYS} toys of the xenon spectrum take {seconds:.2f} s")
    print(f"  pyhf takes {ratio:.0f} times as long (target 20); its limits are off by {off:.2f} of its grid at most")
