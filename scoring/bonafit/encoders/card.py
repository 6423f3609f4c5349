"""`encoder.json`: what an encoder directory holds, and how its files are checked before they are used.

A directory `models/encoders/<name>-<hash12>/` is published once and never changed. `hash12` is the start of the sha256
of `encoder.json`, which in turn holds the sha256 of every other file, so one hash names every byte.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from bonafit.errors import EncoderError
from bonafit.io.regular_files import is_plain_name, refusal

CARD_FILE = "encoder.json"
SCHEMA = 1
HASH_LENGTH = 12
# Bytes of `encoder.json` that are read; the published ones have 2,000.
MAX_CARD = 1024**2


class EncoderFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the directory. stored : False where it is too big to publish and is made locally by the exporter."""

    file: str
    sha256: str
    size: int
    stored: bool = True


class EncoderCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of `encoder.json`.

    kind      : `onnx` (a transformer graph), `static` (a table of token vectors) or `mapped` (a graph whose vectors a
        map brings into another encoder's space, a door for languages that the other does not read).
    width     : length of a vector. max_tokens : texts are cut after this many tokens, special ones included; 0 never.
    languages : ISO 639-1 codes the encoder was trained for; other texts get a vector of unknown worth.
    tokenizer : a tokenizers JSON file, of a mapped encoder a SentencePiece model. graphs : a file for each precision.
    map       : of a mapped encoder the map's arrays. target : of a door, digest of the encoder it leads to.
    reliability : of a mapped encoder, by language it was measured in, how well it reads it (as its `notes` say).
    upstream  : where the weights come from. licence : as the upstream states it.
    source    : sha256 of each upstream file read. training_sets : names of the sets a fitted encoder was fitted on.
    """

    schema: int
    name: str
    kind: str
    width: int
    max_tokens: int
    languages: tuple[str, ...]
    tokenizer: EncoderFile
    graphs: dict[str, EncoderFile]
    upstream: str
    licence: str
    source: dict[str, str]
    training_sets: tuple[str, ...] = ()
    notes: str = ""
    map: EncoderFile | msgspec.UnsetType = msgspec.UNSET
    target: str | msgspec.UnsetType = msgspec.UNSET
    reliability: dict[str, float] | msgspec.UnsetType = msgspec.UNSET

    def digest(self, precision: str) -> str:
        """sha256, in hex, of all that decides a text's vector: graph, map, tokenizer, precision, length limit."""
        parts = [self.kind, self.graph(precision).sha256, self.tokenizer.sha256, precision, str(self.max_tokens)]
        if self.map is not msgspec.UNSET:
            parts.append(self.map.sha256)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def graph(self, precision: str) -> EncoderFile:
        """The file of this precision. Raises EncoderError where the encoder has none."""
        if precision not in self.graphs:
            known = ", ".join(sorted(self.graphs))
            raise EncoderError(f"{self.name}: no precision {precision!r}, this encoder has {known}; choose one of them")
        return self.graphs[precision]


def encode_card(card: EncoderCard) -> bytes:
    """The bytes of `encoder.json`: keys in field order, two spaces, a final newline."""
    return msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n"


def directory_name(card: EncoderCard) -> str:
    """`<name>-<hash12>`, the directory this card must lie in."""
    return f"{card.name}-{hashlib.sha256(encode_card(card)).hexdigest()[:HASH_LENGTH]}"


def read_card(folder: Path) -> EncoderCard:
    """Read and check `encoder.json` of an encoder directory.

    Raises EncoderError if it is absent, does not parse, is of another schema, or its hash is not the one in the
    directory's name.
    """
    path = folder / CARD_FILE
    try:
        if why := refusal(path, limit=MAX_CARD):
            raise EncoderError(f"{path}: {why}; restore the directory")
        raw = path.read_bytes()
    except OSError as error:
        raise EncoderError(
            f"{path}: cannot be read ({error.strerror}); give the path of an encoder directory"
        ) from error
    try:
        card = msgspec.json.decode(raw, type=EncoderCard)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise EncoderError(f"{path}: not an encoder card ({error}); export the encoder again") from error
    if card.schema != SCHEMA:
        raise EncoderError(f"{path}: schema {card.schema}, this version reads {SCHEMA}; use a matching bonafit")
    digest = hashlib.sha256(raw).hexdigest()
    resolved = folder.resolve().name
    if not resolved.endswith(f"-{digest[:HASH_LENGTH]}"):
        raise EncoderError(
            f"{path}: its hash starts {digest[:HASH_LENGTH]}, the directory is named {resolved}; restore the directory"
        )
    return card


def read_checked(folder: Path, entry: EncoderFile) -> bytes:
    """The bytes of a file of the directory.

    Raises EncoderError if its name is a path, it is absent, no regular file or of another size or sha256 than the
    card says.
    """
    if not is_plain_name(entry.file):
        raise EncoderError(f"{folder}: file name {entry.file!r} in {CARD_FILE}; expected a plain name; do not use it")
    path = folder / entry.file
    try:
        if why := refusal(path, limit=entry.size):
            raise EncoderError(f"{path}: {why}; restore it")
        raw = path.read_bytes()
    except FileNotFoundError as error:
        remedy = "restore it" if entry.stored else "make it with bonafit_training.encoders.export.add_fp32"
        raise EncoderError(f"{path}: absent; {remedy}") from error
    digest = hashlib.sha256(raw).hexdigest()
    if digest != entry.sha256:
        raise EncoderError(f"{path}: sha256 is {digest[:12]}…, {CARD_FILE} expects {entry.sha256[:12]}…; restore it")
    return raw


def checked_path(folder: Path, entry: EncoderFile) -> Path:
    """Path of a file of the directory, read through once and found to be the card's; for files too big to hold twice.

    Raises EncoderError as `read_checked` does.
    """
    if not is_plain_name(entry.file):
        raise EncoderError(f"{folder}: file name {entry.file!r} in {CARD_FILE}; expected a plain name; do not use it")
    path = folder / entry.file
    try:
        if why := refusal(path, limit=entry.size):
            raise EncoderError(f"{path}: {why}; restore it")
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise EncoderError(f"{path}: absent; restore it") from error
    if digest != entry.sha256:
        raise EncoderError(f"{path}: sha256 is {digest[:12]}…, {CARD_FILE} expects {entry.sha256[:12]}…; restore it")
    return path


def find_encoder(root: Path, digest12: str) -> Path:
    """The directory under root whose name ends with this hash. Raises EncoderError if there is none."""
    if root.is_dir():
        for folder in sorted(root.iterdir()):
            if folder.name.endswith(f"-{digest12}") and (folder / CARD_FILE).is_file():
                return folder
    raise EncoderError(f"{root}: no encoder whose hash is {digest12}; restore it or name the right folder")
