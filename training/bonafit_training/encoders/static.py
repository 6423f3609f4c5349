"""Fits the fast encoder's token vectors to a reference encoder on unlabelled texts of the domain.

A text's vector is the sum of its tokens' vectors, brought to unit length. The token vectors solve a ridge regression
of the reference's vectors on the shares of tokens in each text, drawn towards the reference's own vector of each token
where the texts say little. As length is taken out in the end, each text's target may have any length: fitting and
choosing lengths alternate (cosine on captions not fitted .789 → .823 in three rounds).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bonafit.encoders.card import EncoderCard, EncoderFile, read_card
from bonafit.encoders.encoder import Encoder
from bonafit.encoders.static import TABLE_FILE
from bonafit.encoders.tokenizer import load_tokenizer
from bonafit.errors import EncoderError
from bonafit.records import Creator
from bonafit.scorer.load import find_fast_encoder
from bonafit.text.clean import clean
from bonafit.text.units import creator_units
from bonafit_training.encoders.export import TOKENIZER_FILE, publish_encoder

Matrix = npt.NDArray[np.float32]

# Unlabelled texts of the public sets: file and column. InstaFake's licence forbids it here.
DOMAIN_TEXTS = {
    "instagram_2017": ("fit/instagram_2017/posts.parquet", "caption"),
    "shark_tank_brands": ("fit/shark_tank_brands.parquet", "description"),
    "tides_2024_tiktok_creators": ("engagement/tides_2024_tiktok_creators.parquet", "bio"),
    "tiktok_2020": ("engagement/tiktok_2020/posts.parquet", "caption"),
    "youtube_2025": ("fit/youtube_2025/creators.parquet", "bio"),
    "youtube_charts_2026": ("engagement/youtube_charts_2026/videos.parquet", "title"),
}
TEXTS_PER_SET = 25_000
# 256 of 384 principal directions keep .979 of the cosine and a table of 8 MB.
WIDTH = 256
# .003, .01 and .03 differ by less than .001 in cosine.
PENALTY = 0.01
# A frequent token says little: its first guess is scaled by RARE / (RARE + share), Arora et al., ICLR 2017.
RARE = 3e-4
ROUNDS, FIRST_STEPS, STEPS = 8, 25, 10


def read_domain_texts(data: Path, names: Sequence[str] = tuple(DOMAIN_TEXTS), *, seed: int = 0) -> dict[str, list[str]]:
    """Distinct cleaned texts of each set, at most TEXTS_PER_SET, drawn by seed; sets absent from `data` are left out.

    data : the public sets' folder.
    """
    import pyarrow.parquet as pq

    texts = {}
    for name in names:
        file, column = DOMAIN_TEXTS[name]
        if not (data / file).is_file():
            continue
        raw = pq.read_table(data / file, columns=[column])[column].to_pylist()
        distinct = sorted({clean(text) for text in raw if text} - {""})
        sampled = np.random.default_rng(seed).permutation(len(distinct))[:TEXTS_PER_SET]
        texts[name] = [distinct[i] for i in sampled]
    return texts


def fast_encoder_of(
    reference: Encoder, folder: Path, out_root: Path, *, data: Path, creators: Sequence[Creator] = (), seed: int = 0
) -> Path:
    """Folder of the fast encoder fitted to a reference: one that is there already, else one fitted now.

    reference : encodes the texts, best through a cache. folder : its directory; looked in beside it and in out_root.
    data      : the public sets, whose unlabelled texts it is fitted on, beside those of the user's own `creators`.
    Fitting encodes 150,000 texts where all sets are there: a quarter of an hour on two cores.
    Raises EncoderError where there are too few texts.
    """
    for root in (folder.parent, out_root):
        if root.is_dir():
            with suppress(EncoderError):
                return find_fast_encoder(root / folder.name, reference.digest)
    sets = read_domain_texts(data, seed=seed)
    own = sorted({unit.text for creator in creators for unit in creator_units(creator)})
    if own:
        sets["own"] = own
    name = f"static-{read_card(folder).name}"
    width = min(WIDTH, reference.width)
    return fit_static_encoder(sets, reference, folder, out_root, name=name, width=width)


def fit_static_encoder(
    sets: Mapping[str, Sequence[str]],
    reference: Encoder,
    reference_folder: Path,
    out_root: Path,
    *,
    name: str,
    width: int = WIDTH,
) -> Path:
    """Fit token vectors on texts, by the names of their sets, and publish them. Returns the new encoder directory.

    reference : encodes the texts, best through a cache. reference_folder : its directory, whose tokenizer is used.
    Raises EncoderError where there are fewer texts than dimensions.
    """
    texts = [text for of_set in sets.values() for text in of_set]
    if len(texts) < width:
        raise EncoderError(f"{len(texts)} texts, expected at least {width} to fit {width} dimensions; give more text")
    base = read_card(reference_folder)
    tokenizer = (reference_folder / base.tokenizer.file).read_bytes()
    table = fit_token_vectors(texts, reference, load_tokenizer(tokenizer, max_tokens=base.max_tokens), width=width)
    scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), np.float32(1e-12)) / np.float32(127)
    stream = io.BytesIO()
    np.savez_compressed(stream, codes=np.rint(table / scale).astype(np.int8), scale=scale)
    raw = stream.getvalue()
    card = EncoderCard(
        schema=1,
        name=name,
        kind="static",
        width=width,
        max_tokens=base.max_tokens,
        languages=base.languages,
        tokenizer=base.tokenizer,
        graphs={"int8": EncoderFile(file=TABLE_FILE, sha256=hashlib.sha256(raw).hexdigest(), size=len(raw))},
        upstream=f"fitted to {reference_folder.name}",
        licence=base.licence,
        source={"reference": reference.digest},
        training_sets=tuple(sets),
        notes=f"ridge on {len(texts)} unlabelled texts",
    )
    return publish_encoder(card, {TABLE_FILE: raw, TOKENIZER_FILE: tokenizer}, out_root)


def fit_token_vectors(texts: Sequence[str], reference: Encoder, tokenizer: Any, *, width: int) -> Matrix:
    """(tokens, width) float32: vectors whose sums point where the reference's do, in its principal directions."""
    shares = token_shares(texts, tokenizer)
    vectors = reference.encode(texts)
    # Directions through the origin, not the mean: they keep cosines.
    _, basis = np.linalg.eigh(vectors.T @ vectors)
    directions = basis[:, ::-1][:, :width].astype(np.float32)
    targets = vectors @ directions
    fitted = _first_guess(shares, targets, tokenizer, reference, directions)
    fitted = _ridge(shares, targets, fitted, steps=FIRST_STEPS)
    for _ in range(ROUNDS):
        length = np.clip((shares @ fitted * targets).sum(axis=1) / np.square(targets).sum(axis=1), 0.3, 2.0)
        fitted = _ridge(shares, targets * (length / length.mean())[:, None], fitted, steps=STEPS)
    return fitted


