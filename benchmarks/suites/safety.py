"""Safety: posts that promote a category, beside a word list, character TF-IDF and the cosine to the category's name.

The head is fitted here as training fits it, since what matters is what it says of texts it was not fitted on: sets that
never train, sets and languages left out, and invented posts held out in every language at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.registry import Suite
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bonafit.encoders.encoder import Encoder
from bonafit.heads.safety.categories import LABELS, NAMES, SAID
from bonafit.heads.safety.head import LEAST_POSTS
from bonafit.heads.safety.post_model import SAYS, PostModel, together
from bonafit.heads.safety.words import WordColumns
from bonafit.tables.arrays import BoolArray, FloatArray, Vectors
from bonafit.tables.logistic import logit, sigmoid
from bonafit.text.clean import clean
from bonafit_training.contracts import OURS, Cases, Context, Row
from bonafit_training.data.niche_fit import INSTAGRAM, read_instagram, read_youtube
from bonafit_training.data.safety import MEASURES, TRAINING, read_obscene_words, read_safety
from bonafit_training.heads.safety.examples import INVENTED, UNKNOWN, Examples, encoded, read_examples
from bonafit_training.heads.safety.model import calibrate, fit_linear, out_of_fold
from bonafit_training.heads.safety.texts import languages, word_columns
from bonafit_training.heads.safety.together import DRAWN, POSTS, bounds_together, creators

SUITE = "safety"
# Least texts of both classes that a figure is given for.
LEAST = 15
# Languages left out together, and lots of languages whose bounds are read from the others.
TOGETHER, LANGUAGE_LOTS = 3, 3
Scores = Callable[[list[str], Vectors, int], FloatArray]


@dataclass(frozen=True)
class Fitted:
    """All that trains, the model, what it says out of fold, and the mixture it is calibrated from."""

    examples: Examples
    words: WordColumns
    model: PostModel
    held: FloatArray
    mixed: FloatArray


@cache
def _fitted(data: Path, encoder: Encoder, seed: int) -> Fitted:
    words = word_columns(read_obscene_words(data))
    examples = read_examples(data, encoder, words, seed=seed)
    mixed = out_of_fold(examples, words)
    mix = calibrate(mixed, examples)
    by_fold = np.einsum("ncf,cf->nc", mixed, mix)
    model = PostModel(words, *fit_linear(examples, words), mix, bounds_together(by_fold, examples, seed=seed))
    return Fitted(examples, words, model, by_fold, mixed)


def fitted(context: Context) -> Fitted:
    """Fitted once a run."""
    return _fitted(context.data, context.encoder, context.seed)


_cases = partial(Cases, SUITE)


class TfIdf:
    """Characters of words, 1 to 4, and a logistic regression a category, on what trains the head."""

    def __init__(self, examples: Examples) -> None:
        self.terms = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), max_features=60_000, sublinear_tf=True)
        self.X = self.terms.fit_transform(examples.texts)
        self.labels = examples.promotes
        self.models: dict[int, LogisticRegression] = {}

    def score(self, texts: Sequence[str], j: int) -> FloatArray:
        """(n,) log-odds of category j."""
        if j not in self.models:
            known = self.labels[:, j] != UNKNOWN
            model = LogisticRegression(class_weight="balanced", max_iter=300)
            self.models[j] = model.fit(self.X[known], self.labels[known, j])
        return np.asarray(self.models[j].decision_function(self.terms.transform(texts)))


def _methods(context: Context) -> dict[str, Scores]:
    own, tfidf = fitted(context), TfIdf(fitted(context).examples)
    names = context.encoder.encode([LABELS[name] for name in NAMES]).astype(np.float64)
    return {
        OURS: lambda texts, vectors, j: own.model.judge(vectors, texts).promoted[:, j],
        "about": lambda texts, vectors, j: own.model.judge(vectors, texts).about[:, j],
        "words": lambda texts, vectors, j: own.words.matrix(texts)[:, j],
        "tfidf": lambda texts, vectors, j: tfidf.score(texts, j),
        "name_cosine": lambda texts, vectors, j: vectors.astype(np.float64) @ names[j],
    }


def never_trained(context: Context) -> Iterator[Row]:
    """AUC on the sets that never train, by category and language; `about` is the head's own answer without a stance."""
    methods = _methods(context)
    for name in MEASURES:
        items = read_safety(context.data, name, seed=context.seed)
        texts = [clean(item.text) for item in items]
        vectors = encoded(context.encoder, texts, [item.language for item in items])
        for j, category in enumerate(NAMES):
            for language in sorted({item.language for item in items}):
                rows = [i for i, item in enumerate(items) if item.language == language and category in item.labels]
                y = np.array([items[i].labels[category] for i in rows], dtype=bool)
                if min(y.sum(), (~y).sum()) < LEAST:
                    continue
                for method, scores in methods.items():
                    value = roc_auc_score(y, scores([texts[i] for i in rows], vectors[rows], j))
                    yield _cases(name, "never_trained", f"{category} {language}").row("auc", value, len(y), method)


