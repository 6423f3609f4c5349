"""Arrays of an npz archive, every size and shape checked before memory is taken for it."""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

# Bytes that all arrays of one archive may take unpacked: those of the published bundles take under 30 MB, the fast
# encoder's table 8 MB.
MAX_UNPACKED = 512 * 1024**2
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read_arrays(source: Path | bytes, *, limit: int = MAX_UNPACKED) -> dict[str, npt.NDArray[np.generic]]:
    """Arrays by name. Nothing is unpickled.

    limit : bytes that all arrays together may take.
    Raises ValueError where the archive holds anything but plain arrays whose headers agree with their sizes, or more
    than `limit`; zipfile's, zlib's and numpy's own errors where it cannot be read.
    """
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
        entries = archive.infolist()
        if (unpacked := sum(entry.file_size for entry in entries)) > limit:
            raise ValueError(f"{unpacked:,} bytes unpacked, more than the {limit:,} that are read")
        for entry in entries:
            if entry.compress_type not in _READABLE or entry.flag_bits & 0x1:
                raise ValueError(f"{entry.filename}: encrypted or of another compression than numpy's")
            name = entry.filename.removesuffix(".npy")
            if name in arrays:
                raise ValueError(f"{name}: twice in the archive")
            raw = archive.read(entry)
            if len(raw) != entry.file_size:
                raise ValueError(f"{entry.filename}: {len(raw):,} bytes, the archive says {entry.file_size:,}")
            arrays[name] = _array(entry.filename, raw)
    return arrays


def _array(name: str, raw: bytes) -> npt.NDArray[np.generic]:
    stream = io.BytesIO(raw)
    version = np.lib.format.read_magic(stream)
    reader = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, fortran, dtype = reader(stream)
    if dtype.hasobject:
        raise ValueError(f"{name}: holds objects; expected plain numbers")
    body = raw[stream.tell() :]
    if any(side < 0 for side in shape) or math.prod(shape) * dtype.itemsize != len(body):
        raise ValueError(f"{name}: {len(body):,} bytes do not hold shape {shape} of {dtype}")
    array = np.frombuffer(body, dtype=dtype)
    return np.array(array.reshape(shape, order="F" if fortran else "C"))
