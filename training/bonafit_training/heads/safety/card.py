"""The safety part of the model card."""

from __future__ import annotations

from collections.abc import Sequence

from bonafit.heads.safety.categories import LABELS, NAMES
from bonafit_training.contracts import OURS, Row

HEAD = """### safety

Which posts promote one of sixteen categories of brand safety, and which only speak of it: reports, jokes, warns. A gate
outside of the score. Its value is the share of the posts that promote nothing the brief keeps away from.

Per post three linear models over the encoder's vectors and word columns in eighteen languages, and one calibration at a
stated prior of 5 % a category. Trained on posts invented for this in eighteen languages, on public sets of hate,
obscenity, gambling, crypto and scams, and on captions and news at large, of which those without a word of a category
are taken not to be about it. Sets whose licence forbids commercial use, and those made to test, are measures only.

Limits: only texts are read. Most invented posts of the seventeen languages beside English say much the same, so that
figures of one language are of few posts. Irony is mostly missed. A flag is a signal for a person, never an accusation.

Of posts held out (a frame or a post in every language at once), invented ones:
"""


def card(rows: Sequence[Row]) -> str:
    """The part with its figures."""
    values = {(row.slice, row.method, row.metric): row.value for row in rows}
    lines = ["| category | AUC | AUC of its words alone | found | false alarms |", "|---|---|---|---|---|"]
    for name in NAMES:
        figures = [values[name, method, metric] for method, metric in COLUMNS]
        lines.append(f"| {LABELS[name]} | " + " | ".join(f"{value:.3f}" for value in figures) + " |")
    return HEAD + "\n" + "\n".join(lines) + "\n"


COLUMNS = ((OURS, "auc"), ("words", "auc"), (OURS, "recall"), (OURS, "false_alarms"))
