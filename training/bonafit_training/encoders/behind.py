"""The encoder behind a cache and a door, and what it reads itself."""

from __future__ import annotations

from bonafit.encoders import CachedEncoder, RoutedEncoder
from bonafit.encoders.card import EncoderCard
from bonafit.encoders.encoder import Encoder


def encoder_itself(encoder: Encoder) -> Encoder:
    """The encoder behind a cache and a door, or as it is."""
    while isinstance(encoder, CachedEncoder | RoutedEncoder):
        encoder = encoder.encoder
    return encoder


def encoder_languages(encoder: Encoder) -> tuple[str, ...]:
    """Languages the encoder's card names, behind a cache and a door or not; none where it has no card, which means any.

    Those that its door reads are not among them: the door tells the head of them itself.
    """
    card = getattr(encoder_itself(encoder), "card", None)
    return tuple(card.languages) if isinstance(card, EncoderCard) else ()
