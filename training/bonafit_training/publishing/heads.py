"""A head as a bundle holds it: just trained, or taken unchanged from an earlier bundle."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from bonafit.bundle.manifest import Bundle
from bonafit.errors import BundleIncompatibleError
from bonafit_training.contracts import HeadArtifact, PublishedHead
from bonafit_training.heads import TRAININGS
from bonafit_training.publishing.card import head_card
from bonafit_training.publishing.reliability import plot_files

# Key of a head's section that names the sets it was trained on.
TRAINED_ON = "datasets"


def order_of(name: str) -> int:
    """Place of a head in a bundle."""
    return list(TRAININGS).index(name) if name in TRAININGS else len(TRAININGS)


def published_head(artifact: HeadArtifact) -> PublishedHead:
    """A trained head as a bundle holds it."""
    plots = plot_files(artifact.name, artifact.held_out)
    return PublishedHead(
        name=artifact.name,
        section={**artifact.section, TRAINED_ON: list(artifact.datasets)},
        tables=artifact.tables,
        metrics=tuple(msgspec.to_builtins(row) for row in artifact.metrics),
        card=head_card(artifact, list(plots)),
        plots=plots,
    )


def head_of(bundle: Bundle, name: str) -> PublishedHead:
    """A head of a published bundle, unchanged. Raises BundleIncompatibleError where the bundle has no such head."""
    if name not in bundle.manifest.heads:
        raise BundleIncompatibleError(
            f"{bundle.path}: no head {name}; it has {', '.join(sorted(bundle.manifest.heads))}; train {name} too"
        )
    suite = TRAININGS[name].suite if name in TRAININGS else name
    section = dict(bundle.manifest.heads[name])
    section.setdefault(TRAINED_ON, [dataset.name for dataset in bundle.manifest.datasets])
    folder = Path(bundle.path)
    return PublishedHead(
        name=name,
        section=section,
        tables=bundle.tables[name],
        metrics=tuple(row for row in bundle.manifest.metrics if row["suite"] == suite),
        card=_card_part((folder / "CARD.md").read_text(encoding="utf-8"), name),
        plots={
            file: (folder / file).read_text(encoding="utf-8")
            for file in bundle.manifest.files
            if re.fullmatch(rf"reliability_{re.escape(name)}_\d+\.svg", file)
        },
    )


def _card_part(card: str, name: str) -> str:
    part = re.search(rf"^## {re.escape(name)}$.*?(?=^## |\Z)", card, flags=re.MULTILINE | re.DOTALL)
    return part.group() if part is not None else f"## {name}\n"
