"""May a brand stand beside these posts? The share that promotes nothing it keeps away from, and the posts that do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleCorruptError
from bonafit.heads.safety.categories import NAMES
from bonafit.heads.safety.findings import Finding, findings, offering, trend
from bonafit.heads.safety.floors import NEVER, NO_MATTER, Asked, Captions
from bonafit.heads.safety.post_model import PostModel
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Post
from bonafit.results import Component, Evidence, Reason
from bonafit.text.units import posts_read, unit_language

# As bonafit.scorer.verdict reads them.
NEVER_BOOK, UNSAFE = "never_book", "unsafe_post"
# What stands for a topic outside the categories.
EXCLUDED_TOPIC = "excluded_topic"
# Posts that promote a category of which none is borne, from which the creator is never booked.
LEAST_POSTS = 2
# Posts quoted of each category: those that promote it, those that only speak of it.
MOST_QUOTED, MOST_RELATED, QUOTED = 10, 3, 280
# Share of the texts in languages that were not measured from which the head abstains.
UNREAD_SHARE = 0.6
# Posts at which half of what posts can say is known, set by hand.
PRIOR_POSTS = 5
# Half-width of a 90 % interval in standard deviations.
Z90 = 1.6449


class SafetyHead:
    """Counts the posts that promote what a brief keeps away from. A gate: its value is in no average.

    model    : of texts. captions : captions at large, which free topics are measured against.
    own      : languages the encoder reads itself, empty where it reads any. measured : languages in which the model was
               measured; texts in others are not judged.
    """

    name = "safety"

    def __init__(self, *, model: PostModel, captions: Captions, own: Sequence[str], measured: Sequence[str]) -> None:
        self.model = model
        self.captions = captions
        self.own = frozenset(own)
        self.measured = frozenset(measured)
        self._read = self.measured & self.own if own else self.measured
        self._last: tuple[PreparedBrief, Asked] | None = None

    def read_through(self, languages: Mapping[str, float | None]) -> None:
        """Read these languages too, as far as the model was measured in them; how well is the door's matter."""
        self._read = self.measured & (self.own | set(languages))

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Mapping[str, npt.NDArray[np.generic]]) -> SafetyHead:
        """Construct from the manifest's section and tables. Raises BundleCorruptError where either lacks something."""
        try:
            categories = tuple(section["categories"])
            mean, spread = (tables[name].astype(np.float64) for name in ("captions_mean", "captions_spread"))
            own, measured = tuple(section["languages"]), tuple(section["measured"])
        except KeyError as error:
            raise BundleCorruptError(f"safety: {error} is absent; publish the bundle again") from None
        if categories != NAMES:
            raise BundleCorruptError(
                f"safety head with categories {categories}; this version has {NAMES}; retrain it or use the version "
                "that published the bundle"
            )
        return cls(model=PostModel.from_tables(tables), captions=Captions(mean, spread), own=own, measured=measured)

    def to_bundle(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Section and tables that `from_bundle` reads."""
        section = {"categories": list(NAMES), "languages": sorted(self.own), "measured": sorted(self.measured)}
        captions = {
            "captions_mean": self.captions.mean.astype(np.float32),
            "captions_spread": self.captions.spread.astype(np.float32),
        }
        return section, self.model.to_tables() | captions

    def asked(self, brief: PreparedBrief) -> Asked:
        """What a brief asks; the last one is kept, since a service asks one brief again and again."""
        last = self._last
        if last is None or last[0] is not brief:
            # One assignment: another thread sees the old pair or the new one.
            self._last = last = (brief, Asked.of(brief, self.model, self.captions))
        return last[1]

    def score(self, creators: Sequence[Prepared], brief: PreparedBrief) -> list[Component]:
        """One Component a creator, in order."""
        questions = self.asked(brief)
        return [self._component(creator, questions) for creator in creators]

    def _component(self, creator: Prepared, questions: Asked) -> Component:
        texts = [unit.text for unit in creator.units]
        languages = [unit_language(unit) for unit in creator.units]
        read = np.array([code is None or code in self._read for code in languages], dtype=bool)
        unread = sorted({code for code in languages if code is not None and code not in self._read})
        places = posts_read(creator.creator)
        silent = set(places) - {unit.post for unit in creator.units}
        # a text that repeats another post's is no unit of its own, and was read all the same
        with_text = [i for i in places if i not in silent or _has_text(creator.creator.posts[i])]
        flags = [f"language_not_measured:{code}" for code in unread]
        reported: list[Finding] = []
        if texts:
            judged = self.model.judge(creator.vectors, texts)
            offers = offering(self.model.words.matrix(texts))
            reported = findings(creator, judged, offers, read, questions, self.model.together)
        n = len(with_text)
        share_read = float(read.mean()) if len(read) else 1.0
        sufficiency = n / (n + PRIOR_POSTS) * share_read
        verdicts, evidence = self._against(creator, reported, questions, n)
        flags = verdicts + flags
        detail = {
            "posts_read": n,
            "posts_without_text": len(places) - n,
            "posts_older_than_read": len(creator.creator.posts) - len(places),
            "share_not_measured": 1 - share_read,
            "categories": {
                finding.name: self._in_figures(creator, finding, questions, places, n) for finding in reported
            },
            "excluded_topics": questions.mapped,
        }
        if not n or share_read <= 1 - UNREAD_SHARE:
            flags.append("languages_not_measured" if n else "no_texts_of_posts")
            flags += ["floors_not_judged"] if questions.stated else []
            return Component(
                name=self.name, status="insufficient", value=None, interval=None, sufficiency=sufficiency,
                evidence=tuple(evidence), flags=tuple(flags), detail=detail,
            )  # fmt: skip
        reasons = _reasons(reported, questions, n)
        value = min(1.0, max(0.0, sum(reason.points for reason in reasons)))
        return Component(
            name=self.name, status="ok", value=value, interval=_interval(value, n), sufficiency=sufficiency,
            reasons=reasons, evidence=tuple(evidence), flags=tuple(flags), detail=detail,
        )  # fmt: skip

    def _against(
        self, creator: Prepared, reported: Sequence[Finding], questions: Asked, n: int
    ) -> tuple[list[str], list[Evidence]]:
        """Flags and quotes of what the brief does not bear, then quotes of what is only related."""
        flags: list[str] = []
        evidence: list[Evidence] = []
        topics = {topic.name for topic in questions.free}
        for finding in reported:
            floor = NEVER if finding.name in topics else questions.floors[finding.name]
            if floor == NO_MATTER or not finding.promoting:
                continue
            label = EXCLUDED_TOPIC if finding.name in topics else finding.name
            if floor == NEVER and len(finding.certain) >= LEAST_POSTS:
                flags += [] if NEVER_BOOK in flags else [NEVER_BOOK]
                flags.append(f"promotes:{label}")
                kind = UNSAFE
            elif floor == NEVER:
                if finding.in_bio:
                    flags.append(f"in_bio:{label}")
                elif len(finding.posts) >= LEAST_POSTS:
                    flags.append(f"promotes:{label}")
                else:
                    flags.append(f"promotes_once:{label}")
                kind = "doubtful_post"
            elif len(finding.posts) >= LEAST_POSTS and len(finding.posts) > float(floor) * n:
                flags.append(f"above_limit:{label}")
                kind = "limited_post"
            else:
                continue
            evidence += [_quote(kind, creator, finding, i) for i in finding.promoting[:MOST_QUOTED]]
        for finding in reported:
            evidence += [_quote("related_post", creator, finding, i) for i in finding.related[:MOST_RELATED]]
        return list(dict.fromkeys(flags)), evidence

    def _in_figures(
        self, creator: Prepared, finding: Finding, questions: Asked, places: list[int], n: int
    ) -> dict[str, Any]:
        """One category in figures: posts, share, trend, severity, first and last day, posts that only speak of it."""
        days = sorted(
            at.date().isoformat() for i in finding.posts if (at := creator.creator.posts[i].posted_at) is not None
        )
        severities = set(finding.severity.values())
        figures: dict[str, Any] = {
            "floor": questions.floors.get(finding.name, NEVER),
            "posts": len(finding.posts),
            "share": len(finding.posts) / n if n else 0.0,
            "in_bio": finding.in_bio,
            "related_posts": len(finding.related_posts),
        }
        if finding.promoting:
            figures |= {"severity": "high" if "high" in severities else "medium"}
            figures |= {"first": days[0], "last": days[-1]} if days else {}
            change = trend(creator, finding.posts, places)
            figures |= {} if change is None else {"trend": change}
        return figures


def _has_text(post: Post) -> bool:
    return bool(post.title or post.caption or post.tags or post.transcript)


def _reasons(reported: Sequence[Finding], questions: Asked, n: int) -> tuple[Reason, ...]:
    """1 for posts that promote nothing, less the share that promotes each category, every post counted once."""
    reasons = [
        Reason(feature="baseline", seen=None, effect=1.0, points=1.0, text="posts that promote nothing unwanted")
    ]
    counted: set[int] = set()
    for finding in sorted(reported, key=lambda finding: (-len(finding.posts), finding.name)):
        fresh = finding.posts - counted
        if fresh and questions.floors.get(finding.name, NEVER) != NO_MATTER:
            counted |= fresh
            lost = -len(fresh) / n
            share = len(finding.posts) / n
            sentence = f"posts that promote {finding.name}: {len(finding.posts)} of {n}"
            feature = finding.name if finding.name in NAMES else EXCLUDED_TOPIC
            reasons.append(Reason(feature=feature, seen=share, effect=lost, points=lost, text=sentence))
    return tuple(reasons)


def _interval(value: float, n: int) -> tuple[float, float]:
    """Wilson's 90 % interval of a share of n posts."""
    z = Z90 * Z90 / n
    middle = (value + z / 2) / (1 + z)
    half = Z90 / (1 + z) * float(np.sqrt(value * (1 - value) / n + z / (4 * n)))
    return max(0.0, min(middle - half, value)), min(1.0, max(middle + half, value))


def _quote(kind: str, creator: Prepared, finding: Finding, i: int) -> Evidence:
    unit = creator.units[i]
    post = creator.creator.posts[unit.post] if unit.post is not None else None
    # what is said is read like a caption, and told for what it is
    kind_of_text = "transcript" if post is not None and unit.raw == post.transcript != post.caption else unit.kind
    place = kind_of_text if post is None or post.post_id is None else f"{kind_of_text} of {post.post_id}"
    marks = [finding.name, finding.stance[i], *([finding.severity[i]] if i in finding.severity else [])]
    return Evidence(
        kind=kind,
        text=unit.raw if len(unit.raw) <= QUOTED else unit.raw[: QUOTED - 1] + "…",
        weight=finding.weight[i],
        at=unit.at.isoformat() if unit.at else None,
        source=f"{', '.join(marks)}: {place}",
    )
