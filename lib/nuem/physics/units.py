"""Units and conversions, from a chapter's inputs: every unit as a power of MeV, with ħ = c = k = 1.

A quantity in some unit is multiplied by that unit on the way in and divided by it on the way out:

    density = 2e5 * units.gram / units.cm**3        # MeV⁴
    radius_in_cm = radius / units.cm                # from 1/MeV

Each unit reads the inputs it needs when it is asked for, and no others. So an override of `hbar_c` reaches every
length, time and density, and a record names just the constants behind its number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from nuem.errors import NuemError

# Seconds, exact by definition; the year is the Julian one of astronomers, 365.25 days.
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
YEAR = 365.25 * DAY


@dataclass(frozen=True)
class Units:
    """Units as powers of MeV, and the two constants that the inputs give in powers of GeV.

    Args:
        inputs: of one vintage, such as `chapter.today`.

    Raises:
        NuemError: a unit is asked for whose input is missing or isn't a positive number.

    >>> from types import SimpleNamespace
    >>> units = Units(SimpleNamespace(hbar_c=197.327, speed_of_light=299792458.0))
    >>> round(units.fermi * 197.327, 12)
    1.0
    >>> f"{units.cm / units.second:.3e}"  # light needs 33 ps for a centimetre
    '3.336e-11'
    >>> Units(SimpleNamespace(hbar_c=-197.0)).cm
    Traceback (most recent call last):
    nuem.errors.NuemError: units: hbar_c = -197 is not allowed; give a finite number > 0
    """

    inputs: Any

    eV: ClassVar[float] = 1e-6
    keV: ClassVar[float] = 1e-3
    GeV: ClassVar[float] = 1e3

    def _positive(self, name: str) -> float:
        try:
            value = float(getattr(self.inputs, name))
        except (AttributeError, TypeError):
            kind = type(self.inputs).__name__
            raise NuemError(f"units: no number {name} in a {kind}; give inputs such as chapter.today") from None
        if not 0 < value < math.inf:
            raise NuemError(f"units: {name} = {value:g} is not allowed; give a finite number > 0")
        return value

    # -- lengths and times, in 1/MeV

    @property
    def fermi(self) -> float:
        """10⁻¹⁵ m, by ħc."""
        return 1 / self._positive("hbar_c")

    @property
    def cm(self) -> float:
        """Centimetre."""
        return 1e13 * self.fermi

    @property
    def metre(self) -> float:
        """Metre."""
        return 1e15 * self.fermi

    @property
    def km(self) -> float:
        """Kilometre."""
        return 1e18 * self.fermi

    @property
    def second(self) -> float:
        """Second, as the way of light in it, so that ħ = ħc/c has one source."""
        return self._positive("speed_of_light") * self.metre

    @property
    def year(self) -> float:
        """Julian year."""
        return YEAR * self.second

    # -- areas, in 1/MeV²

    @property
    def picobarn(self) -> float:
        """10⁻³⁶ cm²."""
        return 1e-36 * self.cm**2

    # -- energies, masses and temperatures, in MeV

    @property
    def joule(self) -> float:
        """Joule, kg m²/s²."""
        return self.kilogram * (self.metre / self.second) ** 2

    @property
    def erg(self) -> float:
        """10⁻⁷ J."""
        return 1e-7 * self.joule

    @property
    def kilogram(self) -> float:
        """Kilogram, by its energy."""
        return self._positive("kilogram_in_ev") * self.eV

    @property
    def gram(self) -> float:
        """Gram."""
        return 1e-3 * self.kilogram

    @property
    def atomic_mass(self) -> float:
        """Atomic mass unit, a twelfth of the carbon atom."""
        return self._positive("atomic_mass_unit")

    @property
    def kelvin(self) -> float:
        """Kelvin, by Boltzmann's constant."""
        return self._positive("boltzmann_constant") * self.eV

    # -- constants that the inputs give in powers of GeV, in 1/MeV²

    @property
    def fermi_constant(self) -> float:
        """G_F."""
        return self._positive("fermi_constant") / self.GeV**2

    @property
    def newton_constant(self) -> float:
        """Newton's constant."""
        return self._positive("newton_constant") / self.GeV**2
