"""Files of an encoder are those that its card names: of these bytes, in this folder, of these shapes."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bonafit.encoders.card import EncoderFile, checked_path, read_card, read_checked
from bonafit.encoders.static import _read_table
from bonafit.errors import EncoderError

RAW = b"the table"
Read = Callable[[Path, EncoderFile], Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "table.npz").write_bytes(RAW)
    (tmp_path / "folder").mkdir()
    return tmp_path


def entry(file: str = "table.npz", *, raw: bytes = RAW, stored: bool = True) -> EncoderFile:
    return EncoderFile(file=file, sha256=hashlib.sha256(raw).hexdigest(), size=len(raw), stored=stored)


@pytest.mark.parametrize("read", [read_checked, checked_path])
@pytest.mark.parametrize(
    ("named", "says"),
    [
        (entry("../table.npz"), "expected a plain name; do not use it"),
        (entry("other.npz"), "absent"),
        (entry("folder"), "restore it"),
        (entry(raw=b"short"), "restore it"),
        (entry(raw=b"the tablE"), "sha256 is"),
    ],
)
def test_other_files_are_refused(read: Read, named: EncoderFile, says: str, folder: Path) -> None:
    assert read(folder, entry()) in (RAW, folder / "table.npz")
    with pytest.raises(EncoderError, match=says):
        read(folder, named)


def test_a_file_that_can_be_made_again_is_told_how(folder: Path) -> None:
    with pytest.raises(EncoderError, match="make it with"):
        read_checked(folder, entry("fp32.onnx", stored=False))


@pytest.mark.parametrize(
    ("content", "says"), [(None, "cannot be read"), (b"{}", "not an encoder card"), (b"\xff", "not an encoder card")]
)
def test_a_card_that_is_none_is_refused(content: bytes | None, says: str, folder: Path) -> None:
    if content is not None:
        (folder / "encoder.json").write_bytes(content)
    with pytest.raises(EncoderError, match=says):
        read_card(folder)


def table(codes: np.ndarray, scale: np.ndarray) -> bytes:
    raw = io.BytesIO()
    np.savez(raw, codes=codes, scale=scale)
    return raw.getvalue()


CODES, SCALE = np.ones((3, 2), dtype=np.int8), np.ones((3, 1), dtype=np.float32)


def test_token_vectors_are_codes_by_their_scales() -> None:
    card: Any = SimpleNamespace(name="tiny", width=2)
    assert _read_table(table(CODES, 2 * SCALE), card).tolist() == [[2.0, 2.0]] * 3
    for raw, says in (
        (b"no archive", "table cannot be read"),
        (table(CODES[:, :1], SCALE), "expected width 2"),
        (table(CODES.ravel(), SCALE), "expected width 2"),
        (table(CODES, SCALE[:2]), "expected width 2"),
        (table(CODES, np.full((3, 1), np.inf, dtype=np.float32)), "not finite"),
    ):
        with pytest.raises(EncoderError, match=says):
            _read_table(raw, card)
