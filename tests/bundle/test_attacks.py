"""Bundles from a stranger: whatever was done to one, it loads or is refused as a BonafitError in one sentence."""

from __future__ import annotations

import copy
import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bonafit.bundle.manifest import MANIFEST, file_digest, read_bundle
from bonafit.encoders.card import CARD_FILE, directory_name, read_card
from bonafit.encoders.graph_audit import audit_graph
from bonafit.encoders.load import load_encoder
from bonafit.errors import BonafitError, EncoderError
from bonafit.scorer.load import load_heads
from bonafit.tables.archive import read_arrays

# What a field of JSON is replaced by.
REPLACEMENTS: tuple[Any, ...] = (None, "", "x", -1, 0, 10**30, 1.5, True, [], {}, [[]], {"x": None}, ["x"] * 3)


@pytest.fixture(scope="module")
def newest(repository: Path) -> Path:
    return max(
        (path for path in (repository / "models").iterdir() if (path / MANIFEST).is_file()), key=lambda p: p.name
    )


@pytest.fixture
def bundle(newest: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(newest, tmp_path / "models" / newest.name))


def survives(path: Path) -> bool:
    """Whether the bundle loads; a refusal must be one sentence of a BonafitError."""
    try:
        load_heads(read_bundle(path))
    except BonafitError as error:
        said = str(error)
    else:
        return True
    assert "\n" not in said
    assert len(said) < 2_000
    return False


