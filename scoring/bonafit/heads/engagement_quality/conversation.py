"""Conversation under the posts: who is answered, how soon, and how much is said. Every figure with its n."""

from __future__ import annotations

import math
import statistics
from collections import Counter

import msgspec

from bonafit.records import Comment, Creator
from bonafit.text.clean import clean
from bonafit.text.words import count_words, words_of

# Distinct words from which a comment says something; "so pretty", "love this" and rows of emoji stay below.
LEAST_WORDS = 4
# z of a two-sided 90 % interval.
Z90 = 1.6448536269514722


class Share(msgspec.Struct, frozen=True):
    """A share in [0, 1] with its 90 % Wilson interval (Wilson 1927) and the number of cases it is over."""

    value: float
    low: float
    high: float
    n: int


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of a comment sample; None where the sample cannot tell.

    reply_rate        : share of others' comments that the creator answered.
    people_answered   : distinct authors answered. people : distinct authors of comments.
    latency_hours     : median hours from a comment to the creator's answer, over n_latency answers.
    says_something    : share of others' comments with LEAST_WORDS distinct words that no other comment repeats.
    """

    reply_rate: Share | None
    people: int
    people_answered: int
    latency_hours: float | None
    n_latency: int
    says_something: Share | None


def wilson(successes: int, n: int) -> Share | None:
    """Share with its 90 % Wilson interval, None for n = 0."""
    if n == 0:
        return None
    p, z2 = successes / n, Z90 * Z90
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z90 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Share(p, max(0.0, centre - half), min(1.0, centre + half), n)


def _says(text: str, words: tuple[str, ...]) -> bool:
    """Whether a comment has LEAST_WORDS distinct words, or as many in a script that puts no spaces between them."""
    return len(set(words)) >= LEAST_WORDS or count_words(text) - len(words) >= LEAST_WORDS


def conversation(creator: Creator) -> Conversation | None:
    """Conversation under a creator's posts, None where no comments were sampled.

    Answers are the posts' `replies` and those of the sampled comments that the creator's handle wrote.
    """
    handle = (creator.handle or "").lstrip("@").casefold()
    foreign: list[Comment] = []
    answers: list[Comment] = [reply for post in creator.posts for reply in post.replies]
    for comment in creator.comments:
        own = bool(handle) and (comment.author or "").lstrip("@").casefold() == handle
        (answers if own else foreign).append(comment)
    if not foreign:
        return None
    by_id = {comment.comment_id: comment for comment in foreign if comment.comment_id is not None}
    answered: dict[str, list[Comment]] = {}
    for answer in answers:
        if answer.reply_to is not None and answer.reply_to in by_id:
            answered.setdefault(answer.reply_to, []).append(answer)
    # without ids nobody can tell which comment an answer belongs to
    linkable = len(by_id)
    latencies = []
    for comment_id, replies in answered.items():
        question_time = by_id[comment_id].posted_at
        times = [a.posted_at for a in replies if a.posted_at is not None]
        if question_time is not None and times and min(times) >= question_time:
            latencies.append((min(times) - question_time).total_seconds() / 3600)
    cleaned = [clean(comment.text) for comment in foreign]
    texts = [tuple(word.casefold() for word in words_of(text)) for text in cleaned]
    repeats = Counter(texts)
    says = sum(_says(text, words) and repeats[words] == 1 for text, words in zip(cleaned, texts, strict=True))
    return Conversation(
        reply_rate=wilson(len(answered), linkable),
        people=len({c.author for c in foreign if c.author is not None}),
        people_answered=len({by_id[i].author for i in answered if by_id[i].author is not None}),
        latency_hours=statistics.median(latencies) if latencies else None,
        n_latency=len(latencies),
        says_something=wilson(says, len(foreign)),
    )
