"""Invented brands and what came of their invented creators: pairs.csv and outcomes.csv of the sample."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

# One brand a niche: its name and what it looks for.
BRANDS = {
    "skincare": ("Mildwater", "Fragrance-free skincare for sensitive skin: gentle cleansers and mineral sunscreen."),
    "fitness": ("Northbar", "Kettlebells and resistance bands for strength training at home."),
    "coffee": ("Slow Ferry", "Single-origin coffee beans and simple brewers for filter coffee at home."),
    "cooking": ("Panwell", "Cast iron pans and plain recipes for weeknight dinners."),
    "tech": ("Quietkey", "Mechanical keyboards and tidy desk setups for people who write all day."),
    "travel": ("Second Platform", "Night trains and small guest houses for slow travel on a budget."),
    "parenting": ("Puddle Days", "Rain clothes and outdoor toys for families with small children."),
    "gaming": ("Lanternbit", "An indie studio: story games for PC and handhelds."),
    "fashion": ("Turned Seam", "Second-hand clothes, mended and sold with the story of each piece."),
    "gardening": ("Balcony Acre", "Seeds, soil and planters for vegetables and herbs on a balcony."),
}
# Creators of other niches that a brand tried, and how often a fitting one did not work out all the same.
TRIED, UNLUCKY = 4, 0.1
LEFT_OUT = ("stuffed_bio", "too_little_data")

Row = tuple[str, ...]


def deals(labels: Mapping[str, Mapping[str, str | None]], seed: int) -> tuple[list[Row], list[Row]]:
    """Rows of pairs.csv and of outcomes.csv. labels : `niche` and `planted` of each creator, by id."""
    rng = Random(f"{seed}:deals")
    pairs: list[Row] = []
    outcomes: list[Row] = []
    for niche, (brand, description) in BRANDS.items():
        fitting = [name for name, label in labels.items() if label["niche"] == niche and _shows(label)]
        strangers = [name for name, label in labels.items() if label["niche"] != niche and _shows(label)]
        for i, name in enumerate(fitting):
            if i % 2:
                pairs.append((brand, name, description))
            else:
                outcomes.append((brand, name, str(int(rng.random() >= UNLUCKY)), description))
        outcomes += [(brand, name, "0", description) for name in sorted(rng.sample(strangers, TRIED))]
    return pairs, outcomes


def write_deals(folder: Path, labels: Mapping[str, Mapping[str, str | None]], seed: int) -> None:
    """Write pairs.csv and outcomes.csv into a folder."""
    pairs, outcomes = deals(labels, seed)
    for file, header, rows in (
        ("pairs.csv", ("brand", "creator_id", "description"), pairs),
        ("outcomes.csv", ("brand", "creator_id", "outcome", "description"), outcomes),
    ):
        with (folder / file).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(_all(header, rows))


def _all(header: Row, rows: list[Row]) -> Iterator[Row]:
    yield header
    yield from rows


def _shows(label: Mapping[str, str | None]) -> bool:
    """Whether a creator's texts show their niche."""
    return label["planted"] not in LEFT_OUT
