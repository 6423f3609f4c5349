"""A forecast that nobody can rewrite afterwards.

A sealed forecast is a JSON document with the SHA-256 of its own content, dated by the data it was made from and signed
where a key is given. `bonafit.campaign.record` holds it against what happened.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bonafit.campaign.candidates import COUNTS
from bonafit.campaign.client import Client
from bonafit.campaign.forecast import DRAWS, SEED, Chance, Planned, Total, chance, planned, total
from bonafit.campaign.shapes import shapes_digest
from bonafit.errors import InputError
from bonafit.io.side_files import read_document
from bonafit.io.streams import named
from bonafit.results import CreatorScore

SCHEMA = 1
GUESS = "analyst_guess"
# What the seal is not taken of: itself.
OUTSIDE = ("sha256", "signature", "public_key")


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed forecast.

    brand, month : whose campaign, and when its posts run, in the user's words. dated : the newest day the data is of.
    bundles, inputs : what it was made from: digests of bundles, and of each creator's input.
    client   : digest of what a client's campaigns had taught (bonafit.campaign.client), None where nothing did.
    plan     : the list with what was foreseen of one post of each. totals, chances : what is promised.
    method   : digest of the table of errors that the totals were simulated from.
    sha256   : of the document without OUTSIDE, keys sorted. signature : Ed25519 of that hash; both keys base64.
    """

    schema: int
    brand: str
    month: str | None
    dated: str | None
    bundles: tuple[str, ...]
    inputs: dict[str, str]
    plan: tuple[Planned, ...]
    totals: tuple[Total, ...]
    chances: tuple[Chance, ...]
    draws: int
    seed: int
    method: str
    client: str | None = None
    sha256: str = ""
    signature: str | None = None
    public_key: str | None = None


@dataclass(frozen=True)
class Asked:
    """What a forecast is asked for: whose, when its posts run in the user's words, and totals by count.

    targets : whose probability is wanted. guesses : the analyst's own, kept beside the forecast.
    """

    brand: str
    month: str | None = None
    targets: Mapping[str, float] = field(default_factory=dict)
    guesses: Mapping[str, float] = field(default_factory=dict)


def forecast(
    results: Sequence[CreatorScore], posts: Mapping[str, int], wish: Asked, *, client: Client | None = None
) -> Sealed:
    """The sealed forecast of a list. posts : of each chosen creator, by id. client : whose campaigns correct it.

    Raises InputError for a creator who is in no result, or where nothing is foreseen of anybody.
    """
    by_id = {result.creator_id: result for result in results}
    if missing := sorted(set(posts) - set(by_id)):
        raise InputError(
            f"{', '.join(missing[:5])}: in no row of the scores; expected ids of creators that were scored"
        )
    listed = [by_id[name] for name in sorted(posts)]
    plan = tuple(planned(result, posts[result.creator_id], client) for result in listed)
    totals = _totals(plan, wish)
    chances = (chance(plan, name, target) for name, target in wish.targets.items())
    sealed = Sealed(
        schema=SCHEMA,
        brand=wish.brand,
        month=wish.month,
        dated=max((result.profile.as_of for result in listed if result.profile.as_of), default=None),
        bundles=tuple(sorted({result.bundle_digest for result in listed})),
        inputs={result.creator_id: result.input_digest for result in listed},
        plan=plan,
        totals=totals,
        chances=tuple(probability for probability in chances if probability is not None),
        draws=DRAWS,
        seed=SEED,
        method=shapes_digest(),
        client=None if client is None else client.digest,
    )
    return msgspec.structs.replace(sealed, sha256=digest_of(sealed))


def _totals(plan: Sequence[Planned], wish: Asked) -> tuple[Total, ...]:
    """Totals of every count that is foreseen, the analyst's guess among the rivals.

    Raises InputError where nothing is foreseen, or not of a count that a target or a guess is about.
    """
    by_count = {count: forecast_total for count in COUNTS if (forecast_total := total(plan, count)) is not None}
    if not by_count:
        raise InputError("nothing is foreseen of any creator on the list; expected creators with counted posts")
    for name in (*wish.targets, *wish.guesses):
        if name not in by_count:
            raise InputError(
                f"{name}: is foreseen of nobody on the list; expected one of {', '.join(sorted(by_count))}"
            )
    for name, guess in wish.guesses.items():
        rivals = {**by_count[name].rivals, GUESS: float(guess)}
        by_count[name] = msgspec.structs.replace(by_count[name], rivals=rivals)
    return tuple(by_count.values())


def digest_of(sealed: Sealed) -> str:
    """Hex SHA-256 over everything but the seal itself."""
    content = {name: value for name, value in msgspec.to_builtins(sealed).items() if name not in OUTSIDE}
    # what earlier versions did not write is in no digest where it is not there
    content["plan"] = [_written(entry) for entry in content["plan"]]
    if content["client"] is None:
        del content["client"]
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def _written(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in ("before", "fit") or value not in ({}, None)}


def signed(sealed: Sealed, key: str) -> Sealed:
    """The forecast with a signature. key : base64 of an Ed25519 private key, 32 bytes. Raises InputError."""
    ed25519 = _ed25519()
    try:
        private = ed25519.Ed25519PrivateKey.from_private_bytes(base64.b64decode(key.strip(), validate=True))
    except ValueError as error:
        raise InputError(f"the key is no base64 of an Ed25519 private key of 32 bytes ({error})") from error
    signature = base64.b64encode(private.sign(sealed.sha256.encode())).decode()
    public = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    return msgspec.structs.replace(sealed, signature=signature, public_key=public)


def check(sealed: Sealed, *, public_key: str | None = None) -> None:
    """Raise InputError where a forecast was changed after it was sealed, or is not signed by the key that is asked for.

    public_key : base64; None checks a signature only against the key that the document itself names.
    """
    if digest_of(sealed) != sealed.sha256:
        raise InputError("the forecast was changed after it was sealed: its content has another SHA-256 than it states")
    if sealed.signature is None:
        if public_key is not None:
            raise InputError("the forecast is not signed; a signature was asked for")
        return
    ed25519 = _ed25519()
    from cryptography.exceptions import InvalidSignature

    try:
        key = ed25519.Ed25519PublicKey.from_public_bytes(
            base64.b64decode(public_key or sealed.public_key or "", validate=True)
        )
        key.verify(base64.b64decode(sealed.signature, validate=True), sealed.sha256.encode())
    except (InvalidSignature, ValueError):
        raise InputError(
            "the forecast's signature does not match the key; expected the key of whoever sealed it"
        ) from None


def _ed25519() -> Any:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise InputError("signing needs the package cryptography; pip install 'bonafit[sign]'") from None
    return ed25519


def read_sealed(path: str | os.PathLike[str]) -> Sealed:
    """A sealed forecast, unchanged since it was sealed. Raises InputError."""
    sealed = read_document(path, Sealed, "sealed forecast")
    if sealed.schema != SCHEMA:
        raise InputError(f"{named(path)}: schema {sealed.schema}, this version reads {SCHEMA}; upgrade bonafit")
    try:
        check(sealed)
    except InputError as error:
        raise InputError(f"{named(path)}: {error}") from error
    return sealed
