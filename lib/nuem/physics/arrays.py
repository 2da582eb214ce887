"""Names for the types of arrays, so that a signature says what goes in and what comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]
Function = Callable[[Array], Array]  # of arrays, element by element
Real = TypeVar("Real", float, Array)  # a number gives a number, an array an array
