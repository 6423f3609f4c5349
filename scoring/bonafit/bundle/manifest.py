"""Bundles: a directory that is published once and never changed.

    <bundle>/manifest.json           what the bundle is, and the sha256 of every other file
    <bundle>/manifest.sig            optional Ed25519 signature of manifest.json, base64
    <bundle>/<head>.npz              tables of each head, no pickles
    <bundle>/CARD.md                 the model card
    <bundle>/../encoders/<name>-<digest>/   the encoder, by reference, and the door for languages it does not read

Reading parses the manifest, checks the schema number, then every hash, then every shape, and only then constructs.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.bundle.resolve import located
from bonafit.errors import (
    BonafitError,
    BundleCorruptError,
    BundleIncompatibleError,
    BundleMissingError,
    BundleUntrustedError,
)
from bonafit.io.regular_files import is_plain_name, refusal
from bonafit.tables.archive import read_arrays

# Raise by one when a field changes meaning or a new one is required, keep reading every older number, and freeze one
# small bundle of the old number under tests/frozen/ before the change (see tests/test_bundle.py).
SCHEMA = 1
READABLE = (1,)
MANIFEST = "manifest.json"
# Bytes of a manifest and of any other file that are read: the published ones have 0.2 and 2 MB.
MAX_MANIFEST, MAX_FILE = 32 * 1024**2, 256 * 1024**2
SIGNATURE = "manifest.sig"

Tables = Mapping[str, npt.NDArray[np.generic]]


class EncoderReference(msgspec.Struct, frozen=True):
    """Which encoder the heads were trained on: folder name under `encoders/`, digest, precision, width."""

    folder: str
    digest: str
    precision: str
    width: int


class DatasetReference(msgspec.Struct, frozen=True):
    """One training set: name, sha256 over its files, rows read, licence as its source states it."""

    name: str
    sha256: str
    rows: int
    licence: str


class Manifest(msgspec.Struct, frozen=True):
    """The parsed manifest. `heads` maps a head's name to its section; `files` a file name to its sha256.

    door : the encoder of kind `mapped` that reads other languages into the encoder's space; None in bundles up to
        2026.3, which read the encoder's languages alone.
    """

    schema: int
    name: str
    created: str
    commit: str
    seed: int
    encoder: EncoderReference
    datasets: tuple[DatasetReference, ...]
    heads: dict[str, dict[str, Any]]
    libraries: dict[str, str]
    metrics: tuple[dict[str, Any], ...]
    files: dict[str, str]
    invented: bool = False
    door: EncoderReference | None = None


class Bundle(msgspec.Struct, frozen=True):
    """A verified bundle. digest : hex sha256 of the manifest without its creation stamp."""

    path: str
    manifest: Manifest
    digest: str
    tables: dict[str, dict[str, Any]]


def content_digest(manifest: bytes) -> str:
    """Hex sha256 of a manifest without `created`: equal for two trainings that gave the same tables."""
    fields = msgspec.json.decode(manifest)
    fields.pop("created", None)
    return hashlib.sha256(msgspec.json.encode(fields, order="sorted")).hexdigest()


def file_digest(path: Path) -> str:
    """Hex sha256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _parse(path: Path, raw: bytes) -> Manifest:
    try:
        schema = msgspec.json.decode(raw)["schema"]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, TypeError):
        raise BundleCorruptError(
            f"{path / MANIFEST}: not JSON with a `schema` number; expected a bonafit manifest, fetch the bundle again"
        ) from None
    if not isinstance(schema, int) or schema not in READABLE:
        raise BundleIncompatibleError(
            f"{path}: schema {schema}; this version reads {', '.join(map(str, READABLE))}; upgrade bonafit or retrain"
        )
    try:
        return msgspec.json.decode(raw, type=Manifest)
    except msgspec.ValidationError as error:
        raise BundleCorruptError(f"{path / MANIFEST}: {error}; fetch the bundle again") from None


def _verify_signature(path: Path, raw: bytes, public_key: str) -> None:
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        raise BundleUntrustedError(
            "checking signatures needs the package cryptography; pip install 'bonafit[sign]'"
        ) from None
    file = path / SIGNATURE
    if not file.is_file():
        raise BundleUntrustedError(
            f"{path}: no {SIGNATURE}; a signature is required, sign the bundle or trust it explicitly"
        )
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(file.read_bytes(), validate=True), raw)
    except (InvalidSignature, ValueError):
        raise BundleUntrustedError(
            f"{path / SIGNATURE}: does not match the manifest and the given key; fetch the bundle from its publisher"
        ) from None


