"""THE table of flags: what each says, how serious it is, what to do about it.

A result names its flags as `head:flag`, or `flag` alone where the brief or the time limit raised it; some carry what
they are about behind a colon (`niche_fit:language_through_map:es`). Docs, tables, files and the page take their words
from here; a test reads the code that raises flags and fails where the table lacks one.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Literal

import msgspec

from bonafit.heads import HEADS
from bonafit.heads.safety.categories import LABELS
from bonafit.text.language import language_name

# stop: never to be booked; look: a person looks before booking; missing: why there is no value; note: how it was read.
Severity = Literal["stop", "look", "missing", "note"]
SEVERITIES: tuple[Severity, ...] = ("stop", "look", "missing", "note")
SEVERITY_WORDS: dict[Severity, str] = {
    "stop": "never book",
    "look": "look before booking",
    "missing": "cannot be judged",
    "note": "good to know",
}


class Flag(msgspec.Struct, frozen=True):
    """One flag that the code can raise.

    name : without its head and without what it is about. head : the head that raises it, "" for the brief and the time
    limit, "*" for any head. sentence, do : whole sentences; `{about}` is the language, category
    or brand, `{label}` the head.
    """

    name: str
    head: str
    severity: Severity
    sentence: str
    do: str


class FlagNote(msgspec.Struct, frozen=True, kw_only=True):
    """A flag of a result, in words. flag : as the result names it. head : whose it is, "" for the brief's."""

    flag: str
    head: str
    severity: Severity
    sentence: str
    do: str


