"""A forecast that nobody can rewrite afterwards, and the record of how such forecasts came out.

A sealed forecast is a JSON document with the SHA-256 of its own content, dated by the data it was made from and signed
where a key is given. Later it is scored against what happened, beside what simpler rules had said, and appended to a
running record of one line each.
"""

from __future__ import annotations

import base64
import hashlib
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from bonafit.campaign.client import Client
from bonafit.campaign.forecast import (
    DRAWS,
    KEPT,
    SEED,
    Chance,
    Planned,
    Total,
    chance,
    crps,
    planned,
    total,
)
from bonafit.campaign.outcomes import Outcome, by_creator, ran
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


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """How one count of one forecast came out: a line of the record.

    posts, planned_posts : that ran and were counted, and that were planned; the forecast is of those that ran.
    covered  : whether the outcome lay in the 90 % interval. crps : of the forecast; rivals : absolute errors of the
    simpler rules for the same posts, which is what a CRPS is of a single figure.
    level    : share of the forecast's distribution under the outcome.
    """

    sha256: str
    brand: str
    month: str | None
    count: str
    outcome: float
    value: float
    low: float
    high: float
    covered: bool
    level: float
    crps: float
    rivals: dict[str, float]
    posts: int
    planned_posts: int
    chances: tuple[tuple[float, float, bool], ...] = ()


def forecast(
    results: Sequence[CreatorScore],
    posts: Mapping[str, int],
    *,
    brand: str,
    month: str | None = None,
    targets: Mapping[str, float] | None = None,
    guesses: Mapping[str, float] | None = None,
    client: Client | None = None,
) -> Sealed:
    """The sealed forecast of a list. posts : of each chosen creator, by id. targets, guesses : totals by count.

    client : whose measured campaigns correct it.

    Raises InputError for a creator who is in no result, or where nothing is foreseen of anybody.
    """
    by_id = {result.creator_id: result for result in results}
    if missing := sorted(set(posts) - set(by_id)):
        raise InputError(
            f"{', '.join(missing[:5])}: in no row of the scores; expected ids of creators that were scored"
        )
    chosen = [by_id[name] for name in sorted(posts)]
    plan = tuple(planned(result, posts[result.creator_id], client) for result in chosen)
    totals = tuple(found for count in ("likes", "comments", "views") if (found := total(plan, count)) is not None)
    if not totals:
        raise InputError("nothing is foreseen of any creator on the list; expected creators with counted posts")
    told = {one.count for one in totals}
    for name in (*(targets or {}), *(guesses or {})):
        if name not in told:
            raise InputError(f"{name}: is foreseen of nobody on the list; expected one of {', '.join(sorted(told))}")
    totals = tuple(
        msgspec.structs.replace(one, rivals={**one.rivals, GUESS: float(guesses[one.count])})
        if guesses and one.count in guesses
        else one
        for one in totals
    )
    chances = tuple(
        made for name, target in (targets or {}).items() if (made := chance(plan, name, target)) is not None
    )
    sealed = Sealed(
        schema=SCHEMA,
        brand=brand,
        month=month,
        dated=max((result.profile.as_of for result in chosen if result.profile.as_of), default=None),
        bundles=tuple(sorted({result.bundle_digest for result in chosen})),
        inputs={result.creator_id: result.input_digest for result in chosen},
        plan=plan,
        totals=totals,
        chances=chances,
        draws=DRAWS,
        seed=SEED,
        method=shapes_digest(),
        client=None if client is None else client.digest,
    )
    return msgspec.structs.replace(sealed, sha256=digest_of(sealed))


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


