"""The spin amplitudes against the closed cross sections, and that they stand on their own."""

import ast
from pathlib import Path

import numpy as np
import pytest
from nuem.physics import recoil, weyl


@pytest.mark.parametrize("antineutrino", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_amplitudes_and_closed_cross_section_agree(seed, antineutrino):
    random = np.random.default_rng(seed)
    energy, mass, mixing, alpha, fermi = random.uniform(0.1, 0.9, 5)
    kick = random.uniform(0.05, 0.95) * 2 * energy**2 / (mass + 2 * energy)
    charge, radius, moment = random.normal(size=3)
    photon = -4 * np.pi * alpha * (charge - mass * kick * radius / 3) / (2 * mass * kick)
    left, right = (photon + 2 * np.sqrt(2) * fermi * z for z in (mixing + 0.5, mixing))
    dipole = 4 * np.pi * alpha * moment / (2 * mass) / (2 * mass * kick)
    found = weyl.recoil_spectrum(energy, kick, mass, left, right, dipole, antineutrino=antineutrino)
    constants = recoil.Constants(mass, fermi, alpha, 1.0)
    closed = recoil.terms(kick, energy, constants, *recoil.couplings(mixing, antineutrino=antineutrino))
    assert found == pytest.approx(float(closed.total(moment=moment, charge=charge, radius=radius)), rel=1e-10)


def test_the_second_route_shares_no_physics():
    tree = ast.parse(Path(weyl.__file__).read_text("utf-8"))
    used = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert used == {"__future__", "nuem.physics.arrays"}
