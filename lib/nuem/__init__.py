"""Shared code of the book *Neutrino Electromagnetic Properties: a reproducible review*."""

from nuem import figures, typeset
from nuem.chapter import Chapter
from nuem.errors import NuemError, refusals
from nuem.reader import bounds, ledger
from nuem.widgets import Slider

__all__ = ["Chapter", "NuemError", "Slider", "bounds", "figures", "ledger", "refusals", "typeset"]
__version__ = "0.1.0"
