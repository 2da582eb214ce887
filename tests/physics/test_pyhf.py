"""p-values, CL_s and expected bands against pyhf, whose likelihood ratio of Poisson's distribution shares no code."""

import json

import numpy as np
import pyhf
import pytest
from conftest import ROOT
from nuem import counting, spectra
from nuem.physics.statistics import CL_S, Search, Spectrum
from scipy.optimize import brentq

ENERGIES = np.arange(1.0, 11.0)
DEVIATIONS = (-2, -1, 0, 1, 2)


def model_of(search, *, known=True):
    """The signal of a search over its background, which is known or counted without the source."""
    background = search.spectrum.ratio * search.spectrum.off
    size = {"name": "y", "type": "normfactor", "data": None}
    uncertain = {"name": "off", "type": "shapesys", "data": list(background / np.sqrt(search.spectrum.off))}
    samples = [
        {"name": "signal", "data": list(search.square), "modifiers": [size]},
        {"name": "background", "data": list(background), "modifiers": [] if known else [uncertain]},
    ]
    # without validation, which uses a part of jsonschema that warns of its end
    return pyhf.Model({"channels": [{"name": "on", "samples": samples}]}, poi_name="y", validate=False)


class Peer:
    """What pyhf says about data, for a signal y = u²."""

    def __init__(self, search, on, *, known=True):
        self.model = model_of(search, known=known)
        self.data = [*map(float, on), *([] if known else search.spectrum.off)]
        self.known = known
        self.unit = 1 / np.sqrt(np.sum(search.square**2 / search.spectrum.variance))

    def test(self, y, **what):
        bounds = [(0, 20 * self.unit), *([] if self.known else [(1e-6, 10.0)] * len(ENERGIES))]
        return pyhf.infer.hypotest(y, self.data, self.model, test_stat="qtilde", par_bounds=bounds, **what)

    def p_values(self, y):
        return [float(tail) for tail in self.test(y, return_tail_probs=True)[1]]

    def limit(self):
        return brentq(lambda y: float(self.test(y)) - 0.1, 0.2 * self.unit, 9 * self.unit, xtol=1e-4 * self.unit)

    def band(self):
        def excess(y, place):
            return float(self.test(y, return_expected_set=True)[1][place]) - 0.1

        ends = 0.2 * self.unit, 9 * self.unit
        return [brentq(excess, *ends, args=(place,), xtol=1e-4 * self.unit) for place in range(5)]


def ten_bins(per_bin, ratio=1e-4):
    flat = np.full(ENERGIES.size, float(per_bin))
    return Search(Spectrum(flat, flat / ratio, ratio), np.sqrt(per_bin) / ENERGIES)


def differences(search, pull, *, known=True):
    """Limits by CL_s and p-values at 2.5 σ, as relative differences; the data hold `pull` σ of a signal."""
    sigma = 1 / np.sqrt(np.sum(search.square**2 / search.spectrum.variance))
    on, off = search.spectrum.on + pull * sigma * search.square, search.spectrum.off
    peer = Peer(search, on, known=known)
    y = (2.5 + max(pull, 0)) * sigma
    ours = search.limits(on, off, construction=CL_S) ** 2, *search.p_values(on, off, np.sqrt(y))
    return np.abs(np.array(ours) / [peer.limit(), *peer.p_values(y)] - 1)


@pytest.mark.parametrize("pull", [-1.0, 0.0, 1.5])
def test_limits_and_p_values_with_a_known_background_approach_pyhfs_as_counts_grow(pull):
    few, many = differences(ten_bins(1e2), pull), differences(ten_bins(1e4), pull)
    assert few[0] < 0.01 and np.all(few < 0.05)
    assert many[0] < 0.001 and np.all(many < 0.005)


@pytest.mark.parametrize("pull", [-1.0, 0.0])
def test_limits_with_a_measured_background_approach_pyhfs_as_counts_grow(pull):
    few, many = (differences(ten_bins(per_bin, 1.0), pull, known=False)[0] for per_bin in (1e2, 1e4))
    assert few < 0.1 and many < 0.01 and many < few / 5


def spectrum_of_the_page():
    cells = json.loads((ROOT / "reference" / "statistics.ipynb").read_text("utf-8"))["cells"]
    scope = {}
    exec("import numpy as np\nfrom nuem import statistics", scope)
    exec("".join(next(cell["source"] for cell in cells if cell["id"] == "toy-spectrum")), scope)
    return scope["search"], scope["data"]


def test_the_toy_spectrum_of_the_page_gives_what_pyhf_says():
    search, (on, off) = spectrum_of_the_page()
    peer = Peer(search, on)
    typical = search.expected()
    with_signal, without = search.p_values(on, off, typical)
    assert [with_signal, without] == pytest.approx(peer.p_values(typical**2), rel=0.02)
    assert search.limits(on, off, construction=CL_S) ** 2 == pytest.approx(peer.limit(), rel=0.01)
    assert search.band(DEVIATIONS, construction=CL_S) ** 2 == pytest.approx(peer.band(), rel=0.02)


def beside_a_floating_background(counts, noise, square, spread):
    """CL_s by pyhf; a background known to `spread` has pyhf's luminosity as its size, which has a Gaussian for it."""
    free = {"name": "size", "type": "normfactor", "data": None}
    known = {"name": "lumi", "type": "lumi", "data": None}
    samples = [
        {"name": "signal", "data": list(square), "modifiers": [{"name": "y", "type": "normfactor", "data": None}]},
        {"name": "noise", "data": list(noise), "modifiers": [known if np.isfinite(spread) else free]},
    ]
    lumi = {"name": "lumi", "auxdata": [1.0], "sigmas": [spread], "inits": [1.0], "bounds": [[0.0, 30.0]]}
    peer = pyhf.Model(
        {"channels": [{"name": "on", "samples": samples}], "parameters": [lumi] if np.isfinite(spread) else []},
        poi_name="y",
        validate=False,
    )
    bounds = [(0.0, 30.0)] * 2
    data = [*map(float, counts), *peer.config.auxdata]

    def ratio(y):
        return float(pyhf.infer.hypotest(y, data, peer, test_stat="qtilde", par_bounds=bounds))

    return brentq(lambda y: ratio(y) - 0.1, 0.3, 20, xtol=1e-5)


# pyhf's fits end a little early, which is where the tolerance comes from.
@pytest.mark.parametrize("pull", [-1, 0, 2])
def test_cls_beside_a_floating_background_is_pyhfs(pull):
    """XENONnT's background with a signal that falls with energy, as a moment's."""
    noise = spectra.counts("xenonnt").background
    square = 3 / np.arange(1, noise.size + 1)
    counts = np.maximum(np.round(noise + pull * square / 2), 0)
    theirs = beside_a_floating_background(counts, noise, square, np.inf)
    assert float(counting.Model([noise], square).limits(counts, 0.9, CL_S)) ** 2 == pytest.approx(theirs, rel=0.002)


@pytest.mark.parametrize("spread", [np.inf, 0.2, 0.02])
def test_cls_knows_the_background_from_the_counts(spread):
    """Counts far below the expected background: what an experiment without a signal would see follows them."""
    noise, square = np.array([6.9, 12.5, 12.9, 13.1, 13.5, 13.5]), 3 / np.arange(1, 7)
    counts = np.array([3, 9, 11, 9, 8, 10])
    theirs = beside_a_floating_background(counts, noise, square, spread)
    model = counting.Model([noise], square, spreads=[spread])
    assert float(model.limits(counts, 0.9, CL_S)) ** 2 == pytest.approx(theirs, rel=0.002)
