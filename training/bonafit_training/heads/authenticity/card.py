"""The authenticity part of the model card, with its figures filled in."""

from __future__ import annotations

from collections.abc import Sequence

from bonafit_training.heads.authenticity.card_checks import Transfer, pooled_shares

HEAD = """### authenticity

Probability that a creator is genuine rather than bought or fake, stated at even odds before any evidence. Signals for
review by a person, never a verdict. Language, country and platform are no features of the account model; the platform
only chooses which creators likes are compared with.

| part | learned from | licence as its source states it | what bounds it |
|---|---|---|---|
| account | train part of `purba_2020_accounts`: 29,528 Instagram accounts, half bought | **unstated** | nothing |
| audience share | the same accounts, profile columns only | **unstated** | log-odds -2 to 0.5, by a rule |
| automation | machines **simulated** on `tiktok_2020` times, `instagram_2017` captions | unstated | -1.5 to 0 |
| engagement plausibility | the same two sets, all taken as genuine | unstated | -1.5 to 0, strange figures only |
| follower jumps | nothing: a robust identifier with fixed constants | - | -1.6 to 0 |
| comments | `youtube_spam_2015_comments` | CC BY 4.0 (UCI) | -0.5 to 0 |

Limits: one platform in 2019, mostly accounts under 10,000 followers; on other platforms and for far larger creators the
probability is an extrapolation that the interval does not cover. InstaFake is non-commercial and trained nothing here.
"""


def percent(value: float) -> str:
    """A share in percent with one decimal."""
    return f"{value:.1%}".replace("%", " %")


def card(
    transfers: Sequence[Transfer],
    evasions: Sequence[tuple[str, float, float, float]],
    gaps: Sequence[tuple[str, int, float, float, float]],
) -> str:
    """The card's Markdown."""
    lines = [HEAD, "#### In domain and moved to another set", ""]
    lines += [
        "The same kind of model on the columns two sets share; on the diagonal 5-fold. Shares of fakes: true, counted,",
        "and corrected by Rogan-Gladen and by label shift (EM), which take both classes from the source, and by the",
        "best bin, which takes only the fakes from there. Where a correction misses, what it takes over is not so.",
        "",
        "| from | to | n | AUC | F1 | ECE | true | counted | Rogan-Gladen | label shift | best bin |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for t in transfers:
        shares = " | ".join(percent(v) for v in (t.true, t.predicted, t.rogan_gladen, t.saerens, t.best_bin))
        lines.append(f"| {t.source} | {t.target} | {t.n} | {t.auc:.3f} | {t.f1:.3f} | {t.ece:.3f} | {shares} |")
    lines += ["", "The share of fakes from all other sets' heads together, the smallest of their best bins:", ""]
    lines += ["| set | n | true | estimated |", "|---|---|---|---|"]
    lines += [f"| {p.target} | {p.n} | {percent(p.true)} | {percent(p.share)} |" for p in pooled_shares(transfers)]
    lines += [
        "",
        "#### What a faker gains by changes that cost nothing",
        "",
        "Change of P(genuine) over the bought accounts of the published test part.",
        "",
        "| change | mean | 95th percentile | largest |",
        "|---|---|---|---|",
    ]
    lines += [f"| {name} | {mean:+.3f} | {tail:+.3f} | {most:+.3f} |" for name, mean, tail, most in evasions]
    lines += [
        "",
        "#### Gaps between languages",
        "",
        "Mean P(genuine) from the profile, creators of `tides_2024_tiktok_creators` by language, against all others;",
        "unlabelled, so a gap may be the model's or the creators' own. 90 % bootstrap interval.",
        "",
        "| language | n | gap | interval |",
        "|---|---|---|---|",
    ]
    lines += [f"| {name} | {n} | {gap:+.3f} | {low:+.3f} to {high:+.3f} |" for name, n, gap, low, high in gaps]
    return "\n".join(lines) + "\n"
