"""What a bundle's folder gives a scorer: heads that are not there abstain, encoders of other spaces are refused."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from bonafit import encoders
from bonafit.bundle.manifest import Bundle, encoder_folder, read_bundle
from bonafit.bundle.resolve import newest_bundle
from bonafit.encoders.routed import RoutedEncoder
from bonafit.errors import BundleIncompatibleError, EncoderError
from bonafit.heads import HEADS
from bonafit.heads.niche_fit.head import NicheFitHead
from bonafit.scorer import load
from bonafit.scorer.load import AbsentHead
from tests.tiny import HashEncoder
from tests.tiny_scorer import tiny_scorer


@pytest.fixture(scope="module")
def published(repository: Path) -> Bundle:
    return read_bundle(newest_bundle(repository / "models"))


def with_heads(bundle: Bundle, **sections: object) -> Bundle:
    """The bundle with other sections of its manifest; None takes one away."""
    heads = {name: section for name, section in {**bundle.manifest.heads, **sections}.items() if section is not None}
    return msgspec.structs.replace(bundle, manifest=msgspec.structs.replace(bundle.manifest, heads=heads))


@pytest.mark.slow
def test_the_fast_encoder_comes_with_its_door_and_the_head_made_for_it(published: Bundle) -> None:
    folder = encoder_folder(published)
    fast = load.load_fast(published, folder)
    assert isinstance(fast.encoder, RoutedEncoder)
    assert isinstance(fast.head, NicheFitHead)
    assert load.load_fast(with_heads(published, fast_fit=None), folder).head is None
    other = with_heads(published, fast_fit={**published.manifest.heads["fast_fit"], "encoder": "f" * 64})
    with pytest.raises(BundleIncompatibleError, match="was trained on ffffffffffff"):
        load.load_fast(other, folder)
    bare = msgspec.structs.replace(published, manifest=msgspec.structs.replace(published.manifest, door=None))
    assert not isinstance(load.load_fast(bare, folder).encoder, RoutedEncoder)


def test_a_fast_encoder_is_looked_for_beside_the_bundles_own(tmp_path: Path) -> None:
    with pytest.raises(EncoderError):
        load.find_fast_encoder(tmp_path / "encoder", "0" * 64)
    assert load.find_door(tmp_path, "0" * 64) is None


def test_heads_that_a_bundle_lacks_abstain() -> None:
    bundle = tiny_scorer().bundle
    heads = load.load_heads(with_heads(bundle, **dict.fromkeys(bundle.manifest.heads)))
    assert {type(head) for head in heads.values()} == {AbsentHead}
    assert list(heads) == list(HEADS)


def test_an_encoder_stands_alone_or_behind_the_door_made_for_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = HashEncoder.digest
    monkeypatch.setattr(encoders, "load_encoder", lambda *_, **__: HashEncoder())
    monkeypatch.setattr(encoders, "read_card", lambda _: SimpleNamespace(target=target, languages=("en",)))
    monkeypatch.setattr(encoders.DeferredEncoder, "load", lambda *_, **__: HashEncoder())
    assert isinstance(load.open_encoder(tmp_path, None), encoders.CachedEncoder)
    assert isinstance(load.open_encoder(tmp_path, tmp_path / "door"), RoutedEncoder)
    target = "f" * 64
    with pytest.raises(EncoderError, match="leads into the space of another encoder than hash"):
        load.open_encoder(tmp_path, tmp_path / "door")
