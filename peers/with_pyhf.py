"""CL_s of a signal beside a background of unknown size, from pyhf."""

import pyhf
from calls import answer
from scipy.optimize import brentq


def limit_on_a_signal(background, signal, counts):
    """The size of the signal that 90 % exclude."""
    size = {"name": "y", "type": "normfactor", "data": None}
    other = {"name": "size", "type": "normfactor", "data": None}
    samples = [
        {"name": "signal", "data": signal, "modifiers": [size]},
        {"name": "background", "data": background, "modifiers": [other]},
    ]
    model = pyhf.Model({"channels": [{"name": "on", "samples": samples}]}, poi_name="y", validate=False)

    def excess(y):
        bounds = [(0, 30), (0, 30)]
        return float(pyhf.infer.hypotest(y, counts, model, test_stat="qtilde", par_bounds=bounds)) - 0.1

    return brentq(excess, 0.3, 20, xtol=1e-5)


answer(limit_on_a_signal)