def set_left_out(context: Context) -> Iterator[Row]:
    """AUC on each public set that trains, of a head fitted without it, by category."""
    own = fitted(context)
    source = np.array(own.examples.source)
    for name in TRAINING:
        out = source == name
        rest = own.examples.rows(~out)
        mix = calibrate(own.mixed[~out], rest)
        model = PostModel(own.words, *fit_linear(rest, own.words), mix, own.model.together)
        test, tfidf = own.examples.rows(out), TfIdf(rest)
        says = model.judge(test.vectors, test.texts).promoted
        for j, category in enumerate(NAMES):
            known = test.promotes[:, j] != UNKNOWN
            y = test.promotes[known, j] == 1
            if min(y.sum(), (~y).sum()) < LEAST:
                continue
            texts = [text for text, is_known in zip(test.texts, known, strict=True) if is_known]
            figures = {OURS: says[known, j], "words": own.words.matrix(texts)[:, j], "tfidf": tfidf.score(texts, j)}
            for method, scores in figures.items():
                yield _cases(name, "set_out", category).row("auc", roc_auc_score(y, scores), int(known.sum()), method)


def language_left_out(context: Context) -> Iterator[Row]:
    """Invented posts of a language that trained nothing: no text, no word, no public set of it; all categories pooled.

    The same is said in other languages that train, so that this is what crosses languages and not what is new.
    """
    own = fitted(context)
    spoken, source = np.array(own.examples.language), np.array(own.examples.source)
    names = [language for language in languages() if language != "en"]
    listed = read_obscene_words(context.data)
    for start in range(0, len(names), TOGETHER):
        some = frozenset(names[start : start + TOGETHER])
        words = word_columns(listed, but=some)
        rest = own.examples.rows(~np.isin(spoken, sorted(some)))
        model = PostModel(words, *fit_linear(rest, words), own.model.mix, own.model.together)
        for language in sorted(some):
            test = own.examples.rows((spoken == language) & (source == INVENTED))
            says, known = model.judge(test.vectors, test.texts).promoted, test.promotes != UNKNOWN
            y = test.promotes[known] == 1
            named = own.words.matrix(test.texts)[:, : len(NAMES)][known]
            for method, scores in ((OURS, says[known]), ("words", named)):
                yield _cases(INVENTED, "language_out", language).row("auc", roc_auc_score(y, scores), len(y), method)
            yield _cases(INVENTED, "language_out", language).row("recall", (says[known][y] >= 0.5).mean(), int(y.sum()))


def taken(log_odds: FloatArray, bound: float, *, least: int = LEAST_POSTS) -> BoolArray:
    """(...,) which creators are taken to promote a category, of (..., posts) log-odds: by single posts, or together."""
    return np.asarray(((log_odds >= logit(np.float64(SAYS))).sum(axis=-1) >= least) | (together(log_odds) >= bound))


