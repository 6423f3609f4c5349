"""The model card: what a bundle was trained on, how it was measured, where it must not be trusted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bonafit.bundle.manifest import DatasetReference, EncoderReference
from bonafit.encoders.card import EncoderCard, directory_name
from bonafit.heads import HEADS
from bonafit_training.contracts import HeadArtifact, PublishedHead, Row
from bonafit_training.data.catalogue import DATASETS

# Licences, as the sets state them, under which anything may be made of a set.
FREE = ("Apache-2.0", "MIT", "CC0-1.0", "CC0-1.0 / MIT", "CC BY 4.0", "CC BY 3.0")

INTRODUCTION = """\
# Bundle {name}

Scores creators for a brand. Each head answers one question, with exact reasons and a 90 % interval:

{questions}

Values of abstaining heads are absent, never guessed; a creator without one of them has no score and is listed apart
with what is missing.
"""

INVENTED = """
**Trained on invented data only.** It shows that the path runs; its numbers say nothing about real creators.
"""

LIMITS = """
## Limits

Every training set is a convenience sample (top lists, charts, accounts bought from sellers in one year on one
platform). A figure below is about the set it was measured on. Sets whose licence is unstated are named as such:
check them before you ship this bundle commercially, or retrain on your own data with `bonafit train`.
Non-commercial sets (InstaFake) are used in benchmarks only and never train a published bundle.
"""


def metric_table(rows: Iterable[Row]) -> str:
    """Rows as a Markdown table, ours beside the baselines, in the order given."""
    lines = ["| data set | split | slice | method | metric | value | n |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        method = f"{row.method} (baseline)" if row.baseline else row.method
        lines.append(
            f"| {row.dataset} | {row.split} | {row.slice} | {method} | {row.metric} | {row.value:.4f} | {row.n:,} |"
        )
    return "\n".join(lines)


def head_card(artifact: HeadArtifact, plots: Sequence[str]) -> str:
    """One head's part of the card. plots : the file name of each held-out set's reliability plot, in order."""
    parts = [f"## {artifact.name}\n\n{artifact.card.strip()}\n"]
    if artifact.metrics:
        parts.append(metric_table(artifact.metrics) + "\n")
    for i, (file, held_out) in enumerate(zip(plots, artifact.held_out, strict=True)):
        if not i:
            parts.append("Held-out probabilities against what was observed, 95 % bars; n counts cases:\n")
        parts.append(f"![reliability, {held_out.title}]({file})\n")
    return "\n".join(parts)


def model_card(
    name: str,
    heads: Sequence[PublishedHead],
    encoder: EncoderReference,
    datasets: Sequence[DatasetReference],
    *,
    invented: bool,
    door: EncoderCard | None = None,
) -> str:
    """The whole card, Markdown with front matter as model hubs read it. door : the card of the encoder's door."""
    front = front_matter(name, datasets, [row for head in heads for row in head.metrics], invented=invented)
    questions = "\n".join(f"- `{entry.name}`: {entry.question}" for entry in HEADS.values())
    parts = [front + INTRODUCTION.format(name=name, questions=questions)]
    if invented:
        parts.append(INVENTED)
    parts.append("\n## Data\n\n| set | rows | licence (as its source states) | source |\n|---|---|---|---|")
    for dataset in datasets:
        source = DATASETS[dataset.name].source if dataset.name in DATASETS else "own data"
        parts.append(f"| {dataset.name} | {dataset.rows:,} | {dataset.licence} | {source} |")
    parts.append(f"\nEncoder: `{encoder.folder}`, {encoder.precision}, {encoder.width} wide.")
    if door is not None:
        parts.append(_languages(door))
    parts.append(LIMITS)
    parts.extend(head.card for head in heads)
    return "\n".join(parts)


def front_matter(
    name: str, datasets: Sequence[DatasetReference], metrics: Sequence[Mapping[str, Any]], *, invented: bool
) -> str:
    """YAML between two lines of dashes: licence, library, data sets and figures as the Hugging Face Hub names them.

    The licence is `other` unless every set states one that allows any use. Values are JSON, which is YAML.
    """
    free = bool(datasets) and all(dataset.licence in FREE for dataset in datasets)
    fields: dict[str, Any] = {
        "license": "apache-2.0" if free else "other",
        **({} if free else {"license_name": "as-the-training-sets-state", "license_link": "#data"}),
        "library_name": "bonafit",
        "pipeline_tag": "other",
        "tags": ["influencer-marketing", "creator-scoring", *(["invented-data"] if invented else [])],
        "datasets": [dataset.name for dataset in datasets],
        "model-index": [{"name": name, "results": _results(metrics)}],
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
    return "\n".join(("---", *lines, "---", "", ""))


def _results(metrics: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Figures of the heads themselves over whole sets, a result a set and split."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in metrics:
        if not row["baseline"] and row["slice"] == "all":
            figure = {"type": row["metric"], "value": round(float(row["value"]), 6)}
            groups.setdefault((row["suite"], row["dataset"], row["split"]), []).append(figure)
    return [
        {
            "task": {"type": "other", "name": suite},
            "dataset": {"name": dataset, "type": dataset, "split": split},
            "metrics": figures,
        }
        for (suite, dataset, split), figures in groups.items()
    ]


def _languages(door: EncoderCard) -> str:
    """What the door reads and how well, the best first."""
    known = door.reliability or {}
    ranked = sorted(known, key=lambda code: (-known[code], code))
    figures = ", ".join(f"{code} {known[code]:.2f}" for code in ranked)
    unknown = " ".join(code for code in door.languages if code not in known and code != "en")
    return (
        "\n## Languages\n\nOther languages are read through a map into the encoder's space: `"
        f"{directory_name(door)}`, {door.upstream}, {door.licence}. Results name them (`language_through_map:de`) and "
        f"are wider. {door.notes[:1].upper()}{door.notes[1:]}:\n\n{figures}.\n\nRead, and never measured: {unknown}."
    )