def scored(sealed: Sealed, outcomes: Iterable[Outcome]) -> list[Scored]:
    """How a forecast came out, one entry a count; the forecast and its rivals are those of the posts that ran.

    Posts beyond those planned are left out, the last rows first: they were not promised.
    """
    names = {one.creator_id: one.creator_id for one in sealed.plan} | {one.label: one.creator_id for one in sealed.plan}
    rows = by_creator(outcomes, names)
    found = []
    for promised in sealed.totals:
        got, plan = 0.0, []
        for one in sealed.plan:
            counted = ran(rows.get(one.creator_id, ()), promised.count)[: one.posts]
            if promised.count in one.counts and counted:
                got += math.fsum(counted)
                plan.append(msgspec.structs.replace(one, posts=len(counted)))
        posts = sum(one.posts for one in plan)
        if posts != promised.posts and sealed.method != shapes_digest():
            raise InputError(
                f"{posts} of {promised.posts} posts ran, and another version made this forecast; score it with that"
            )
        now = promised if posts == promised.posts else total(plan, promised.count)
        if now is None:
            continue
        rivals = {name: abs(value - got) for name, value in now.rivals.items()}
        if GUESS in promised.rivals and posts == promised.posts:
            rivals[GUESS] = abs(promised.rivals[GUESS] - got)
        found.append(
            Scored(
                sha256=sealed.sha256,
                brand=sealed.brand,
                month=sealed.month,
                count=promised.count,
                outcome=got,
                value=now.value,
                low=now.low,
                high=now.high,
                covered=now.low <= got <= now.high,
                level=float(np.interp(got, now.quantiles, KEPT, left=0.0, right=1.0)),
                crps=crps(now.quantiles, got),
                rivals=rivals,
                posts=posts,
                planned_posts=promised.posts,
                chances=tuple(
                    (c.target, c.probability, got >= c.target)
                    for c in sealed.chances
                    if c.count == promised.count and posts == promised.posts
                ),
            )
        )
    return found


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """How forecasts of one count came out so far.

    covered  : share of outcomes within their 90 % intervals. against : mean CRPS over a rival's mean error, for the
    forecasts where the rival said something; under 1 is better than the rival. n_against : how many those are.
    promised, reached : mean probability of the targets, and the share that was reached.
    """

    count: str
    n: int
    covered: float
    against: dict[str, float]
    n_against: dict[str, int]
    promised: float | None
    reached: float | None


def record(entries: Sequence[Scored]) -> list[Record]:
    """The running record, one entry a count, in the order of the counts' names."""
    out = []
    for count in sorted({one.count for one in entries}):
        mine = [one for one in entries if one.count == count]
        against, n_against = {}, {}
        for rival in sorted({name for one in mine for name in one.rivals}):
            both = [one for one in mine if rival in one.rivals]
            error = math.fsum(one.rivals[rival] for one in both)
            n_against[rival] = len(both)
            if error > 0:
                against[rival] = math.fsum(one.crps for one in both) / error
        chances = [entry for one in mine for entry in one.chances]
        out.append(
            Record(
                count=count,
                n=len(mine),
                covered=sum(one.covered for one in mine) / len(mine),
                against=against,
                n_against=n_against,
                promised=sum(c[1] for c in chances) / len(chances) if chances else None,
                reached=sum(c[2] for c in chances) / len(chances) if chances else None,
            )
        )
    return out


def read_record(path: str | os.PathLike[str]) -> list[Scored]:
    """Every entry of a record file. Raises InputError where it is none."""
    try:
        lines = [line for line in Path(path).read_bytes().splitlines() if line.strip()]
        return [msgspec.json.decode(line, type=Scored) for line in lines]
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{named(path)}: is no record of forecasts ({error})") from error


def append_record(path: str | os.PathLike[str], entries: Sequence[Scored]) -> list[Scored]:
    """Add entries to a record file and return all it then holds. Raises InputError for a forecast it holds already."""
    place = Path(path)
    earlier = read_record(place) if place.exists() else []
    known = {(one.sha256, one.count) for one in earlier}
    if again := [one for one in entries if (one.sha256, one.count) in known]:
        raise InputError(
            f"{place}: holds the outcome of this forecast ({again[0].count}) already; a forecast is scored once"
        )
    with place.open("ab") as handle:
        for one in entries:
            handle.write(msgspec.json.encode(one) + b"\n")
    return [*earlier, *entries]