def posts_held_out(context: Context) -> Iterator[Row]:
    """Invented posts whose topic and frame, or whose text, trained nothing in any language.

    creators_found : of creators with 5 posts in 40 that promote a category, or that sound like it, those who are taken
    to promote it. posts_found : single posts from .5.
    """
    own = fitted(context)
    examples, promoted = own.examples, sigmoid(own.held)
    large, spoken = np.flatnonzero([source == INSTAGRAM for source in examples.source]), np.array(examples.language)
    lots = [languages()[k::LANGUAGE_LOTS] for k in range(LANGUAGE_LOTS)]
    single: dict[tuple[str, str], list[bool]] = {}
    for j, category in enumerate(NAMES):
        near = np.array([name == category for name in examples.near])
        for split, label in (("promoting", 1), ("hard_negatives", 0)):
            labelled, rng = near & (examples.promotes[:, j] == label), np.random.default_rng([context.seed, j, label])
            calls = []
            for some in lots:
                drawn = creators(np.flatnonzero(labelled & np.isin(spoken, some)), examples.language, large, rng)
                calls += taken(own.held[drawn, j], own.model.together[j]).tolist()
            yield _cases(INVENTED, split, category).row(
                "posts_found", (promoted[labelled, j] >= SAYS).mean(), int(labelled.sum())
            )
            yield _cases(INVENTED, split, category).row("creators_found", float(np.mean(calls)), len(calls))
            for language in languages():
                of = labelled & (spoken == language)
                single.setdefault((split, language), []).extend((promoted[of, j] >= SAYS).tolist())
    for (split, language), says in single.items():
        yield _cases(INVENTED, split, language).row("posts_found", float(np.mean(says)), len(says))


def written_after(context: Context) -> Iterator[Row]:
    """Posts that were written after the head was fitted and train nothing, five a category of either kind, as posts of
    one creator: categories taken to be promoted, and single posts from .5."""
    own = fitted(context)
    posts = _measure("safety_posts")
    for split, kind in (("promoting", "promotes"), ("hard_negatives", "hard")):
        creators_found, posts_found = [], []
        for category, by_kind in posts.items():
            j, texts = NAMES.index(category), [clean(text) for text in by_kind[kind]]
            vectors = encoded(context.encoder, texts, [None] * len(texts))
            promoted = own.model.judge(vectors, texts).promoted[:, j]
            is_reported = bool(taken(logit(promoted), own.model.together[j]))
            creators_found.append(is_reported)
            posts_found += (promoted >= SAYS).tolist()
            yield _cases("written_after", split, category).row("creators_found", float(is_reported), 1)
        yield _cases("written_after", split, "all").row(
            "creators_found", float(np.mean(creators_found)), len(creators_found)
        )
        yield _cases("written_after", split, "all").row("posts_found", float(np.mean(posts_found)), len(posts_found))


def written_after_by_language(context: Context) -> Iterator[Row]:
    """Posts in four languages that were written after the fit, five a category among captions at large of a creator."""
    own = fitted(context)
    large = np.flatnonzero([source == INSTAGRAM for source in own.examples.source])
    rng = np.random.default_rng([context.seed, POSTS])
    for language, by_category in _measure("safety_after").items():
        every, singles = [], []
        for category, posts in by_category.items():
            j, texts = NAMES.index(category), [clean(text) for text in posts]
            said = own.model.judge(encoded(context.encoder, texts, [language] * len(texts)), texts).promoted[:, j]
            among = rng.choice(large, (DRAWN, POSTS - len(texts)))
            drawn = np.hstack([np.tile(logit(said), (DRAWN, 1)), own.held[among, j]])
            every.append(float(taken(drawn, own.model.together[j]).mean()))
            singles += (said >= SAYS).tolist()
            yield _cases("written_after", language, category).row("creators_found", every[-1], DRAWN)
        yield _cases("written_after", language, "all").row("creators_found", float(np.mean(every)), len(every))
        yield _cases("written_after", language, "all").row("posts_found", float(np.mean(singles)), len(singles))


