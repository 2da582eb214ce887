"""Shared code of the book *Neutrino Electromagnetic Properties: a reproducible review*.

Six rooms, each of which knows only those before it:

* `nuem.physics`: the field's formulas, for numpy, scipy and sympy alone;
* `nuem.review`: inputs with their sources, printed claims, bounds, verdicts, the public files;
* `nuem.view`: how a record looks;
* `nuem.notebook`: what a cell of a chapter may say;
* `nuem.synthesis`: what the chapters say that compare others;
* `nuem.press`: executed notebooks become the website.

What chapters use stands at this door: `from nuem import Chapter, figures, plasma`. A name brings its room with it when
it is used, not before.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from nuem.door import OWNER, ROOM

if TYPE_CHECKING:
    from nuem import typeset as typeset
    from nuem.errors import NuemError as NuemError
    from nuem.errors import refusals as refusals
    from nuem.notebook import diagrams as diagrams
    from nuem.notebook import figures as figures
    from nuem.notebook import scans as scans
    from nuem.notebook.chapter import Chapter as Chapter
    from nuem.notebook.widgets import Slider as Slider
    from nuem.physics import coherent as coherent
    from nuem.physics import cosmology as cosmology
    from nuem.physics import counting as counting
    from nuem.physics import dirac as dirac
    from nuem.physics import kinematics as kinematics
    from nuem.physics import loops as loops
    from nuem.physics import plasma as plasma
    from nuem.physics import quadrature as quadrature
    from nuem.physics import recoil as recoil
    from nuem.physics import response as response
    from nuem.physics import solar as solar
    from nuem.physics import stars as stars
    from nuem.physics import statistics as statistics
    from nuem.physics import units as units
    from nuem.physics import verified as verified
    from nuem.physics import weyl as weyl
    from nuem.review import claims as claims
    from nuem.review import peers as peers
    from nuem.review import reader as reader
    from nuem.review import spectra as spectra
    from nuem.review.reader import bounds as bounds
    from nuem.review.reader import ledger as ledger
    from nuem.review.reader import listed as listed
    from nuem.synthesis import answers as answers
    from nuem.synthesis import compared as compared
    from nuem.synthesis import judged as judged
    from nuem.synthesis import listings as listings
    from nuem.synthesis import overview as overview
    from nuem.synthesis import plane as plane
    from nuem.synthesis import references as references

__version__ = "0.1.0"

__all__ = sorted([*ROOM, *OWNER])


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'nuem' has no attribute {name!r}; it offers {', '.join(__all__)}")
    try:
        if name in ROOM:
            return importlib.import_module(f"{ROOM[name]}.{name}")
        return getattr(importlib.import_module(OWNER[name]), name)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"nuem.{name} needs {error.name}, which isn't installed; results and physics do without, "
            'figures and chapters need `pip install "nuem[notebook]"`',
            name=error.name,
        ) from error


def __dir__() -> list[str]:
    return __all__