def read_manifest(path: str | os.PathLike[str] | None = None) -> Manifest:
    """The manifest alone, parsed and schema-checked; file hashes are not read. Raises BundleError."""
    with bundle_errors("default bundle" if path is None else path):
        folder = located(path)
        return _parse(folder, _manifest_bytes(folder))


def _manifest_bytes(folder: Path) -> bytes:
    try:
        if why := refusal(folder / MANIFEST, limit=MAX_MANIFEST):
            raise BundleCorruptError(f"{folder / MANIFEST}: {why}; fetch the bundle again")
        return (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise BundleMissingError(f"{folder}: no {MANIFEST}; expected a bundle's folder, see models/README.md") from None


@contextmanager
def bundle_errors(path: str | os.PathLike[str]) -> Iterator[None]:
    """Whatever goes wrong inside while a bundle is read or its parts are made is a BonafitError, most a BundleError.

    A bundle comes from a colleague or a bucket: what its bytes can do to a parser is not for the caller to know.
    """
    try:
        yield
    except BonafitError:
        raise
    except Exception as error:
        message = " ".join(str(error).split())[:200] or "no further word"
        raise BundleCorruptError(
            f"{os.fspath(path)}: cannot be used ({type(error).__name__}: {message}); fetch the bundle again"
        ) from error


def read_bundle(path: str | os.PathLike[str] | None = None, *, public_key: str | None = None) -> Bundle:
    """Read and verify a bundle.

    path       : its folder, the name of an installed one, or a URI that an installed resolver knows, such as
                 `models:/bonafit@champion`; None is the default one (`bonafit.bundle.resolve.default_bundle`).
    public_key : base64 of an Ed25519 public key; where given, an unsigned or wrongly signed bundle is refused.
    Raises BundleMissingError, BundleCorruptError, BundleIncompatibleError or BundleUntrustedError.
    """
    with bundle_errors("default bundle" if path is None else path):
        return _read_bundle(located(path), public_key)


def _read_bundle(folder: Path, public_key: str | None) -> Bundle:
    raw = _manifest_bytes(folder)
    if public_key is not None:
        _verify_signature(folder, raw, public_key)
    manifest = _parse(folder, raw)
    for name, expected in manifest.files.items():
        if not is_plain_name(name):
            raise BundleCorruptError(f"{folder / MANIFEST}: file name {name!r}; expected a plain name; do not use it")
        file = folder / name
        if not file.exists():
            raise BundleMissingError(f"{file}: absent, though the manifest names it; fetch the bundle again")
        if why := refusal(file, limit=MAX_FILE):
            raise BundleCorruptError(f"{file}: {why}; fetch the bundle again")
        digest = file_digest(file)
        if digest != expected:
            raise BundleCorruptError(
                f"{file}: sha256 {digest[:12]}..., the manifest says {expected[:12]}...; fetch the bundle again"
            )
    tables = {}
    for head in manifest.heads:
        if f"{head}.npz" not in manifest.files:
            raise BundleCorruptError(f"{folder / MANIFEST}: head {head} without {head}.npz; publish the bundle again")
        tables[head] = _read_tables(folder / f"{head}.npz")
    return Bundle(path=str(folder), manifest=manifest, digest=content_digest(raw), tables=tables)


def _read_tables(file: Path) -> dict[str, npt.NDArray[np.generic]]:
    try:
        return read_arrays(file)
    except Exception as error:
        raise BundleCorruptError(f"{file}: {error}; expected plain arrays, fetch the bundle again") from None


def encoder_folder(bundle: Bundle) -> Path:
    """Folder of the bundle's encoder: beside the bundle in `encoders/`, or under $BONAFIT_ENCODERS.

    Raises BundleMissingError where neither has it.
    """
    return _encoder_folder(bundle, bundle.manifest.encoder)


def door_folder(bundle: Bundle) -> Path | None:
    """The same of the bundle's door; None where the bundle names none."""
    return None if bundle.manifest.door is None else _encoder_folder(bundle, bundle.manifest.door)


def _encoder_folder(bundle: Bundle, encoder: EncoderReference) -> Path:
    if not is_plain_name(encoder.folder):
        raise BundleCorruptError(
            f"{bundle.path}: encoder folder {encoder.folder!r}; expected a plain name; do not use it"
        )
    places = [Path(bundle.path).resolve().parent / "encoders"]
    if configured := os.environ.get("BONAFIT_ENCODERS"):
        places.insert(0, Path(configured))
    for place in places:
        folder = place / encoder.folder
        if folder.is_dir():
            return folder
    raise BundleMissingError(
        f"{bundle.path}: encoder {encoder.folder} is in none of {', '.join(map(str, places))}; "
        "copy models/encoders beside the bundle or set BONAFIT_ENCODERS"
    )
