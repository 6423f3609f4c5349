"""Bundles: parsed, audited, only then constructed."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bonafit.bundle.manifest import (
    READABLE,
    EncoderReference,
    content_digest,
    encoder_folder,
    read_bundle,
    read_manifest,
)
from bonafit.bundle.resolve import newest_bundle
from bonafit.errors import (
    BundleCorruptError,
    BundleIncompatibleError,
    BundleMissingError,
    BundleUntrustedError,
    InputError,
)
from bonafit_training.contracts import HeadArtifact, Row
from bonafit_training.publishing.publish import Contents, Origin, publish

ENCODER = EncoderReference(folder="tiny-000", digest="0" * 64, precision="int8", width=32)


def published(out: Path, *, name: str = "b", created: datetime | None = None, size: int = 4) -> Path:
    row = Row(suite="s", dataset="d", split="cv5", slice="all", method="bonafit", metric="auc", value=0.5, n=10)
    rng = np.random.default_rng(0)
    artifact = HeadArtifact(
        name="niche_fit",
        section={"columns": [{"name": "x", "unit": "count", "direction": 1, "description": "d"}]},
        tables={"t": rng.normal(size=size)},
        metrics=[row],
        card="A tiny head.",
        datasets=(),
    )
    origin = Origin(seed=1, commit="c", invented=True, created=created)
    return publish(out, name, Contents(encoder=ENCODER, datasets=[], artifacts=[artifact]), origin)


def test_comes_back_as_published(tmp_path: Path) -> None:
    path = published(tmp_path)
    bundle = read_bundle(path)
    assert bundle.tables["niche_fit"]["t"].shape == (4,)
    assert bundle.manifest.metrics[0]["value"] == 0.5
    assert read_manifest(path) == bundle.manifest
    assert [p.name for p in tmp_path.iterdir()] == ["b"]


def test_equal_but_for_the_stamp(tmp_path: Path) -> None:
    first = published(tmp_path / "1", created=datetime(2026, 1, 1, tzinfo=UTC))
    second = published(tmp_path / "2", created=datetime(2026, 2, 2, tzinfo=UTC))
    for file in ("niche_fit.npz", "CARD.md"):
        assert (first / file).read_bytes() == (second / file).read_bytes()
    one, two = ((p / "manifest.json").read_bytes() for p in (first, second))
    assert one != two
    assert content_digest(one) == content_digest(two)


def test_a_published_bundle_is_never_changed(tmp_path: Path) -> None:
    published(tmp_path)
    with pytest.raises(InputError, match="never changed"):
        published(tmp_path)


def test_a_bundle_too_large_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected at most 5,000,000"):
        published(tmp_path, size=1_000_000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("file", ["niche_fit.npz", "CARD.md"])
def test_one_changed_byte_is_found(tmp_path: Path, file: str) -> None:
    path = published(tmp_path)
    raw = bytearray((path / file).read_bytes())
    raw[len(raw) // 2] ^= 1
    (path / file).write_bytes(raw)
    with pytest.raises(BundleCorruptError, match=f"{file}: sha256"):
        read_bundle(path)


def test_absent_things_are_named(tmp_path: Path) -> None:
    with pytest.raises(BundleMissingError, match=r"no manifest\.json"):
        read_bundle(tmp_path / "nowhere")
    path = published(tmp_path)
    with pytest.raises(BundleMissingError, match="encoder tiny-000 is in none of"):
        encoder_folder(read_bundle(path))
    (path / "CARD.md").unlink()
    with pytest.raises(BundleMissingError, match=r"CARD\.md: absent"):
        read_bundle(path)


def edited(path: Path, **changes: object) -> Path:
    manifest = json.loads((path / "manifest.json").read_text())
    manifest.update(changes)
    (path / "manifest.json").write_text(json.dumps(manifest))
    return path


def test_unknown_schemas_and_odd_manifests_are_refused(tmp_path: Path) -> None:
    path = published(tmp_path)
    with pytest.raises(BundleIncompatibleError, match="schema 99; this version reads 1"):
        read_bundle(edited(path, schema=99))
    with pytest.raises(BundleCorruptError, match="Expected `int`"):
        read_bundle(edited(path, schema=1, seed="x"))
    with pytest.raises(BundleCorruptError, match="expected a plain name"):
        read_bundle(edited(path, seed=1, files={"../evil": "0"}))
    with pytest.raises(BundleCorruptError, match=r"head niche_fit without niche_fit\.npz"):
        read_bundle(edited(path, files={}))
    (path / "manifest.json").write_text("[]")
    with pytest.raises(BundleCorruptError, match="not JSON with a `schema` number"):
        read_bundle(path)


def test_pickled_arrays_are_never_loaded(tmp_path: Path) -> None:
    from bonafit.bundle.manifest import file_digest

    path = published(tmp_path)
    np.savez(path / "niche_fit.npz", t=np.array([{"a": 1}], dtype=object))
    manifest = json.loads((path / "manifest.json").read_text())
    manifest["files"]["niche_fit.npz"] = file_digest(path / "niche_fit.npz")
    (path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleCorruptError, match="holds objects"):
        read_bundle(path)


def test_signatures(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = published(tmp_path)
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    with pytest.raises(BundleUntrustedError, match=r"no manifest\.sig"):
        read_bundle(path, public_key=public)
    (path / "manifest.sig").write_bytes(base64.b64encode(key.sign((path / "manifest.json").read_bytes())))
    assert read_bundle(path, public_key=public).manifest.name == "b"
    stranger = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
    with pytest.raises(BundleUntrustedError, match="does not match"):
        read_bundle(path, public_key=stranger)
    with pytest.raises(BundleUntrustedError, match="does not match"):
        read_bundle(path, public_key="not base64!")


@pytest.mark.parametrize("schema", READABLE)
def test_a_frozen_bundle_of_every_schema_still_reads(repository: Path, schema: int) -> None:
    """One small bundle a schema number, written when the number was current and never since."""
    bundle = read_bundle(repository / "tests" / "frozen" / f"schema-{schema}")
    assert bundle.manifest.schema == schema
    assert bundle.tables["niche_fit"]["t"].shape == (4,)


def test_the_newest_bundle_is_told_by_its_name_as_a_number(tmp_path: Path) -> None:
    for name in ("2026.9", "2026.10", "2025.12", "encoders"):
        (tmp_path / name).mkdir()
    for name in ("2026.9", "2026.10", "2025.12"):
        (tmp_path / name / "manifest.json").touch()
    assert newest_bundle(tmp_path).name == "2026.10"
    with pytest.raises(BundleMissingError, match="no bundle in it"):
        newest_bundle(tmp_path / "encoders")
