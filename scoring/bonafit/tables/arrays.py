"""Names of array types, once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# (n, width), rows of unit length unless said otherwise
Vectors = npt.NDArray[np.float32]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
