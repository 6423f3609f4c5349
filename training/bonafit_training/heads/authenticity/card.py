"""The authenticity part of the model card, with its figures filled in."""

from __future__ import annotations

from collections.abc import Sequence

from bonafit_training.contracts import OURS, Row
from bonafit_training.heads.authenticity.leave_one_set_out import ACCOUNTS, KNOWN, LEFT_OUT

PURBA = "purba_2020_accounts"
CALIBRATION = ("mean_p_less_prior", "ece")

HEAD = """### authenticity

Probability that a creator is genuine rather than bought or fake, stated at even odds before any evidence. Signals for
review by a person, never a verdict. Link, picture, biography, names, hashtags, places and kind of post are read
nowhere; language, country and platform move no value.

| part | learned from | log-odds |
|---|---|---|
| account: three counts | the labelled sets, weighted alike | beside posts at most .2 in favour |
| engagement that hangs together | edges of genuine creators; slopes by rule | -3.2 to 3.6 |
| audience share | accounts of the labelled sets; effect by rule | -5.8 to 0 |
| follower jumps | nothing: a rule | -3.6 to 0 |
| comments | repetition and authors by rule; spam from labelled comments | -2.6 to 0 |
| automation | nothing: a rule | -2 to 0 |

Labelled sets: train part of `purba_2020_accounts` (licence **unstated**), `srf_2017_followers` (CC BY-SA 4.0),
`kaggle_2019_fake_spammer_train` (CC BY 3.0). Edges: `tiktok_2020` (unstated), `youtube_charts_2026` (CC0-1.0 / MIT) and
purba's genuine accounts. Comments: `youtube_spam_2015_comments` (CC BY 4.0, UCI).

Limits: the labelled accounts are Instagram's of 2017 to 2020, mostly under 10,000 followers; elsewhere a count says
what it said there. No public set has labelled purchases of likes, followers over time or comments: those parts follow
rules.
InstaFake is non-commercial and trains nothing here.
"""


class Figures:
    """Rows by where they were measured."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.names = sorted({r.dataset for r in rows if r.split == LEFT_OUT})
        self._at = {(r.dataset, r.split, r.slice, r.method == OURS, r.metric): r for r in rows}

    def row(self, dataset: str, part: str, metric: str, *, split: str = LEFT_OUT, is_ours: bool = True) -> Row:
        return self._at[dataset, split, part, is_ours, metric]

    def values(self, dataset: str, part: str, metrics: Sequence[str], *, split: str = LEFT_OUT) -> list[float]:
        return [self.row(dataset, part, metric, split=split).value for metric in metrics]

    def parts(self, start: str) -> list[str]:
        """Slices whose name starts so, in order."""
        return list(dict.fromkeys(r.slice for r in self.rows if r.slice.startswith(start)))


def card(rows: Sequence[Row]) -> str:
    """The card's Markdown, from the rows of training."""
    at = Figures(rows)
    whole, micro = (at.row(PURBA, part, "auc", split="published_test").value for part in ("all", "1k-100k"))
    lines = [HEAD, *_left_out(at), *_audiences(at), *_alarms(at), *_known(at)]
    lines += [
        "",
        f"In domain, on purba's published test part: AUC {whole:.4f} (1k-100k followers: {micro:.4f}).",
    ]
    return "\n".join(lines) + "\n"


def _left_out(at: Figures) -> list[str]:
    lines = [
        "#### Each set from the others", "",
        "AUC of the counts, beside the best single column of the sets that train; 90 % interval of the difference.", "",
        "| set left out | n | AUC | best single column | difference | mean P less share | ECE |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name in at.names:
        own, other = (at.row(name, ACCOUNTS, "auc", is_ours=who) for who in (True, False))
        low, high, mean, ece = at.values(
            name, ACCOUNTS, ("auc_less_baseline_low", "auc_less_baseline_high", *CALIBRATION)
        )
        column = other.method.rsplit(": ", 1)[1]
        lines.append(
            f"| {name} | {own.n} | {own.value:.3f} | {other.value:.3f} ({column}) | {low:+.3f} to {high:+.3f} "
            f"| {mean:+.3f} | {ece:.3f} |"
        )
    return lines


def _audiences(at: Figures) -> list[str]:
    lines = [
        "", "#### Share of suspicious accounts in an audience of 200, each set from the others", "",
        "| set left out | true share | mean error | 90 % interval covers | its width | error of counting |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name in at.names:
        for part in at.parts("audience"):
            mae, covered, width = at.values(name, part, ("mae", "coverage", "interval_width"))
            counted = at.row(name, part, "mae", is_ours=False).value
            share = part.split(", ")[1].removesuffix(" fake")
            lines.append(f"| {name} | {share} | {mae:.3f} | {covered:.0%} | {width:.2f} | {counted:.3f} |")
    return lines


def _alarms(at: Figures) -> list[str]:
    lines = ["", "#### Genuine creators called fake (below even odds)", "", "| set | read | n | called fake |"]
    lines += ["|---|---|---|---|"]
    return lines + [
        f"| {r.dataset} | {r.slice} | {r.n} | {r.value:.1%} |" for r in at.rows if r.metric == "called_fake"
    ]


def _known(at: Figures) -> list[str]:
    lines = [
        "", "#### What is known of a profile", "",
        "Mean probability of fake less its share, and ECE: purba's test part; largest over the sets left out.", "",
        "| known | purba mean | purba ECE | left out mean | left out ECE |",
        "|---|---|---|---|---|",
    ]  # fmt: skip
    for part in at.parts(KNOWN):
        own = at.values(PURBA, part, CALIBRATION, split="published_test")
        mean, ece = (
            max(column, key=abs) for column in zip(*(at.values(n, part, CALIBRATION) for n in at.names), strict=True)
        )
        lines.append(f"| {part.removeprefix(KNOWN)} | {own[0]:+.3f} | {own[1]:.3f} | {mean:+.3f} | {ece:.3f} |")
    return lines
