"""Units: round trips, an independent route through SI, overrides that reach every length, refusals."""

import math
from types import SimpleNamespace

import pytest
from nuem import Chapter, NuemError
from nuem.physics import plasma, recoil
from nuem.physics.units import DAY, HOUR, MINUTE, YEAR, Units
from scipy import constants as si

CODATA = 1e-9  # the inputs have ten digits


@pytest.fixture(params=["published", "today"])
def units(request):
    return Units(getattr(Chapter(), request.param))


def test_units_agree_with_si(units):
    """ħ, c, e and k of scipy, in SI: none of them passes through MeV fm."""
    joule = 1e-6 / si.e  # MeV
    expected = {
        "fermi": 1e-15 / (si.hbar * si.c * joule),
        "cm": 1e-2 / (si.hbar * si.c * joule),
        "metre": 1 / (si.hbar * si.c * joule),
        "km": 1e3 / (si.hbar * si.c * joule),
        "second": 1 / (si.hbar * joule),
        "year": si.Julian_year / (si.hbar * joule),
        "picobarn": 1e-40 / (si.hbar * si.c * joule) ** 2,
        "joule": joule,
        "erg": si.erg * joule,
        "kilogram": si.c**2 * joule,
        "gram": si.gram * si.c**2 * joule,
        "atomic_mass": si.atomic_mass * si.c**2 * joule,
        "kelvin": si.k * joule,
        "fermi_constant": si.value("Fermi coupling constant") * 1e-6,
        # G in m³/(kg s²): G ħ/c⁵ is a time squared
        "newton_constant": si.G * si.hbar / si.c**5 / (si.hbar * joule) ** 2,
    }
    made = [name for name, attribute in vars(Units).items() if isinstance(attribute, property)]
    assert sorted(expected) == sorted(made), "every unit has its independent route"
    for name, value in expected.items():
        # Newton's constant over ħc has six digits of its own
        allowed = 1e-5 if name == "newton_constant" else CODATA
        assert getattr(units, name) / value == pytest.approx(1, rel=allowed), name


def test_round_trips_close(units):
    assert units.gram * (units.cm / units.second) ** 2 / units.erg == pytest.approx(1, rel=CODATA)
    assert units.km / units.fermi == pytest.approx(1e18, rel=1e-14)
    assert units.kilogram / units.gram == pytest.approx(1e3, rel=1e-14)
    assert units.joule / units.erg == pytest.approx(1e7, rel=1e-14)
    assert units.metre**2 / units.picobarn == pytest.approx(1e40, rel=1e-14)
    assert units.GeV / units.eV == pytest.approx(1e9, rel=1e-14)
    assert units.keV / units.eV == pytest.approx(1e3, rel=1e-14)


def test_the_calendar_is_exact():
    assert (si.minute, si.hour, si.day, si.Julian_year) == (MINUTE, HOUR, DAY, YEAR)


def test_a_unit_reads_only_what_it_needs():
    """A record then names the constants behind its number, and no others."""
    for unit, needed in {
        "cm": {"hbar_c"},
        "second": {"hbar_c", "speed_of_light"},
        "gram": {"kilogram_in_ev"},
        "kelvin": {"boltzmann_constant"},
        "erg": {"kilogram_in_ev", "hbar_c", "speed_of_light"},
        "fermi_constant": {"fermi_constant"},
    }.items():
        now = Chapter().today
        getattr(Units(now), unit)
        assert set(now.used) == needed


def test_an_override_of_hbar_c_moves_lengths_and_densities_together():
    factor = 2.0
    plain = Chapter().today
    moved = Chapter({"hbar_c": {"today": f"{factor * plain.hbar_c:.9f}"}}).today
    before, after = Units(plain), Units(moved)
    assert after.cm / before.cm == pytest.approx(1 / factor)
    assert after.second / before.second == pytest.approx(1 / factor)
    assert recoil.Constants.of(moved).area / recoil.Constants.of(plain).area == pytest.approx(factor**2)
    density = plasma.electron_density(1.0, after) / plasma.electron_density(1.0, before)
    assert density == pytest.approx(factor**3)
    loss = plasma.erg_per_volume_and_time(1.0, after) / plasma.erg_per_volume_and_time(1.0, before)
    assert loss == pytest.approx(factor**-4)
    # electrons in a given volume don't depend on ħc
    assert plasma.electron_density(1.0, after) * after.cm**3 == pytest.approx(
        plasma.electron_density(1.0, before) * before.cm**3
    )
    assert {"hbar_c", "kilogram_in_ev", "atomic_mass_unit"} <= set(moved.used), "all of them stand in the record"


@pytest.mark.parametrize("bad", [0.0, -1.0, math.inf, math.nan])
def test_a_constant_that_is_no_positive_number_is_refused_by_name(bad):
    with pytest.raises(NuemError, match=r"units: hbar_c = .* finite number > 0"):
        _ = Units(SimpleNamespace(hbar_c=bad)).cm


@pytest.mark.parametrize("bad", [None, 197.3, SimpleNamespace(), SimpleNamespace(hbar_c=None)])
def test_what_is_no_set_of_inputs_is_refused(bad):
    with pytest.raises(NuemError, match=r"units: no number hbar_c .* chapter\.today"):
        _ = Units(bad).cm
