"""The rules of the judgement contract as rows: what is measured on every base, and the bounds it must keep."""

from __future__ import annotations

from benchmarks.judge.changes import CADENCES, HIDEABLE, POSTS_HIDE, SHELL_DOSES, SPELLED, SPELLINGS
from benchmarks.judge.measures import (
    FIGURES,
    Measure,
    Row,
    apart,
    below_unrelated,
    change_of,
    figure_of,
    head_width,
    judged,
    narrower,
    never,
    new_flag,
    same_bytes,
    same_fit,
    steps,
    sufficiency,
    sufficiency_of,
    total_or_apart,
)
from benchmarks.judge.texts import EXCLUDED, LANGUAGES


def table(languages: tuple[str, ...] = LANGUAGES) -> list[Row]:
    """Every row of rules 1 to 14 and 16 that compares one creator before and after a change."""
    rows: list[Row] = []

    def add(rule: int, name: str, figure: str, measure: Measure, **bounds: float | bool) -> None:
        rows.append(Row(rule, name, figure, measure, **bounds))  # type: ignore[arg-type]

    for field in SPELLED:
        spelt = [f"{field}: {spelling!r}" for spelling in SPELLINGS]
        add(1, f"{field} in {len(spelt)} spellings", "bytes", same_bytes(spelt, f"{field}: absent"), low=1, every=True)
    for change in (
        "link: set", "link: absent", "picture: none", "bio: 6 letters", "bio: three times as long",
        "handle: with digits", "display name: absent", "display name: emoji", "places: none", "places: on every post",
        "hashtags: none", "hashtags: six a post", "kind: image", "kind: reel",
    ):  # fmt: skip
        add(2, change, "A", change_of("A", change), low=-0.03, high=0.03)
    add(2, "all bare together", "A", change_of("A", "all bare together"), low=-0.08, high=0.08)

    for dose, high in ((3, 0.0), (5, -0.1), (10, -0.1)):
        add(3, f"likes x{dose}", "A", change_of("A", f"likes x{dose}", falls=high < 0), high=high, every=high == 0)
        add(3, f"likes x{dose}", "E", change_of("E", f"likes x{dose}"), high=0.02, every=True)
        add(3, f"likes x{dose}", "T", change_of("T", f"likes x{dose}"), high=0.0, every=True)
    for figure, high in (("E", 0.02), ("T", 0.0)):
        add(3, "likes and views x5", figure, change_of(figure, "likes and views x5"), high=high)
    add(3, "likes x10 against x5", "A", change_of("A", "likes x10", "likes x5"), high=0.0)
    add(3, "honest bases", "A", figure_of("A", "clean"), low=0.5)
    for figure, low in (("A", -0.01), ("E", 0.0)):
        add(4, "comments x2, other people", figure, change_of(figure, "comments x2, other people"), low=low, every=True)
    add(4, "comments halved", "A", change_of("A", "comments halved"), high=0.01)

    hides = [f"hidden: {field}" for field in HIDEABLE] + [f"hidden: posts' {', '.join(f)}" for f in POSTS_HIDE]
    for change in hides:
        for figure in FIGURES:
            add(5, change, figure, change_of(figure, change), high=0.02, every=True)
            add(5, change + ", width", figure, narrower(figure, change), high=0.0, every=True)
        add(5, change, "T", change_of("T", change), high=0.02, every=True)
        add(5, change + ", sufficiency", "-", sufficiency(change), high=0.0, every=True)
    for change, head in (
        ("hidden: audience", "A"), ("hidden: follower_history", "A"), ("hidden: comments", "A"),
        ("hidden: posts' comments", "A"), ("hidden: posts' likes", "A"), ("hidden: posts' likes", "E"),
        ("hidden: followers", "A"), ("hidden: posts' posted_at", "A"), ("hidden: posts' caption", "F"),
        ("hidden: posts' views", "A"),
    ):  # fmt: skip
        add(5, change + ", sufficiency falls", head, sufficiency(change, heads=(head,)), high=-0.001)
    for figure in ("A", "T"):
        add(5, "likes x5, comments hidden, against likes x5", figure,
            change_of(figure, "likes x5, comments hidden", "likes x5"), high=0.0)  # fmt: skip

    for cadence in CADENCES:
        clean = f"{cadence}, clean"
        for share in ("15%", "30%"):
            change = f"{cadence}, +{share}"
            add(6, change, "A", change_of("A", change, clean), low=-0.05, high=0.05)
        for change, high in (
            (f"{cadence}, +100%", -0.1), (f"{cadence}, +186%", -0.1), (f"{cadence}, +400%", -0.1),
            (f"{cadence}, +186%, decay", -0.25),
        ):  # fmt: skip
            add(6, change, "A", change_of("A", change, clean, falls=True), high=high)
            add(6, change, "E", change_of("E", change, clean), high=0.0, every=True)
            add(6, change, "flag", new_flag(change, clean), low=1, high=1)
            add(11, change, "T", change_of("T", change, clean), high=0.0, every=True)
        change, post = f"{cadence}, big post, +100%", f"{cadence}, big post"
        add(6, f"{change}, against the post", "A", change_of("A", change, post), low=-0.05, high=0.05)

    shells = [f"{k} shells of 60" for k in SHELL_DOSES]
    add(7, "more shells, largest rise", "A", steps("A", shells), high=0.0)
    add(7, "29 to 31 shells of 60", "A", change_of("A", "31 shells of 60", "29 shells of 60"), low=-0.03, high=0.03)
    add(7, "60 shells of 60", "A", figure_of("A", "60 shells of 60"), high=0.15)
    add(7, "30 shells of 60", "A", figure_of("A", "30 shells of 60"), high=0.45)
    add(7, "10 shells of 10", "A", change_of("A", "10 shells of 10", "0 shells of 10", falls=True), high=-0.02)
    add(7, "60 of 60 against 10 of 10", "A", change_of("A", "60 shells of 60", "10 shells of 10"), high=0.0)
    add(7, "no sample against a clean one", "A", change_of("A", "no sample", "0 shells of 60"), high=0.02, every=True)

    for change in ("pod: 8 authors, three phrases", "pod: 8 authors, own words", "repeated phrases, many authors"):
        add(8, change, "A", change_of("A", change, falls=True), high=-0.1)
        add(8, change, "flag", new_flag(change, head="authenticity"), low=1, high=1)
    add(8, "varied comments against none", "A", change_of("A", "clean", "no comments"), low=0.0)
    add(9, "clock", "A", change_of("A", "clock"), low=-0.03)
    add(9, "clock, captions, bursts", "A", change_of("A", "clock, captions, bursts", falls=True), high=-0.15)

    for change in ("private, no posts", "no posts", "nothing for 14 months", "no text"):
        for figure in FIGURES:
            add(10, f"{change}, width where a value is given", figure, head_width(change, figure), low=0.6, every=True)
        add(10, change, "listed apart", apart(change), low=1, high=1, every=True)
    for change in (
        "likes x3", "likes x5", "likes x10", "pod: 8 authors, three phrases", "pod: 8 authors, own words",
        "repeated phrases, many authors", "clock, captions, bursts", "everything", "likes x5, comments hidden",
    ):  # fmt: skip
        add(11, change, "T", change_of("T", change), high=0.0, every=True)
    for k in SHELL_DOSES[1:]:
        add(11, f"{k} shells of 60", "T", change_of("T", f"{k} shells of 60", "0 shells of 60"), high=0.0, every=True)
    add(11, "everything together", "T", total_or_apart("everything"), high=0.3)

    for change, against in (("at 9,000", "at 30,000"), ("at 90,000", "at 30,000"), ("at 9,000", "at 90,000")):
        add(12, f"{change} against {against}", "A", change_of("A", change, against), low=-0.05, high=0.05)
    for change in ("country: other", "language: other", *(f"label {p}" for p in ("instagram", "tiktok", "youtube"))):
        add(12, change, "A", change_of("A", change), low=-0.02, high=0.02)
    for language in languages:
        change = f"in {language}"
        add(12, change, "A", change_of("A", change), low=-0.02, high=0.02)
        add(12, change, "F", same_fit(change), low=-0.07, high=0.07)

    for share in ("30%", "60%"):
        for kind in ("loathing", "against the brand"):
            change = f"{kind} {share}"
            add(13, f"{change} against an unrelated creator", "T", below_unrelated(change), high=0.0)
            add(13, change, "flag", new_flag(change), low=1, high=1)
    for figure in ("A", "E", "F", "T"):
        add(14, "honest bases are judged", figure, judged(figure), low=1)
    for change in ("emoji alone", "hashtags alone"):
        add(13, f"{change}, sufficiency", "F", sufficiency_of(change), high=0.3)
    add(13, "brief copied", "F", change_of("F", "brief copied"), high=0.0)
    add(13, "brief copied", "flag", new_flag("brief copied"), low=1, high=1)
    for category in EXCLUDED:
        add(16, f"promotes {category}", "never", never(f"promotes {category}"), low=1, high=1)
    add(16, "sounds like it", "never", never("sounds like it"), high=0.05)
    return rows
