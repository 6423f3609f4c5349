"""Every language: what the door reads beside the encoder alone, on texts that nothing was fitted on.

Ours is the serving encoder with its door, each text routed by itself; `encoder` is MiniLM for every text, `chance` a
guess. The captions are parallel: the same 36 in eighteen languages, three a niche.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
from benchmarks.measures.niches import SAME_NICHE
from benchmarks.registry import Suite
from benchmarks.suites.bakeoff import ENCODERS, ROOT, cost_of
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bonafit import Brief, Creator, Post
from bonafit.bundle.resolve import newest_bundle
from bonafit.encoders import RoutedEncoder, StaticEncoder
from bonafit.prepared import Prepared
from bonafit.scorer.load import find_door
from bonafit.scorer.scorer import Scorer
from bonafit.tables.arrays import FloatArray
from bonafit.text.clean import clean
from bonafit.text.language import guess_language
from bonafit.text.units import unit_language
from bonafit_training.contracts import OURS, Cases, Context, Row
from bonafit_training.data.niche_fit import INSTAGRAM, TIDES, read_shark_tank, read_tides_bios
from bonafit_training.heads.niche_fit.evaluate import even_weights
from bonafit_training.heads.niche_fit.fit import held_out_answers, read_sets
from bonafit_training.metrics import expected_calibration_error, ndcg_at

Encode = Callable[[list[str]], FloatArray]

SUITE, PARALLEL, SIB = "languages", "parallel_captions", "sib200"
TIMED = 200
# Share of a creator's texts in other languages than English from which it counts as writing in them.
ELSEWHERE = 0.5
# A fit that would be looked at.
HIGH = 0.6


_cases = partial(Cases, SUITE)


def _methods(context: Context) -> dict[str, Encode]:
    """Ours and the encoder without its door."""
    alone = context.encoder.encoder if isinstance(context.encoder, RoutedEncoder) else context.encoder
    return {
        OURS: lambda texts: context.encoder.encode(texts).astype(np.float64),
        "encoder": lambda texts: alone.encode(texts).astype(np.float64),
    }


def parallel(context: Context) -> Iterator[Row]:
    """Niche of a caption from an English line and from a native's captions; one mixed list; the English original."""
    folder = context.data / "languages"
    rows = [json.loads(line) for line in (folder / "parallel_captions.jsonl").read_text("utf-8").splitlines()]
    lines = json.loads((folder / "niche_lines.json").read_text("utf-8"))
    names, texts = list(lines), [clean(row["text"]) for row in rows]
    niche = np.array([names.index(row["niche"]) for row in rows])
    language, original = np.array([row["lang"] for row in rows]), np.array([row["id"] for row in rows])
    codes = list(dict.fromkeys(language.tolist()))
    for method, encode in _methods(context).items():
        vectors = encode(texts)
        near = vectors @ encode([clean(line) for line in lines.values()]).T
        right = near.argmax(axis=1) == niche
        english = np.flatnonzero(language == "en")
        nearest = original[english][(vectors @ vectors[english].T).argmax(axis=1)] == original
        native = np.array([_native(vectors, niche, language, i) for i in range(len(rows))]) == niche
        for split, correct in (("english_line", right), ("native_captions", native), ("english_original", nearest)):
            foreign = [code for code in codes if code != "en"]
            shares = {code: float(correct[language == code].mean()) for code in codes}
            for code, share in shares.items():
                yield _cases(PARALLEL, split, code).row("accuracy", share, int((language == code).sum()), method)
            yield _cases(PARALLEL, split, "other_mean").row(
                "accuracy", np.mean([shares[c] for c in foreign]), 17, method
            )
            yield _cases(PARALLEL, split, "other_least").row("accuracy", min(shares[c] for c in foreign), 17, method)
        auc = np.mean([roc_auc_score(niche == k, near[:, k]) for k in range(len(names))])
        yield _cases(PARALLEL, "one_list", "all").row("auc", auc, len(rows), method)
    yield _cases(PARALLEL, "english_line", "other_mean").row("accuracy", 1 / len(names), 17, "chance")


def _native(vectors: FloatArray, niche: npt.NDArray[np.int64], language: npt.NDArray[np.str_], i: int) -> int:
    """Niche whose other captions of the same language are nearest in the mean to caption i."""
    same = (language == language[i]) & (np.arange(len(niche)) != i)
    return int(np.argmax([(vectors[same & (niche == k)] @ vectors[i]).mean() for k in range(niche.max() + 1)]))