FLAGS: tuple[Flag, ...] = (
    Flag(
        "platform_outside_brief", "", "look",
        "The creator is on a platform that the brief does not name.", "Keep them only if that platform is welcome.",
    ),
    Flag(
        "language_outside_brief", "", "look",
        "The creator posts in a language that the brief does not name.", "Keep them only if that audience is wanted.",
    ),
    Flag(
        "country_outside_brief", "", "look",
        "The creator is in a market that the brief does not name.", "Ask where the audience lives.",
    ),
    Flag(
        "followers_below_brief", "", "look",
        "The creator has fewer followers than the brief asks for.", "Keep them only if the size may be smaller.",
    ),
    Flag(
        "followers_above_brief", "", "look",
        "The creator has more followers than the brief asks for.", "Keep them only if the size may be larger.",
    ),
    Flag(
        "platform_unknown", "", "note",
        "The file does not say which platform this is.", "Add the platform to the file.",
    ),
    Flag(
        "language_unknown", "", "note",
        "The file does not say which language the creator posts in.", "Read a few posts before booking.",
    ),
    Flag(
        "country_unknown", "", "note",
        "The file does not say which country the creator is in.", "Ask the creator.",
    ),
    Flag(
        "followers_unknown", "", "note",
        "The file does not say how many followers the creator has.", "Add the number to the file.",
    ),
    Flag(
        "freshness_unknown", "", "look",
        "Nothing says how new the posts were when they were read.",
        "Add the posts' dates, and the day of reading to the file or the brief.",
    ),
    Flag(
        "budget:cut_short", "", "note",
        "The time limit ended before everything was read.", "Score again with more time.",
    ),
    Flag(
        "commercial:competitor_ambassador", "", "look",
        "The creator stands for {about}, which the brief names as a competitor.", "Ask when that ends.",
    ),
    Flag(
        "commercial:competitor_in_window", "", "look",
        "An ad for {about}, a competitor, is inside the exclusivity window.", "Ask what was agreed.",
    ),
    Flag(
        "commercial:competitor_undated", "", "look",
        "Ads for {about}, a competitor, have no date.", "Ask when they were posted.",
    ),
    Flag(
        "commercial:mostly_ads", "", "look",
        "Half of the posts or more are ads.", "Compare how ads and other posts of theirs do.",
    ),
    Flag(
        "commercial:disclosure_missing", "", "note",
        "Some posts that look paid carry no label that was found.", "Agree on the label before booking.",
    ),
    Flag(
        "commercial:likely_undeclared", "", "note",
        "Some posts may be ads that do not say so.", "Read them; likelihoods stand beside.",
    ),
    Flag(
        "not_in_bundle", "*", "missing",
        "The bundle holds nothing that could judge {label}.", "Choose a bundle that has it.",
    ),
    Flag(
        "not_in_time", "*", "missing",
        "There was no time left to judge {label}.", "Score again with more time.",
    ),
    Flag(
        "texts_not_read_in_time", "*", "missing",
        "There was no time left to read the texts.", "Score again with more time.",
    ),
    Flag(
        "fast_encoder", "*", "look",
        "Posts were read by the quick reader, which is less exact.", "Score again without a time limit.",
    ),
    Flag(
        "never_book", "*", "stop",
        "Some posts cannot stand beside this brand.", "Read the posts named; book only if they are misread.",
    ),
    Flag(
        "repeats_the_brief", "niche_fit", "look",
        "Posts repeat the brief's own words; those posts were not counted.", "Check whether they were written for it.",
    ),
    Flag(
        "against_the_niche", "niche_fit", "look",
        "Many posts speak against what the brief is about.", "Read the posts quoted.",
    ),
    Flag(
        "against_the_brand", "niche_fit", "look",
        "Posts that name the brand speak against it.", "Read the posts quoted.",
    ),
    Flag(
        "excluded_topic_found", "niche_fit", "look",
        "At least one post is about a topic that the brief excludes.", "Read the post quoted.",
    ),
    Flag(
        "too_little_text", "niche_fit", "missing",
        "There is too little text to compare with the brief.", "Add captions or a bio to the file.",
    ),
    Flag(
        "language_outside_encoder", "niche_fit", "missing",
        "Most of the text is in {about}, which is not read.", "Let somebody who reads it judge.",
    ),
    Flag(
        "language_through_map", "niche_fit", "note",
        "Posts in {about} are read a little less exactly than English.", "Nothing; the range is wider for it.",
    ),
    Flag(
        "language_not_measured", "niche_fit", "note",
        "How well {about} is read was never measured.", "Let somebody who reads it look at some posts.",
    ),
    Flag(
        "promotes", "safety", "look",
        "At least two posts promote {about}, which the brief never bears.", "Read the posts quoted.",
    ),
    Flag(
        "promotes_once", "safety", "look",
        "One post promotes {about}, which the brief never bears.", "Read the post quoted.",
    ),
    Flag(
        "in_bio", "safety", "look",
        "The bio promotes {about}, which the brief never bears.", "Read the bio.",
    ),
    Flag(
        "above_limit", "safety", "look",
        "More posts promote {about} than the brief bears.", "Read the posts quoted.",
    ),
    Flag(
        "no_texts_of_posts", "safety", "missing",
        "No post has a text, so nobody looked at what they promote.", "Add captions or transcripts to the file.",
    ),
    Flag(
        "languages_not_measured", "safety", "missing",
        "Most of the text is in languages whose reading was never measured.", "Let somebody who reads them judge.",
    ),
    Flag(
        "language_not_measured", "safety", "note",
        "Posts in {about} were not judged.", "Let somebody who reads it look at some posts.",
    ),
    Flag(
        "too_little_to_judge", "authenticity", "missing",
        "There are no counts to judge whether the account is genuine.", "Add followers and likes to the file.",
    ),
    Flag(
        "platform_outside_training", "authenticity", "look",
        "It was never measured what is usual on this platform.", "Compare with creators of that platform yourself.",
    ),
    Flag(
        "size_outside_training", "authenticity", "look",
        "The account is larger than any whose counts were studied.", "Rely on engagement and comments instead.",
    ),
    Flag(
        "implausible_counts", "authenticity", "look",
        "Likes are nearly the same on every post, or far above the followers.",
        "Ask for the platform's own statistics.",
    ),
    Flag(
        "implausible_engagement", "authenticity", "look",
        "There are far more likes than comments or views bear out.", "Ask for the platform's own statistics.",
    ),
    Flag(
        "suspicious_audience", "authenticity", "look",
        "More of the sampled followers look suspicious than is usual.", "Ask for the platform's audience report.",
    ),
    Flag(
        "unexplained_follower_jump", "authenticity", "look",
        "The follower count jumped, and no known post explains it.", "Ask what happened on that day.",
    ),
    Flag(
        "follower_jump_then_decay", "authenticity", "look",
        "Followers that came in one jump left again.", "Ask what happened on that day.",
    ),
    Flag(
        "posting_looks_automated", "authenticity", "look",
        "A fixed clock, repeated captions and bursts of posts come together.", "Look at the newest posts.",
    ),
    Flag(
        "repeated_comments", "authenticity", "look",
        "The comments repeat the same phrases more than is usual.", "Read the comments under some posts.",
    ),
    Flag(
        "few_commenters", "authenticity", "look",
        "The same few people comment under most posts.", "See who they are and whether they comment for each other.",
    ),
    Flag(
        "too_little_to_predict", "engagement_quality", "missing",
        "Nothing in the file lets engagement be foreseen.", "Add posts with likes and comments to the file.",
    ),
    Flag(
        "no_post_metrics", "engagement_quality", "missing",
        "No post shows its likes, so nobody knows whether people respond.", "Ask the creator for the numbers.",
    ),
    Flag(
        "comments_not_shown", "engagement_quality", "missing",
        "Comment counts are not shown, so nobody knows who stands behind the likes.",
        "Ask the creator for the numbers.",
    ),
    Flag(
        "likes_not_borne_out", "engagement_quality", "look",
        "Far fewer comments or views stand behind the likes than usual here.", "Ask for the platform's own statistics.",
    ),
    Flag(
        "comments_beyond_usual", "engagement_quality", "look",
        "There are far more comments for the likes than is usual here.", "Read the comments under some posts.",
    ),
    Flag(
        "views_not_shown", "engagement_quality", "note",
        "View counts are not shown, so likes count for less.", "Ask the creator for the numbers.",
    ),
    Flag(
        "platform_outside_training", "engagement_quality", "note",
        "Engagement on this platform was never measured; other platforms stand in.", "Treat the figure as rough.",
    ),
    Flag(
        "platform_not_stated", "engagement_quality", "note",
        "The platform is not stated, so the one with the lowest value counts.", "Add the platform to the file.",
    ),
    Flag(
        "size_outside_training", "engagement_quality", "note",
        "Creators of this size are rare among those measured.", "Treat the figure as rough.",
    ),
    Flag(
        "counts_hidden", "engagement_quality", "note",
        "Many posts hide their counts and were left out.", "Ask the creator for the numbers.",
    ),
    Flag(
        "comments_assumed", "engagement_quality", "note",
        "Hidden comment counts were filled in with the usual share of likes.", "Ask the creator for the numbers.",
    ),
    Flag(
        "posts_in_the_future", "engagement_quality", "note",
        "Posts dated after the file was made were left out.", "Check the dates in the file.",
    ),
    Flag(
        "counts_still_growing", "engagement_quality", "note",
        "All posts are so new that their counts still grow.", "Read the counts again in a week.",
    ),
    Flag(
        "age_at_counting_unknown", "engagement_quality", "note",
        "The file does not say when the counts were read.", "Add the day of reading to the file.",
    ),
    Flag(
        "posts_undated", "engagement_quality", "note",
        "Some posts have no date, so their order is not known.", "Add the dates to the file.",
    ),
    Flag(
        "oldest_posts_left_out", "engagement_quality", "note",
        "Only the newest 500 posts were read.", "Nothing; older posts say little.",
    ),
    Flag(
        "long_history_at_followers_of_today", "engagement_quality", "note",
        "Old posts are compared with today's followers.", "Add the follower history to the file.",
    ),
)  # fmt: skip