def harmless(context: Context) -> Iterator[Row]:
    """Posts written apart from what trains that sound like a category and are none: share taken to promote one."""
    own = fitted(context)
    every: list[bool] = []
    for language, posts in _measure("safety_harmless").items():
        texts = [clean(text) for text in posts]
        promoted = own.model.judge(encoded(context.encoder, texts, [language] * len(texts)), texts).promoted
        alarms = (promoted >= SAYS).any(axis=1).tolist()
        every += alarms
        yield _cases("written_apart", "harmless", language).row("alarms", float(np.mean(alarms)), len(alarms))
    yield _cases("written_apart", "harmless", "all").row("alarms", float(np.mean(every)), len(every))


def _measure(name: str) -> dict[str, Any]:
    """Texts of benchmarks/measures."""
    return tomllib.loads((Path(__file__).parents[1] / "measures" / f"{name}.toml").read_text(encoding="utf-8"))


def clean_creators(context: Context) -> Iterator[Row]:
    """Real creators' texts that trained nothing: share with two posts that promote a category; bios for YouTube.

    Some of them do promote wine and beer: nobody has labelled them, so that this bounds false alarms from above.
    """
    own = fitted(context)
    held_out = sorted(read_instagram(context.data).creators, key=lambda creator: creator.creator_id)[1::2]
    texts = [[clean(post.caption) for post in creator.posts if clean(post.caption)] for creator in held_out]
    captions = [of_creator[:POSTS] for of_creator in texts if of_creator]
    yield from _alarms(context, own, INSTAGRAM, captions, least=LEAST_POSTS)
    bios = [[clean(creator.bio)] for creator in read_youtube(context.data)[0] if creator.bio and clean(creator.bio)]
    yield from _alarms(context, own, "youtube_2025", bios, least=1)


def _alarms(context: Context, own: Fitted, name: str, texts: list[list[str]], *, least: int) -> Iterator[Row]:
    every = [text for of_creator in texts for text in of_creator]
    promoted = own.model.judge(encoded(context.encoder, every, ["en"] * len(every)), every).promoted
    ends = np.cumsum([len(of_creator) for of_creator in texts])
    for j, category in enumerate(NAMES):
        bound = own.model.together[j] if least == LEAST_POSTS else np.inf
        calls = [taken(logit(p), bound, least=least) for p in np.split(promoted[:, j], ends[:-1])]
        yield _cases(name, "real_creators", category).row("alarms", float(np.mean(calls)), len(texts))


def stance(context: Context) -> Iterator[Row]:
    """Whether invented posts promote what they are about or not, posts and frames held out: accuracy.

    Which of reports, jokes and condemns it is has too few posts to be measured by.
    """
    own = fitted(context)
    has = own.examples.stance != UNKNOWN
    places = [i for i, name in enumerate(NAMES) if name not in SAID]
    about = own.examples.rows(has)
    does = about.stance == 0
    best = own.held[has][:, places].max(axis=1) > 0
    yield _cases(INVENTED, "stance", "promotes or not").row("accuracy", (best == does).mean(), len(does))


SUITES: dict[str, Suite] = {
    f"{SUITE}/measures/never_trained": never_trained,
    f"{SUITE}/training/set_out": set_left_out,
    f"{SUITE}/{INVENTED}/language_out": language_left_out,
    f"{SUITE}/{INVENTED}/posts_held_out": posts_held_out,
    f"{SUITE}/written_after/posts": written_after,
    f"{SUITE}/written_after/by_language": written_after_by_language,
    f"{SUITE}/written_apart/harmless": harmless,
    f"{SUITE}/real/creators": clean_creators,
    f"{SUITE}/{INVENTED}/stance": stance,
}