def fast(context: Context) -> Iterator[Row]:
    """The mixed list by the fast encoder, with its own door and without."""
    (place,) = ENCODERS.glob("static-MiniLM-*")
    encoder = StaticEncoder.load(place)
    door = find_door(place, encoder.digest)
    assert door is not None
    routed = RoutedEncoder(encoder, StaticEncoder.load(door), languages=encoder.card.languages)
    folder = context.data / "languages"
    rows = [json.loads(line) for line in (folder / "parallel_captions.jsonl").read_text("utf-8").splitlines()]
    lines = json.loads((folder / "niche_lines.json").read_text("utf-8"))
    niche = np.array([row["niche"] for row in rows])
    for method, reader in ((OURS, routed), ("encoder", encoder)):
        near = reader.encode([clean(row["text"]) for row in rows]) @ reader.encode([clean(v) for v in lines.values()]).T
        auc = np.mean([roc_auc_score(niche == name, near[:, k]) for k, name in enumerate(lines)])
        yield _cases(PARALLEL, "one_list", "fast_encoder").row("auc", auc, len(rows), method)


def identification(context: Context) -> Iterator[Row]:
    """Language of a text by itself: on the parallel captions, tweets of seven languages, English company lines."""
    captions = (context.data / "languages" / "parallel_captions.jsonl").read_text("utf-8").splitlines()
    tweets = pq.read_table(context.data / "stance" / "umsab_2021.parquet", columns=["lang", "text"]).to_pylist()
    sets = {
        PARALLEL: [(row["lang"], row["text"]) for row in map(json.loads, captions)],
        # Its Hindi is written in Latin letters.
        "umsab_2021": [(row["lang"][:2], row["text"]) for row in tweets[::10] if row["lang"][:2] != "hi"],
        "shark_tank_brands": [("en", company["description"]) for company in read_shark_tank(context.data)],
    }
    for name, labelled in sets.items():
        truth = np.array([code for code, _ in labelled])
        guesses = np.array([guess_language(clean(text)) or "" for _, text in labelled])
        for code in dict.fromkeys(truth.tolist()):
            part = truth == code
            yield _cases(name, "identification", code).row("accuracy", (guesses[part] == code).mean(), int(part.sum()))
        english = truth == "en"
        if english.any():
            foreign = ((guesses != "en") & (guesses != "") & english).sum() / english.sum()
            yield _cases(name, "identification", "english_called_foreign").row("share", foreign, int(english.sum()))
        if not english.all():
            lost = (np.isin(guesses, ["en", ""]) & ~english).sum() / (~english).sum()
            yield _cases(name, "identification", "foreign_left_to_the_encoder").row(
                "share", lost, int((~english).sum())
            )


def sib200(context: Context) -> Iterator[Row]:
    """Seven topics learned from English sentences alone, told of the same test sentences in twenty languages."""
    rows = pq.read_table(context.data / "topics" / "sib200.parquet").to_pylist()
    for method, encode in _methods(context).items():
        train = [row for row in rows if row["lang"].startswith("en") and row["split"] == "train"]
        model = LogisticRegression(C=10.0, max_iter=2_000)
        model.fit(encode([clean(row["text"]) for row in train]), [row["topic"] for row in train])
        for code in sorted({row["lang"] for row in rows}):
            test = [row for row in rows if row["lang"] == code and row["split"] == "test"]
            guess = model.predict(encode([clean(row["text"]) for row in test]))
            correct = np.mean(guess == np.array([row["topic"] for row in test]))
            yield _cases(SIB, "test", code).row("accuracy", correct, len(test), method)


def tides(context: Context) -> Iterator[Row]:
    """English company descriptions as queries over bios of creators who do not write English."""
    rows = [row for row in read_tides_bios(context.data) if row["commerceCategory"] not in ("none", "", None)]
    rows = [row for row in rows if row["language"] != "English" and clean(row["bio"])]
    labels = [row["commerceCategory"] for row in rows]
    for method, encode in _methods(context).items():
        vectors = encode([clean(row["bio"]) for row in rows])
        areas, gains = [], []
        for company in read_shark_tank(context.data):
            same = {niche for niche, categories in SAME_NICHE[TIDES].items() if company["category"] in categories}
            relevant = np.array([label in same for label in labels])
            if relevant.any():
                near = vectors @ encode([clean(company["description"])])[0]
                areas.append(roc_auc_score(relevant, near))
                gains.append(ndcg_at(relevant.astype(np.float64), near, 10))
        yield _cases(TIDES, "bios", "other").row("auc", np.mean(areas), len(areas), method)
        yield _cases(TIDES, "bios", "other").row("ndcg@10", np.mean(gains), len(gains), method)


