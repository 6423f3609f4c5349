"""The typed, frozen records every reader produces and every head consumes.

Absent is None, never zero: a hidden like count and a count of zero are different facts. However absence is spelt in a
text (ABSENT), a record holds it as absent, so that the same fact gives the same result from every source. Counts are
non-negative integers; instants are timezone-aware UTC; texts are Unicode strings of at most `MAX_TEXT` characters.
Constructors check their arguments (bonafit.checked); what else a record must satisfy, times and codes, is checked where
it is read or scored (bonafit.io.rows.check). Decoding forbids unknown fields, so that a column nobody knows is noticed:
bonafit.io.read keeps it in `extra` and says so.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from bonafit.checked import Checked
from bonafit.errors import BonafitError, BriefError

# Instagram's captions end at 2,200 characters, YouTube's descriptions at 5,000; ten times that is a broken export.
MAX_TEXT = 50_000
# The first of the platforms scored here opened in 2005; an earlier stamp is a parsing mistake.
EARLIEST = datetime(2005, 1, 1, tzinfo=UTC)

# The most viewed video has some 10**10 views.
MAX_COUNT = 10**12

Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_COUNT)]
Money = Annotated[float, msgspec.Meta(ge=0)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=10**7)]
Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]
Name = Annotated[str, msgspec.Meta(max_length=500)]
Identifier = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]

# Spellings of "nothing here" in exports and spreadsheets, in lower case.
ABSENT = frozenset((
    "", "-", "--", "---", "–", "—", "?", "n/a", "#n/a", "n.a.", "n.a", "na", "nan", "-nan", "#na", "<na>", "nat",
    "null", "(null)", "none", "nil", "undefined", "k.a.", "k. a.", "s/d", "n/d", "[]", "{}", "not available",
    "not applicable", "unknown", "unbekannt", "inconnu", "desconocido", "desconhecido", "sconosciuto", "no data",
    "not provided", "not set", "keine angabe", "keine angaben", "k.a", "n.v.", "n/v", "nicht verfügbar",
    "nicht vorhanden", "n.c.", "n/c", "non communiqué", "non renseigné", "non disponible", "sin datos", "no disponible",
    "no aplica", "sem dados", "não informado", "não disponível", "n.d.", "non disponibile", "tidak ada",
    "tidak tersedia", "tidak diketahui", "tbd", "tba", "tbc", "#value!", "#ref!", "#div/0!", "#name?", "#null!",
    "#num!",
))  # fmt: skip
LONGEST_ABSENT = max(map(len, ABSENT))
_COMMENT_NAMES = ("comment_id", "post_id", "author", "reply_to")
_POST_NAMES = ("post_id", "kind", "location")
_ACCOUNT_TEXTS = ("account_id", "handle", "display_name", "external_url", "relation")
_CREATOR_TEXTS = (
    "platform",
    "handle",
    "display_name",
    "bio",
    "external_url",
    "category",
    "country",
    "language",
    "currency",
)


def is_absent(value: str) -> bool:
    """Whether a text only spells that there is none."""
    # a text with this much space around three letters has not been seen
    return (len(value) <= LONGEST_ABSENT + 4 and value.strip().lower() in ABSENT) or value.isspace()


def _drop_absent(record: msgspec.Struct, names: tuple[str, ...]) -> None:
    """Hold as absent what only spells absence."""
    for name in names:
        value = getattr(record, name)
        if value is not None and is_absent(value):
            msgspec.structs.force_setattr(record, name, None)


def _drop_words(record: msgspec.Struct, names: tuple[str, ...]) -> None:
    """The same for texts that are empty, not None, where absent."""
    for name in names:
        value = getattr(record, name)
        if value and is_absent(value):
            msgspec.structs.force_setattr(record, name, "")


class Comment(Checked, frozen=True, kw_only=True):
    """One comment under a post, or one reply by the creator (then `reply_to` names the comment answered)."""

    text: Text = ""
    comment_id: Name | None = None
    post_id: Name | None = None
    author: Name | None = None
    posted_at: datetime | None = None
    reply_to: Name | None = None
    likes: Count | None = None

    def __post_init__(self) -> None:
        _drop_absent(self, _COMMENT_NAMES)
        _drop_words(self, ("text",))


class Post(Checked, frozen=True, kw_only=True):
    """One post. Counts that the platform hides are None.

    kind : image, carousel, video, reel, short, story, live or text, as the source says (lower case).
    replies : the creator's own replies to comments under this post.
    counted_at : when the counts were read; a post's first days are not yet its reach.
    duration_seconds : length of a video. transcript : what is said in it, read like a caption.
    """

    post_id: Name | None = None
    posted_at: datetime | None = None
    caption: Text = ""
    title: Text = ""
    tags: tuple[Name, ...] = ()
    likes: Count | None = None
    comments: Count | None = None
    views: Count | None = None
    shares: Count | None = None
    saves: Count | None = None
    kind: Name | None = None
    location: Name | None = None
    is_sponsored: bool | None = None
    mentions: tuple[Name, ...] = ()
    replies: tuple[Comment, ...] = ()
    counted_at: datetime | None = None
    duration_seconds: Seconds | None = None
    transcript: Text = ""

    def __post_init__(self) -> None:
        _drop_absent(self, _POST_NAMES)
        _drop_words(self, ("caption", "title", "transcript"))


class AudienceAccount(Checked, frozen=True, kw_only=True):
    """One account sampled from the followers or commenters of a creator.

    bio : "" where the account is known to have none, None where it is not known.
    """

    account_id: Name | None = None
    handle: Name | None = None
    display_name: Name | None = None
    bio: Text | None = None
    followers: Count | None = None
    following: Count | None = None
    posts_count: Count | None = None
    verified: bool | None = None
    is_private: bool | None = None
    has_picture: bool | None = None
    external_url: Text | None = None
    relation: Name | None = None

    def __post_init__(self) -> None:
        _drop_absent(self, _ACCOUNT_TEXTS)
        if self.bio and is_absent(self.bio):
            msgspec.structs.force_setattr(self, "bio", None)


class FollowerPoint(Checked, frozen=True, kw_only=True):
    """Followers counted at one instant."""

    at: datetime
    followers: Count


class Creator(Checked, frozen=True, kw_only=True):
    """One creator with what is known of them; only `creator_id` is required.

    extra : columns of the input that bonafit does not know, kept as read.
    """

    creator_id: Identifier
    platform: Name | None = None
    handle: Name | None = None
    display_name: Name | None = None
    bio: Text | None = None
    followers: Count | None = None
    following: Count | None = None
    posts_count: Count | None = None
    verified: bool | None = None
    is_private: bool | None = None
    has_picture: bool | None = None
    external_url: Text | None = None
    category: Name | None = None
    country: Name | None = None
    language: Name | None = None
    price: Money | None = None
    currency: Name | None = None
    posts: tuple[Post, ...] = ()
    comments: tuple[Comment, ...] = ()
    audience: tuple[AudienceAccount, ...] = ()
    follower_history: tuple[FollowerPoint, ...] = ()
    extra: dict[str, Any] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        _drop_absent(self, _CREATOR_TEXTS)


class Weights(Checked, frozen=True, kw_only=True):
    """Non-negative weights of the combined score; normalised to sum to 1 when used.

    The default puts fit first because the brief can only be met on topic, and gives authenticity and engagement
    equal parts; see docs/methods.md.
    """

    raises: ClassVar[type[BonafitError]] = BriefError

    niche_fit: Annotated[float, msgspec.Meta(ge=0)] = 0.5
    authenticity: Annotated[float, msgspec.Meta(ge=0)] = 0.25
    engagement_quality: Annotated[float, msgspec.Meta(ge=0)] = 0.25


Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


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
    content and scams go to a person: of real creators one in a hundred is taken for either (docs/methods/safety.md).
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
