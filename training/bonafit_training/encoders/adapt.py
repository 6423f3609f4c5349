"""Contrastive adaptation of a sentence encoder to creators' texts, without any label of the task.

What one creator writes lies nearer together than what two do, and a title near its tags: pairs of such texts are drawn
together and the other texts of a batch pushed away (InfoNCE: van den Oord et al., arXiv 1807.03748, as
sentence-transformers' MultipleNegativesRankingLoss). Whether it helps is a question that `niche_fit.adaptation`
answers on held-out brands before an adapted encoder enters a bundle.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from bonafit.errors import InputError
from bonafit.records import Creator
from bonafit.text.clean import clean
from bonafit.text.units import creator_units
from bonafit.text.words import words_of
from bonafit_training.data.engagement import read_youtube_charts
from bonafit_training.data.niche_fit import INSTAGRAM, Pairs, read_instagram
from bonafit_training.encoders.source import minilm_directory

YOUTUBE_CHARTS = "youtube_charts_2026"
# Texts of fewer words say too little of their creator to be drawn anywhere.
LEAST_WORDS = 4
TextPair = tuple[str, str]


class Adaptation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[adapt]` table of a training configuration; without it nothing is adapted.

    source        : sentence-transformers folder to start from; default the installed all-MiniLM-L6-v2.
    steps, batch  : optimiser steps, and pairs in each. learning_rate : its peak, after a tenth of the steps.
    max_tokens    : texts are cut to this length while training; most captions say their subject by then.
    frozen_layers : lowest layers left as they are, with the word vectors.
    """

    source: str | None = None
    steps: int = 120
    batch: int = 32
    learning_rate: float = 2e-5
    max_tokens: int = 32
    frozen_layers: int = 4


def creator_pairs(pairs: Pairs, *, seed: int) -> dict[str, list[TextPair]]:
    """Caption with caption and bio with caption of one creator, one pair of each kind a creator.

    Posts that made a brand's pair are left out, as they are when that brand is scored.
    """
    partners: dict[int, set[int]] = {}
    for (_, c), posts in pairs.made_by.items():
        partners.setdefault(c, set()).update(posts)
    return _pairs_of(pairs.creators, partners, np.random.default_rng(seed))


def _pairs_of(
    creators: Sequence[Creator], left_out: dict[int, set[int]], rng: np.random.Generator
) -> dict[str, list[TextPair]]:
    pairs: dict[str, list[TextPair]] = {"captions": [], "bio": []}
    for c, creator in enumerate(creators):
        units = [u for u in creator_units(creator) if len(words_of(u.text)) >= LEAST_WORDS]
        posts = [u.text for u in units if u.kind != "bio" and u.post not in left_out.get(c, ())]
        bio = next((u.text for u in units if u.kind == "bio"), None)
        if len(posts) > 1:
            first, second = rng.choice(len(posts), size=2, replace=False).tolist()
            pairs["captions"].append((posts[first], posts[second]))
        if posts and bio is not None:
            pairs["bio"].append((bio, posts[int(rng.integers(len(posts)))]))
    return pairs


def title_pairs(creators: Sequence[Creator], *, seed: int) -> list[TextPair]:
    """Title with tags, one video a channel: a channel's tags repeat, and would be false negatives in a batch."""
    rng = np.random.default_rng(seed)
    pairs = []
    for creator in creators:
        videos = [post for post in creator.posts if post.title and len(post.tags) > 1]
        if videos:
            video = videos[int(rng.integers(len(videos)))]
            pair = clean(video.title or ""), clean(", ".join(video.tags[:12]))
            if min(len(words_of(text)) for text in pair) >= LEAST_WORDS:
                pairs.append(pair)
    return pairs


def text_pairs(data: Path, n: int, *, seed: int) -> list[TextPair]:
    """n pairs of the public sets in random order, a third of each kind as far as they go round.

    Raises InputError where a set is absent or gives no pairs.
    """
    instagram, charts = read_instagram(data), read_youtube_charts(data)
    kinds: dict[str, list[TextPair]] = {"captions": [], "bio": [], "titles": []}
    rng = np.random.default_rng(seed)
    # Every round draws one pair a creator, so a creator meets themselves in a batch as seldom as possible.
    while len(kinds["captions"]) < n:
        fresh = creator_pairs(instagram, seed=int(rng.integers(2**31)))
        fresh["titles"] = title_pairs(charts, seed=int(rng.integers(2**31)))
        if not all(fresh.values()):
            raise InputError(
                f"{data}: no pairs of texts; expected {INSTAGRAM} and {YOUTUBE_CHARTS} with captions and tags"
            )
        for kind, pairs in fresh.items():
            kinds[kind] += [pairs[i] for i in rng.permutation(len(pairs))]
    third = -(-n // 3)
    sampled = [pair for pairs in kinds.values() for pair in pairs[:third]]
    return [sampled[i] for i in rng.permutation(len(sampled))[:n]]


def adapt(pairs: Sequence[TextPair], out: Path, settings: Adaptation, *, seed: int) -> Path:
    """Train on the pairs with sentence-transformers' trainer, on the CPU, and save the model to out. Returns out."""
    from datasets import Dataset
    from sentence_transformers import (
        SentenceTransformer,
        SentenceTransformerTrainer,
        SentenceTransformerTrainingArguments,
    )
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    source = settings.source or str(minilm_directory())
    model = SentenceTransformer(source, device="cpu")
    limit = model.max_seq_length
    model.max_seq_length = settings.max_tokens
    lowest = tuple(f"encoder.layer.{i}." for i in range(settings.frozen_layers))
    for name, parameter in model.named_parameters():
        if "embeddings." in name or any(layer in name for layer in lowest):
            parameter.requires_grad = False
    with tempfile.TemporaryDirectory() as scratch:
        arguments = SentenceTransformerTrainingArguments(
            output_dir=scratch,
            max_steps=settings.steps,
            per_device_train_batch_size=settings.batch,
            learning_rate=settings.learning_rate,
            warmup_steps=settings.steps // 10,
            seed=seed,
            data_seed=seed,
            use_cpu=True,
            save_strategy="no",
            report_to="none",
            logging_strategy="no",
            disable_tqdm=True,
            dataloader_pin_memory=False,
        )
        rows = Dataset.from_dict({"anchor": [a for a, _ in pairs], "positive": [b for _, b in pairs]})
        trainer = SentenceTransformerTrainer(
            model=model, args=arguments, train_dataset=rows, loss=MultipleNegativesRankingLoss(model)
        )
        trainer.train()
    model.max_seq_length = limit
    model.save(str(out), create_model_card=False)
    return out