def calibration(context: Context) -> Iterator[Row]:
    """Held-out brands of instagram_2017: calibration of the niche head on creators who write English and who do not."""
    sets = read_sets(context)
    held_out = held_out_answers(sets, sets.judged[:1], context)
    judged, p = sets.judged[0], held_out.p[0]
    shares = np.array(
        [np.mean([unit_language(u) not in (None, "en") for u in c.units] or [0.0]) for c in judged.pairs.creators]
    )
    positive = judged.pairs.positive[judged.briefs]
    for part, mask in (("en", shares < ELSEWHERE), ("other", shares >= ELSEWHERE)):
        y, weight = positive[:, mask], even_weights(positive[:, mask])
        value = expected_calibration_error(y.astype(np.int64).ravel(), p[:, mask].ravel(), weights=weight.ravel())
        yield _cases(INSTAGRAM, "cv5", part).row("ece", value, int(y.sum()))


def neighbours(context: Context) -> Iterator[Row]:
    """Fit by the published bundle of creators on the niche of a line and off it, by language of the line and the posts.

    A creator is the parallel captions of one niche in one language. In every language a line should leave those off its
    niche where it leaves them in English.
    """
    lines = {"en": json.loads((context.data / "languages" / "niche_lines.json").read_text("utf-8"))}
    lines |= tomllib.loads((ROOT / "benchmarks" / "data" / "native_lines.toml").read_text("utf-8"))
    captions: dict[tuple[str, str], list[Post]] = {}
    for text in (context.data / "languages" / "parallel_captions.jsonl").read_text("utf-8").splitlines():
        row = json.loads(text)
        captions.setdefault((row["lang"], row["niche"]), []).append(Post(caption=row["text"]))
    with Scorer.load(newest_bundle(ROOT / "models"), cache=None) as scorer:
        for code, of_niche in lines.items():
            for posts in sorted({"en", code}):
                creators = [Creator(creator_id=niche, posts=tuple(captions[posts, niche])) for niche in of_niche]
                prepared = scorer.prepare(creators)
                fits = [_fits(scorer, prepared, line) for line in of_niche.values()]
                own, off = np.diag(fits), np.array(fits)[~np.eye(len(fits), dtype=bool)]
                split = f"line {code}, posts {posts}"
                yield _cases(PARALLEL, split, "on_the_niche").row("mean_fit", own.mean(), len(own))
                yield _cases(PARALLEL, split, "off_the_niche").row("mean_fit", off.mean(), len(off))
                yield _cases(PARALLEL, split, "off_the_niche").row("share_above_.6", (off > HIGH).mean(), len(off))


def _fits(scorer: Scorer, creators: list[Prepared], line: str) -> FloatArray:
    """(n,) fits of creators to a line."""
    brief = scorer.prepare_brief(Brief(brand="nobody", description=line))
    values = [result.value for result in scorer.heads["niche_fit"].score(creators, brief)]
    return np.array(values, dtype=np.float64)


def costs(context: Context) -> Iterator[Row]:
    """The same captions in seventeen languages by the door and by MiniLM, one thread, each in a process of its own."""
    lines = (context.data / "languages" / "parallel_captions.jsonl").read_text("utf-8").splitlines()
    texts = [clean(row["text"]) for row in map(json.loads, lines) if row["lang"] != "en"][:TIMED]
    for name, method in (("door", OURS), ("minilm_int8", "encoder")):
        figures = cost_of(name, texts)
        for metric, value in zip(("texts_per_cpu_second", "load_cpu_seconds", "peak_mb", "mb"), figures, strict=True):
            yield _cases(PARALLEL, "encode", "other").row(metric, value, len(texts), method)


SUITES: dict[str, Suite] = {
    f"{SUITE}/{PARALLEL}": parallel,
    f"{SUITE}/fast": fast,
    f"{SUITE}/identification": identification,
    f"{SUITE}/{SIB}": sib200,
    f"{SUITE}/{TIDES}": tides,
    f"{SUITE}/{INSTAGRAM}/cv5": calibration,
    f"{SUITE}/neighbours": neighbours,
    f"{SUITE}/encode": costs,
}
