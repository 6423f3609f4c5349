"""Creators of one file who comment on each other: groups for a person to look at, never part of a score.

A score depends on one creator alone, so who else stands in a file cannot move it; this reads the file as a whole.
Comments among friends, bands and families look the same as a pod's: the groups are leads, with the figures behind them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from bonafit.records import Creator

# Under so many different posts one creator's comments are more than a greeting.
LEAST_POSTS = 3

Name = tuple[str, str]


class Pair(msgspec.Struct, frozen=True):
    """Two creators: posts of the second under which the first commented, and the other way round."""

    creators: tuple[str, str]
    posts: tuple[int, int]


class Group(msgspec.Struct, frozen=True):
    """Creators tied by mutual comments, directly or through each other.

    creators : ids in order. pairs : those who comment on each other.
    share_of_comments : of each creator's comments by other people, how many come from the group, in [0, 1].
    """

    creators: tuple[str, ...]
    pairs: tuple[Pair, ...]
    share_of_comments: dict[str, float]


class _Read(msgspec.Struct):
    """What is kept of one creator: names, and who commented under how many posts, and how often."""

    creator_id: str
    posts: Counter[Name]
    comments: Counter[Name]


def groups(creators: Iterable[Creator], *, least_posts: int = LEAST_POSTS) -> list[Group]:
    """Groups of creators who comment on each other, the largest first; reads the creators once.

    An author is a creator of the file where the name is that creator's id or handle on the same platform; a name that
    two creators share is nobody's. least_posts : different posts of the other that a comment must stand under, both
    ways. Memory grows with the different authors of each creator.
    """
    read: list[_Read] = []
    owners: dict[Name, int | None] = {}
    for place, creator in enumerate(creators):
        platform = (creator.platform or "").casefold()
        for name in {_name(creator.creator_id), _name(creator.handle or creator.creator_id)}:
            key = (platform, name)
            owners[key] = None if key in owners else place
        read.append(_read(creator, platform))
    under = [
        {owner: n for name, n in record.posts.items() if (owner := owners.get(name)) is not None} for record in read
    ]
    mutual = {
        (a, b): (under[b][a], n)
        for a, known in enumerate(under)
        for b, n in known.items()
        if a < b and n >= least_posts and under[b].get(a, 0) >= least_posts
    }
    return sorted(
        (_group(members, read, owners, mutual) for members in _components(mutual)),
        key=lambda group: (-len(group.creators), group.creators),
    )


def _read(creator: Creator, platform: str) -> _Read:
    own = {_name(creator.creator_id), _name(creator.handle or creator.creator_id)}
    pairs: set[tuple[str, str]] = set()
    comments: Counter[Name] = Counter()
    for i, comment in enumerate(creator.comments):
        author = _name(comment.author or "")
        if author and author not in own:
            comments[platform, author] += 1
            pairs.add((author, comment.post_id if comment.post_id is not None else f"comment {i}"))
    return _Read(creator.creator_id, Counter((platform, author) for author, _ in pairs), comments)


def _name(text: str) -> str:
    return text.strip().removeprefix("@").casefold()


def _components(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Connected components of the pairs, each in order."""
    neighbours: dict[int, set[int]] = {}
    for a, b in pairs:
        neighbours.setdefault(a, set()).add(b)
        neighbours.setdefault(b, set()).add(a)
    out, done = [], set()
    for start in sorted(neighbours):
        if start in done:
            continue
        members, waiting = {start}, [start]
        while waiting:
            fresh = neighbours[waiting.pop()] - members
            members |= fresh
            waiting += fresh
        done |= members
        out.append(sorted(members))
    return out


def _group(
    members: list[int],
    read: list[_Read],
    owners: dict[Name, int | None],
    mutual: dict[tuple[int, int], tuple[int, int]],
) -> Group:
    inside = set(members)
    shares = {}
    for place in members:
        comments = read[place].comments
        from_group = sum(n for name, n in comments.items() if owners.get(name) in inside)
        shares[read[place].creator_id] = from_group / sum(comments.values())
    pairs = tuple(
        Pair((read[a].creator_id, read[b].creator_id), posts) for (a, b), posts in sorted(mutual.items()) if a in inside
    )
    return Group(tuple(read[place].creator_id for place in members), pairs, shares)
