"""Recoils: energy and momentum are conserved, and impossible recoils are refused by name."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nuem import NuemError
from nuem.physics import kinematics

energies = st.floats(min_value=1e-3, max_value=1e3)


@given(energies, energies)
def test_at_the_end_point_a_projectile_that_bounces_back_conserves_energy_and_momentum(energy, mass):
    recoil = kinematics.maximum_recoil(energy, mass)
    momentum = np.sqrt(recoil * (recoil + 2 * mass))
    assert momentum == pytest.approx(energy + (energy - recoil), rel=1e-9)


@given(energies, energies)
def test_minimum_energy_inverts_maximum_recoil(energy, mass):
    assert kinematics.minimum_energy(kinematics.maximum_recoil(energy, mass), mass) == pytest.approx(energy, rel=1e-9)


@given(energies, energies, st.floats(0.01, 0.99))
def test_the_momentum_transfer_is_that_of_the_four_vectors(energy, mass, fraction):
    recoil = fraction * kinematics.maximum_recoil(energy, mass)
    squared = recoil**2 - recoil * (recoil + 2 * mass)  # (p' − p)²
    assert kinematics.momentum_transfer_squared(recoil, mass) == pytest.approx(-squared, rel=1e-6)


def test_arrays_pass():
    assert kinematics.maximum_recoil(np.array([1.0, 2.0]), 2.0).shape == (2,)
    assert kinematics.minimum_energy(np.array([0.0, 1.0]), 2.0)[0] == 0


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: kinematics.maximum_recoil(1.0, -1.0), ("mass", "> 0")),
        (lambda: kinematics.maximum_recoil(1.0, 0.0), ("mass", "> 0")),
        (lambda: kinematics.maximum_recoil(-1.0, 1.0), ("energy", "≥ 0")),
        (lambda: kinematics.maximum_recoil(float("nan"), 1.0), ("energy", "finite")),
        (lambda: kinematics.maximum_recoil(np.array([1.0, -2.0]), 1.0), ("energy", "≥ 0")),
        (lambda: kinematics.minimum_energy(-0.1, 1.0), ("recoil", "≥ 0")),
        (lambda: kinematics.minimum_energy(0.1, -1.0), ("mass", "> 0")),
        (lambda: kinematics.momentum_transfer_squared(0.1, -1.0), ("mass", "> 0")),
        (lambda: kinematics.momentum_transfer_squared(-0.1, 1.0), ("recoil", "≥ 0")),
        (lambda: kinematics.recoil_window(1.0, -2.0), ("mass", "> 0")),
        (lambda: kinematics.recoil_window(1.0, 2.0, 0.6), ("threshold", "0 to 0.5")),
        (lambda: kinematics.recoil_window(1.0, 2.0, -0.1), ("threshold", "≥ 0")),
        (lambda: kinematics.check_recoil([0.1, 0.6], 1.0, 2.0), ("recoil = 0.6", "0 to 0.5")),
        (lambda: kinematics.check_recoil(1.6, np.array([9.0, 2.0]), 2.0), ("recoil = 1.6", "0 to 1.33")),
        (lambda: kinematics.check_recoil(-0.1, 1.0, 2.0), ("recoil", "0 to 0.5")),
        (lambda: kinematics.check_recoil(0.1, 1.0, -2.0), ("mass", "> 0")),
        (lambda: kinematics.check_recoil(float("nan"), 1.0, 2.0), ("recoil", "0 to 0.5")),
    ],
)
def test_impossible_input_is_refused_by_name(call, words):
    with pytest.raises(NuemError) as caught:
        call()
    assert all(word in str(caught.value) for word in words)
