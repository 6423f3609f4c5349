"""What a scorer is made of: a bundle's heads, and the fast encoder beside its encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bonafit.bundle.manifest import Bundle, bundle_errors, door_folder, encoder_folder
from bonafit.encoders.encoder import Encoder
from bonafit.errors import BundleIncompatibleError, EncoderError
from bonafit.heads import HEADS
from bonafit.heads.head import AbsentHead, Head, ReadsThroughDoor
from bonafit.scorer.languages import Languages

if TYPE_CHECKING:
    from bonafit.encoders import CachedEncoder, RoutedEncoder
    from bonafit.encoders.card import EncoderCard

# The niche head for the fast encoder's vectors; bundles up to 2026.2 have none.
FAST_FIT = "fast_fit"


def expected_digest(bundle: Bundle) -> str:
    """Digest of the encoder that a scorer of this bundle works with, its door included."""
    from bonafit.encoders.routed import routed_digest

    manifest = bundle.manifest
    if manifest.door is None:
        return manifest.encoder.digest
    return routed_digest(manifest.encoder.digest, manifest.door.digest)


def load_serving_encoder(
    bundle: Bundle, *, cache: Path | None = None, threads: int | None = None, deferred: bool = False
) -> CachedEncoder | RoutedEncoder:
    """The bundle's encoder, cached, behind its door where it has one. Raises BundleMissingError or EncoderError."""
    precision = bundle.manifest.encoder.precision
    folder, door = encoder_folder(bundle), door_folder(bundle)
    return open_encoder(folder, door, precision=precision, cache=cache, threads=threads, deferred=deferred)


def open_encoder(
    folder: Path,
    door: Path | None,
    *,
    precision: str = "int8",
    cache: Path | None = None,
    threads: int | None = None,
    deferred: bool = False,
) -> CachedEncoder | RoutedEncoder:
    """The encoder of a directory, cached, behind a door where one is given; a door's files are read when needed.

    deferred : the encoder's own files, too. Raises EncoderError, also where the door leads into another space.
    """
    from bonafit.encoders import CachedEncoder, DeferredEncoder, RoutedEncoder, load_encoder, read_card

    load: Callable[..., Encoder] = DeferredEncoder.load if deferred else load_encoder
    encoder = CachedEncoder(load(folder, precision=precision, threads=threads), cache)
    if door is None:
        return encoder
    if read_card(door).target != encoder.digest:
        raise EncoderError(
            f"{door}: leads into the space of another encoder than {encoder.name}; use the door made for this one"
        )
    other = CachedEncoder(DeferredEncoder.load(door, threads=threads), cache)
    return RoutedEncoder(encoder, other, languages=read_card(folder).languages)


def load_heads(bundle: Bundle) -> dict[str, Head]:
    """The bundle's heads, constructed, in the order of HEADS, told what its door reads; those that it lacks abstain."""
    with bundle_errors(bundle.path):
        heads = {name: _load_head(bundle, name) for name in HEADS}
    for head in heads.values():
        _tell_door(head, bundle)
    return heads


def _load_head(bundle: Bundle, name: str) -> Head:
    section = bundle.manifest.heads.get(name)
    if section is None:
        return AbsentHead(name)
    return HEADS[name].head_class().from_bundle(section, bundle.tables[name])


def languages_of(bundle: Bundle) -> Languages:
    """Which languages the bundle's encoder and its door read, by their cards."""
    from bonafit.encoders.card import read_card

    own = frozenset(read_card(encoder_folder(bundle)).languages)
    folder = door_folder(bundle)
    if folder is None:
        return Languages(own)
    card = read_card(folder)
    known = card.reliability or {}
    return Languages(own, {code: known.get(code) for code in card.languages if code not in own})


def _tell_door(head: Head, bundle: Bundle) -> None:
    """Tell a head that asks for it which languages the bundle's door reads."""
    if bundle.manifest.door is not None and isinstance(head, ReadsThroughDoor):
        head.read_through(languages_of(bundle).through)


class FastPath(NamedTuple):
    """The fast encoder, and the niche head for its vectors where the bundle has one."""

    encoder: Encoder
    head: Head | None


def load_fast(bundle: Bundle, folder: Path) -> FastPath:
    """The fast encoder beside the bundle's in `folder`, behind its own door, and the bundle's niche head for it.

    Raises EncoderError where there is none, BundleIncompatibleError where the head was trained on another one.
    """
    from bonafit.encoders import RoutedEncoder, StaticEncoder

    place = find_fast_encoder(folder, bundle.manifest.encoder.digest)
    fast: Encoder = StaticEncoder.load(place)
    head: Head | None = None
    section = bundle.manifest.heads.get(FAST_FIT)
    with bundle_errors(bundle.path):
        if section is not None:
            if section["encoder"] != fast.digest:
                raise BundleIncompatibleError(
                    f"{bundle.path}: fast encoder {fast.name} has digest {fast.digest[:12]}, {FAST_FIT} was trained on "
                    f"{section['encoder'][:12]}; put that encoder beside the bundle or retrain"
                )
            head = HEADS["niche_fit"].head_class().from_bundle(section, bundle.tables[FAST_FIT])
    door = find_door(place, fast.digest)
    if bundle.manifest.door is not None and door is not None:
        fast = RoutedEncoder(fast, StaticEncoder.load(door), languages=languages_of(bundle).own)
        if head is not None:
            _tell_door(head, bundle)
    return FastPath(fast, head)


def find_fast_encoder(folder: Path, digest: str) -> Path:
    """The static encoder beside `folder` that was fitted to the encoder of this digest. Raises EncoderError."""
    for candidate, card in _encoders_beside(folder):
        if card.kind == "static" and card.source.get("reference") == digest:
            return candidate
    raise EncoderError(
        f"{folder.parent}: no fast encoder fitted to {digest[:12]}; `bonafit train` fits one, or load without a time "
        "limit"
    )


def find_door(folder: Path, digest: str) -> Path | None:
    """The door beside `folder` into the space of the encoder of this digest, None where there is none."""
    return next((door for door, card in _encoders_beside(folder) if card.target == digest), None)


def _encoders_beside(folder: Path) -> Iterator[tuple[Path, EncoderCard]]:
    """Encoder directories in the folder of `folder`, with their cards; what is no encoder is passed over."""
    from bonafit.encoders.card import read_card

    for candidate in sorted(folder.resolve().parent.iterdir()):
        try:
            yield candidate, read_card(candidate)
        except EncoderError:
            continue
