"""What a result rests on, as digests."""

from __future__ import annotations

import hashlib

import msgspec

from bonafit.io.rows.programs import validate_creator
from bonafit.records import Brief, Creator


def content_digest(creator: Creator) -> hashlib.blake2b:
    """BLAKE2b of 16 bytes over all that was read of a creator.

    Raises RecordError for text that is not Unicode and for values in `extra` that JSON cannot hold.
    """
    try:
        encoded = msgspec.json.encode(creator, order="sorted")
    except (UnicodeEncodeError, TypeError, RecursionError):
        # a lone surrogate, which no file in UTF-8 can hold, or what a program put into `extra`: said with its place
        encoded = msgspec.json.encode(validate_creator(creator), order="sorted")
    return hashlib.blake2b(encoded, digest_size=16)


def input_digest(creator: Creator, brief: Brief) -> str:
    """Hex BLAKE2b of 16 bytes over a creator and a brief: all of the input that a result rests on."""
    return input_digests([creator], brief)[0]


def input_digests(creators: list[Creator], brief: Brief) -> list[str]:
    """The same for many creators; the brief is encoded once."""
    brief_bytes = msgspec.json.encode(brief, order="sorted")
    digests = []
    for creator in creators:
        digest = content_digest(creator)
        digest.update(brief_bytes)
        digests.append(digest.hexdigest())
    return digests
