"""What a brand asks for: the brief, its weights, verdict marks and safety floors."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

import msgspec

from bonafit.errors import BonafitError, BriefError
from bonafit.records.checked import Checked
from bonafit.records.fields import MAX_TEXT, Count, Identifier, Name, Share


class Weights(Checked, frozen=True, kw_only=True):
    """Non-negative weights of the combined score; normalised to sum to 1 when used.

    The default puts fit first because the brief can only be met on topic, and gives authenticity and engagement
    equal parts; see docs/methods.md.
    """

    raises: ClassVar[type[BonafitError]] = BriefError

    niche_fit: Annotated[float, msgspec.Meta(ge=0)] = 0.5
    authenticity: Annotated[float, msgspec.Meta(ge=0)] = 0.25
    engagement_quality: Annotated[float, msgspec.Meta(ge=0)] = 0.25


class VerdictMarks(Checked, frozen=True, kw_only=True):
    """Where shortlist, review and pass part: the brief's [verdict] table.

    pass_*      : under any of these a creator is passed over.
    shortlist_* : at or above all of these, and without a signal for review, a creator is shortlisted.
    newest_post_days : older than this, counted from when the counts were read, nobody can be judged.
    Defaults: docs/decisions/008-combination-and-verdict.md, with the error rates they had in `make judge`.
    """

    raises: ClassVar[type[BonafitError]] = BriefError

    shortlist_score: Share = 0.6
    shortlist_niche_fit: Share = 0.5
    shortlist_authenticity: Share = 0.5
    pass_score: Share = 0.3
    pass_niche_fit: Share = 0.2
    pass_authenticity: Share = 0.3
    newest_post_days: Annotated[int, msgspec.Meta(ge=1)] = 183


# What a brand bears of a category: none of it, at most this share of the posts that are read, or any amount.
Floor = Literal["never", "no matter"] | Share


class SafetyFloors(Checked, frozen=True, kw_only=True):
    """What a creator's posts may promote: the brief's [safety] table, one floor a category of bonafit.heads.safety.

    never : two posts that promote it and the creator is never booked, one and a person looks. A share in [0, 1] : above
    it, from two posts on, a person looks. no matter : nothing is asked.
    The defaults keep every brand from what no brand stands beside, and let small amounts of the rest pass. Adult
    content and scams go to a person: of real creators four in a thousand are taken for either (docs/methods/safety.md).
    """

    raises: ClassVar[type[BonafitError]] = BriefError

    adult: Floor = 0.0
    arms: Floor = 0.05
    crime: Floor = 0.1
    injury: Floor = 0.1
    hate: Floor = "never"
    profanity: Floor = 0.25
    drugs: Floor = "never"
    alcohol: Floor = 0.25
    tobacco: Floor = 0.05
    scams: Floor = 0.0
    terrorism: Floor = "never"
    politics: Floor = 0.25
    gambling: Floor = 0.05
    crypto: Floor = 0.1
    medical: Floor = 0.1
    conspiracy: Floor = 0.05


class Brief(Checked, frozen=True, kw_only=True):
    """What a brand asks for. `brand` and `description` are required.

    tier_scheme    : name of a tier scheme, a label only (docs/methods.md).
    min_followers, max_followers : the range asked for; creators outside are flagged, not dropped.
    markets, languages, platforms : lower-case codes; creators outside are flagged, never called inauthentic.
    as_of   : the day on which the creators' figures were read, for records that do not say (`Post.counted_at`).
    verdict : where shortlist, review and pass part.
    competitors      : names or handles of brands, other spellings behind `|`; posts that name them are found.
    exclusivity_days : a competitor's paid post this recent stands against a booking; counted from the data's own date.
    excluded_topics : in free words; a category of `safety` among them is borne never, the rest is judged by
        meaning.
    safety  : how much of each category of brand safety is borne.
    """

    raises: ClassVar[type[BonafitError]] = BriefError

    brand: Identifier
    description: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TEXT)]
    keywords: tuple[Name, ...] = ()
    excluded_topics: tuple[Name, ...] = ()
    values: tuple[Name, ...] = ()
    markets: tuple[Name, ...] = ()
    languages: tuple[Name, ...] = ()
    platforms: tuple[Name, ...] = ()
    tier_scheme: Name | None = None
    min_followers: Count | None = None
    max_followers: Count | None = None
    as_of: date | None = None
    competitors: tuple[Name, ...] = ()
    exclusivity_days: Annotated[int, msgspec.Meta(ge=1, le=3_650)] = 90
    weights: Weights = Weights()
    verdict: VerdictMarks = VerdictMarks()
    safety: SafetyFloors = SafetyFloors()