def token_shares(texts: Sequence[str], tokenizer: Any) -> Any:
    """(texts, tokens) sparse float32: the share of each token in each text, special tokens included."""
    from scipy.sparse import csr_matrix

    ids = [encoded.ids for encoded in tokenizer.encode_batch_fast(list(texts))]
    counts = np.array([len(row) for row in ids])
    rows = np.repeat(np.arange(len(ids)), counts)
    values = (1 / counts[rows]).astype(np.float32)
    matrix = csr_matrix((values, (rows, np.concatenate(ids))), shape=(len(ids), tokenizer.get_vocab_size()))
    matrix.sum_duplicates()
    return matrix


def _first_guess(shares: Any, targets: Matrix, tokenizer: Any, reference: Encoder, directions: Matrix) -> Matrix:
    """The reference's vector of each token alone, less for frequent tokens; none for the special ones."""
    words = [tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())]
    special = np.array([word.startswith("[") and word.endswith("]") and len(word) > 2 for word in words])
    alone = reference.encode(
        ["" if skip else word.removeprefix("##") for word, skip in zip(words, special, strict=True)]
    )
    share = np.asarray(shares.sum(axis=0)).ravel()
    weight = RARE / (RARE + share / share.sum())
    guess = alone @ directions * (weight * ~special)[:, None].astype(np.float32)
    sums = shares @ guess
    scaled: Matrix = guess * np.float32((sums * targets).sum() / np.square(sums).sum())
    return scaled


def _ridge(shares: Any, targets: Matrix, start: Matrix, *, steps: int) -> Matrix:
    """Conjugate gradients on |shares @ x - targets|² + PENALTY |x - start|², all columns at once.

    scikit-learn's and scipy's solvers take a column at a time: 256 passes over the texts a step instead of one.
    """
    change = np.zeros_like(start)
    residual = shares.T @ (targets - shares @ start)
    direction = residual.copy()
    size = np.square(residual).sum(axis=0)
    for _ in range(steps):
        image = shares.T @ (shares @ direction) + np.float32(PENALTY) * direction
        step = size / np.maximum((direction * image).sum(axis=0), np.float32(1e-20))
        change += step * direction
        residual -= step * image
        before, size = size, np.square(residual).sum(axis=0)
        direction = residual + size / np.maximum(before, np.float32(1e-20)) * direction
    moved: Matrix = start + change
    return moved