@cache
def _by_name() -> dict[tuple[str, str], Flag]:
    return {(flag.head, flag.name): flag for flag in FLAGS}


def flag_of(name: str, head: str = "") -> tuple[Flag, str] | None:
    """The table's row for a flag and what it is about ("" where nothing); None where the table lacks it.

    name : as a head or the brief raised it, without the head. head : "" for the brief and the time limit.
    """
    table = _by_name()
    start, _, about = name.rpartition(":")
    for known, rest in ((name, ""), (start, about)):
        for owner in (head, "*") if head else ("",):
            if (owner, known) in table:
                return table[owner, known], rest
    return None


def _named(about: str, flag: Flag) -> str:
    """What a flag is about, for people: a language, a category of safety, or a topic of the brief."""
    if flag.name.startswith("language"):
        return language_name(about)
    if about == "excluded_topic":
        return "an excluded topic"
    return LABELS.get(about, about.replace("_", " "))


@lru_cache(maxsize=4096)
def flag_note(flag: str) -> FlagNote:
    """A flag of `CreatorScore.flags` in words; one that the table lacks is named as it is, to be looked at.

    Severity of the unknown: `look` where the head's flags ask for a person (`bonafit.heads`), else `note`.
    """
    head, _, name = flag.partition(":")
    if head not in HEADS:
        head, name = "", flag
    label = HEADS[head].label if head else ""
    row = flag_of(name, head)
    if row is None:
        return FlagNote(
            flag=flag,
            head=head,
            severity="look" if head and HEADS[head].signals else "note",
            sentence=f"Raised: {name.replace('_', ' ')}.",
            do="See the documentation of whoever raised it.",
        )
    known, about = row
    named = _named(about, known) if about else ""
    return FlagNote(
        flag=flag,
        head=head,
        severity=known.severity,
        sentence=known.sentence.format(about=named, label=label),
        do=known.do.format(about=named, label=label),
    )
