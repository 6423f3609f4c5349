"""Inner products of many stored vectors with a few directions, by ONNX Runtime's kernels, one thread a caller.

Each graph is a single operator, written by `python -m bonafit_training.encoders.products`: the light package cannot
write ONNX.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from bonafit.index.segment import Segment

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Floats = npt.NDArray[np.float32]


@cache
def _session(name: str) -> InferenceSession:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    raw = files("bonafit.index").joinpath("graphs", f"{name}.onnx").read_bytes()
    return ort.InferenceSession(raw, options, providers=["CPUExecutionProvider"])


class Directions:
    """The directions of one query, (width, k) float32, ready for vectors of any storage."""

    def __init__(self, targets: Floats) -> None:
        self.targets = np.ascontiguousarray(targets, dtype=np.float32)
        # In 8 bits a direction is two: what the first rounding leaves over is rounded again, so that the only loss is
        # that of the stored vectors.
        self._scale = np.abs(self.targets).max(axis=0) / 127
        self._scale[self._scale == 0] = 1.0
        high = np.rint(self.targets / self._scale)
        low = np.rint((self.targets / self._scale - high) * 127)
        self._bytes = np.ascontiguousarray(np.concatenate([high, low], axis=1).astype(np.int8))

    def of(self, vectors: npt.NDArray[Any], scales: Floats | None) -> Floats:
        """Inner products, (n, m, k) float32. vectors : (n, m, width) as stored; scales : (n, m) or None."""
        n, m, width = vectors.shape
        flat = vectors.reshape(n * m, width)
        if scales is None:
            a = flat if flat.dtype == np.float32 else flat.astype(np.float32)
            out: Floats = _session("product_f32").run(None, {"a": a, "b": self.targets})[0]
            return out.reshape(n, m, -1)
        raw = _session("product_u8").run(None, {"a": flat, "b": self._bytes})[0]
        k = self.targets.shape[1]
        whole: Floats = raw[:, :k].astype(np.float32) + raw[:, k:].astype(np.float32) / np.float32(127)
        whole *= self._scale
        whole *= scales.reshape(n * m, 1)
        return whole.reshape(n, m, k)


def products(segment: Segment, rows: slice | npt.NDArray[np.intp], directions: Directions) -> Floats:
    """Inner products of some rows of a segment."""
    return directions.of(segment.vectors[rows], None if segment.scales is None else segment.scales[rows])