def paths_of(value: Any, prefix: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths to fields of a JSON value, of lists the first item alone."""
    if prefix:
        yield prefix
    items = value.items() if isinstance(value, dict) else list(enumerate(value))[:1] if isinstance(value, list) else ()
    for key, item in items:
        yield from paths_of(item, (*prefix, key))


def changed(manifest: dict[str, Any], path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> dict[str, Any]:
    other = copy.deepcopy(manifest)
    place = other
    for key in path[:-1]:
        place = place[key]
    change(place, path[-1])
    return other


@pytest.mark.slow
def test_every_field_of_the_manifest_may_be_anything(bundle: Path) -> None:
    manifest = json.loads((bundle / MANIFEST).read_text())
    # the figures are only shown
    manifest["metrics"] = manifest["metrics"][:1]
    fields = [path for path in paths_of(manifest) if path[:2] != ("files", "CARD.md")]
    changes: list[Callable[[Any, Any], None]] = [lambda place, key: place.pop(key)]
    for value in REPLACEMENTS:
        changes.append(lambda place, key, value=value: place.__setitem__(key, value))  # type: ignore[misc]
    refused = tried = 0
    # every second field, by one change after the other: some 250 of 0.1 s each
    for number, path in enumerate(fields[::2]):
        (bundle / MANIFEST).write_text(json.dumps(changed(manifest, path, changes[number % len(changes)])))
        tried += 1
        refused += not survives(bundle)
    assert tried >= 220
    assert refused >= tried / 3


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b"\x00" * 64, b'{"schema": 1}', b'{"schema": "1"}', b'{"schema": true}',
        b"[" * 100_000, b'{"schema":' * 5_000, b'{"schema": 1' + b"0" * 5_000 + b"}", b'{"schema": 1e400}',
        b'{"schema": 1, "name": "\\ud800"}', b"PK\x03\x04",
    ],
)  # fmt: skip
def test_a_manifest_that_is_none(bundle: Path, raw: bytes) -> None:
    (bundle / MANIFEST).write_bytes(raw)
    assert not survives(bundle)


@pytest.mark.parametrize("name", ["../x.npz", "/etc/hostname", "a/b.npz", "..", ".", "", "x\0.npz", "niche_fit.npz/"])
def test_file_names_stay_in_the_folder(bundle: Path, name: str) -> None:
    manifest = json.loads((bundle / MANIFEST).read_text())
    manifest["files"][name] = "0" * 64
    (bundle / MANIFEST).write_text(json.dumps(manifest))
    assert not survives(bundle)


def replaced(bundle: Path, raw: bytes) -> None:
    """Put other bytes in the place of a head's tables, and their hash into the manifest."""
    (bundle / "authenticity.npz").write_bytes(raw)
    manifest = json.loads((bundle / MANIFEST).read_text())
    manifest["files"]["authenticity.npz"] = file_digest(bundle / "authenticity.npz")
    (bundle / MANIFEST).write_text(json.dumps(manifest))


def archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, raw in members.items():
            target.writestr(f"{name}.npy", raw)
    return stream.getvalue()


def npy(shape: str, body: bytes, descr: str = "'<f8'") -> bytes:
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (63 - (len(header) + 10) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + body


ARRAYS = {
    "no archive": b"not a zip",
    "nothing": b"",
    "an empty archive": archive(),
    "a header alone": archive(t=npy("(3,)", b"")),
    "more than is there": archive(t=npy("(1000000000000,)", b"\0" * 24)),
    "less than is there": archive(t=npy("(1,)", b"\0" * 24)),
    "a negative side": archive(t=npy("(-3,)", b"\0" * 24)),
    "no shape": archive(t=npy("None", b"\0" * 24)),
    "an unknown type": archive(t=npy("(3,)", b"\0" * 24, "'<q9'")),
    "objects": archive(t=npy("(3,)", b"\0" * 24, "'|O'")),
    "code for a type": archive(t=npy("(3,)", b"\0" * 24, "__import__('os')")),
    "no magic": archive(t=b"\0" * 200),
    "another version": archive(t=b"\x93NUMPY\x09\x00" + b"\0" * 100),
    "a cut archive": archive(t=npy("(3,)", b"\0" * 24))[:-30],
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_tables_that_are_none(bundle: Path, kind: str) -> None:
    replaced(bundle, ARRAYS[kind])
    assert not survives(bundle)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = archive(**{f"t{i}": npy("(2000000,)", b"\0" * 16_000_000) for i in range(4)})
    assert len(bomb) < 100_000
    with pytest.raises(ValueError, match=r"64,0.* bytes unpacked, more than the 32,000,000"):
        read_arrays(bomb, limit=32_000_000)


@pytest.mark.parametrize("position", range(0, 40))
def test_one_byte_of_the_tables_is_another(bundle: Path, position: int) -> None:
    raw = bytearray((bundle / "authenticity.npz").read_bytes())
    place = position * len(raw) // 40
    raw[place] ^= 0xFF
    (bundle / "authenticity.npz").write_bytes(bytes(raw))
    assert not survives(bundle)  # the hash says so
    replaced(bundle, bytes(raw))
    survives(bundle)  # a stranger's hash agrees: refused or loaded, nothing else


@pytest.mark.parametrize("what", ["pipe", "folder", "device"])
@pytest.mark.parametrize("file", [MANIFEST, "authenticity.npz"])
def test_what_is_no_regular_file_is_not_read(bundle: Path, what: str, file: str) -> None:
    (bundle / file).unlink()
    if what == "pipe":
        os.mkfifo(bundle / file)
    elif what == "folder":
        (bundle / file).mkdir()
    else:
        (bundle / file).symlink_to("/dev/zero")
    assert not survives(bundle)


@pytest.fixture
def encoder(repository: Path, tmp_path: Path) -> Path:
    (source,) = (repository / "models" / "encoders").glob("static-MiniLM-*")
    return Path(shutil.copytree(source, tmp_path / "encoders" / source.name))


@pytest.mark.slow
def test_every_field_of_the_encoder_card_may_be_anything(encoder: Path) -> None:
    card = json.loads((encoder / CARD_FILE).read_text())
    refused = 0
    fields = list(paths_of(card))
    for number, path in enumerate(fields):
        value = REPLACEMENTS[number % len(REPLACEMENTS)]
        (encoder / CARD_FILE).write_text(
            json.dumps(changed(card, path, lambda place, key, v=value: place.__setitem__(key, v)))
        )  # type: ignore[misc]
        other = encoder
        try:
            # a stranger names the folder by the card's own hash
            other = encoder.rename(encoder.parent / _name_by_hash(encoder))
            load_encoder(other)
        except BonafitError:
            refused += 1
        encoder = other
    assert refused >= len(fields) / 2


def _name_by_hash(folder: Path) -> str:
    return f"x-{file_digest(folder / CARD_FILE)[:12]}"


@pytest.mark.parametrize("name", ["/dev/zero", "../encoder.json", "/etc/hostname", "..", "", "vectors.npz/../x"])
def test_encoder_files_stay_in_the_folder(encoder: Path, name: str) -> None:
    card = json.loads((encoder / CARD_FILE).read_text())
    card["tokenizer"]["file"] = name
    (encoder / CARD_FILE).write_text(json.dumps(card))
    other = encoder.rename(encoder.parent / _name_by_hash(encoder))
    with pytest.raises(EncoderError, match="expected a plain name"):
        load_encoder(other)


def test_graphs_hold_operators_and_weights_alone(repository: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="onnx, in the train extra, makes the graphs")
    helper, kinds = onnx.helper, onnx.TensorProto
    (folder,) = (repository / "models" / "encoders").glob("all-MiniLM-*")
    card = read_card(folder)
    assert directory_name(card) == folder.name
    good = (folder / card.graph("int8").file).read_bytes()
    audit_graph(good)

    def model(node: Any, **more: Any) -> bytes:
        graph = helper.make_graph([node], "g", [], [helper.make_tensor_value_info("y", kinds.FLOAT, [1])], **more)
        return bytes(helper.make_model(graph).SerializeToString())

    constant = helper.make_node("Constant", [], ["y"], value=helper.make_tensor("v", kinds.FLOAT, [1], [1.0]))
    audit_graph(model(constant))
    body = helper.make_graph([constant], "body", [], [helper.make_tensor_value_info("y", kinds.FLOAT, [1])])
    evil = helper.make_graph([helper.make_node("Evil", [], ["y"], domain="org.evil")], "evil", [], [])
    audit_graph(model(helper.make_node("If", ["c"], ["y"], then_branch=body, else_branch=body)))
    outside = helper.make_tensor("w", kinds.FLOAT, [1], [1.0])
    outside.data_location = kinds.EXTERNAL
    entry = outside.external_data.add()
    entry.key, entry.value = "location", "../../etc/passwd"
    function = helper.make_model(helper.make_graph([constant], "g", [], []))
    function.functions.append(helper.make_function("d", "f", [], ["y"], [constant], [helper.make_opsetid("", 17)]))
    for raw, match in (
        (model(helper.make_node("Loop", ["m", "c"], ["y"], body=body)), "graph of its own"),
        (model(helper.make_node("If", ["c"], ["y"], then_branch=evil, else_branch=body)), "an operator of domain"),
        (model(helper.make_node("Evil", [], ["y"], domain="org.evil")), "an operator of domain"),
        (model(constant, initializer=[outside]), "weights in a file outside"),
        (function.SerializeToString(), "functions of its own"),
        (good[: len(good) // 2], "not an ONNX model"),
        (b"\xff" * 100, "not an ONNX model"),
        (b"\x3a\xff\xff\xff\xff\x0f", "not an ONNX model"),
    ):
        with pytest.raises(EncoderError, match=match):
            audit_graph(raw)


def test_arrays_come_back_as_saved() -> None:
    rng = np.random.default_rng(0)
    arrays = {
        "a": rng.normal(size=(3, 4)), "b": np.asfortranarray(rng.normal(size=(5, 2))), "c": np.zeros((0, 3), np.int8),
        "d": np.array(1.5), "e": np.array(["x", "yz"]),
    }  # fmt: skip
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    read = read_arrays(stream.getvalue())
    assert read.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(read[name], array)
        assert read[name].dtype == array.dtype
