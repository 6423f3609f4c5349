"""Tokens of texts word by word, each word tokenised once and remembered: texts repeat a few thousand words."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, chain

from bonafit.encoders.tokenizer import load_tokenizer

# Words of a generation; two are kept, 15 MB together. Words met again move to the younger, so the common ones stay.
REMEMBERED = 65_536
# Longest word that is remembered: captions of scripts without spaces are single words of up to 1,500 characters, which
# do not come again and took 6 kB each.
LONGEST = 32
# Words tokenised in one go: a call for each takes four times as long.
_JOINED = 512


def by_words(raw: bytes) -> bool:
    """Whether the tokenizer of a tokenizer.json treats what stands between two spaces by itself.

    BERT's does: its normalizer looks at one character at a time, and a space always separates. Others, as byte-level
    ones, count the space to the word behind it.
    """
    parts = json.loads(raw)
    kinds = tuple((parts.get(name) or {}).get("type") for name in ("normalizer", "pre_tokenizer", "model"))
    return kinds == ("BertNormalizer", "BertPreTokenizer", "WordPiece")


class WordTokens:
    """Token ids of texts by a tokenizer for which `by_words` holds; the same ids as the tokenizer gives.

    max_tokens : that texts are cut to, special ones included; None for no limit. Safe to use from several threads.
    """

    def __init__(self, raw: bytes, *, max_tokens: int | None) -> None:
        self._tokenizer = load_tokenizer(raw, max_tokens=None)
        whole, bare = self._tokenizer.encode("a").ids, self._tokenizer.encode("a", add_special_tokens=False).ids
        at = next(i for i in range(len(whole)) if whole[i : i + len(bare)] == bare)
        # One object for each id, however many words hold it.
        self._ids = list(range(self._tokenizer.get_vocab_size()))
        self._before, self._after = whole[:at], whole[at + len(bare) :]
        self._end = None if max_tokens is None else max_tokens - len(self._after)
        self._known: dict[str, tuple[int, ...]] = {}
        self._past: dict[str, tuple[int, ...]] = {}

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of each text."""
        known, past = self._known, self._past
        split = [text.split(" ") for text in texts]
        fresh = []
        for word in set(chain.from_iterable(split)).difference(known):
            ids = past.get(word)
            if ids is None:
                fresh.append(word)
            else:
                known[word] = ids
        long: dict[str, tuple[int, ...]] = {}
        for start in range(0, len(fresh), _JOINED):
            some = fresh[start : start + _JOINED]
            for word, ids in zip(some, self._each(some), strict=True):
                (known if len(word) <= LONGEST else long)[word] = ids
        of_word = known.__getitem__ if not long else lambda word: long[word] if word in long else known[word]
        before, after, end = self._before, self._after, self._end
        out = [[*before, *chain.from_iterable(map(of_word, words))][:end] + after for words in split]
        if len(known) > REMEMBERED:
            # Another thread may go on filling this one; it only has more to remember then.
            self._known, self._past = {}, known
        return out

    def _each(self, words: Sequence[str]) -> list[tuple[int, ...]]:
        """Ids of each word, from one text of them all."""
        starts = list(accumulate((len(word) + 1 for word in words), initial=0))
        encoding = self._tokenizer.encode(" ".join(words), add_special_tokens=False)
        out: list[list[int]] = [[] for _ in words]
        for token, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            # The middle: a special token may count the space beside it as its own.
            out[bisect_right(starts, (start + end) // 2) - 1].append(self._ids[token])
        return [tuple(ids) for ids in out]
