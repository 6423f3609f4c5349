"""docs/data.md: the public sets with source, licence, size and hash, from the catalogue and the files.

`make docs DATA=folder` writes it where the sets are there; rows, sizes and hashes are read from their files.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bonafit_training.data.catalogue import DATASETS, dataset_files, reference

# Where a set is published, where that is one address; of others the source says whom to ask.
_CODE = "https://github.com/"
HOMES = {
    "srf_2017_followers": _CODE + "srfdata/2017-10-instagram-influencers",
    "instafake_2019_accounts": _CODE + "fcakyon/instafake-dataset",
    "instafake_2019_automation_features": _CODE + "fcakyon/instafake-dataset",
    "instafake_2019_genuine_post_series": _CODE + "fcakyon/instafake-dataset",
    "youtube_spam_2015_comments": "https://archive.ics.uci.edu/dataset/380/youtube+spam+collection",
    "davidson_2017": _CODE + "t-davidson/hate-speech-and-offensive-language",
    "surge_toxicity_2022": _CODE + "surge-ai/toxicity",
    "germeval_2018": _CODE + "uds-lsv/GermEval-2018-Data",
    "told_br_2020": _CODE + "JAugusto97/ToLD-Br",
    "korean_beep_2020": _CODE + "kocohub/korean-hate-speech",
    "mlma_2019": _CODE + "HKUST-KnowComp/MLMA_hate_speech",
    "janitr_2026_posts": _CODE + "janitrai/janitr",
    "profanity_words": _CODE + "surge-ai/profanity",
    "sib200": _CODE + "dadelani/sib-200",
    "hatecheck": _CODE + "rewire-online/multilingual-hatecheck",
    "tweeteval_hate_2019": _CODE + "cardiffnlp/tweeteval",
    "tweeteval_offensive_2019": _CODE + "cardiffnlp/tweeteval",
    "hatebr_2022": _CODE + "franciellevargas/HateBR",
    "indonesian_hate_2019": _CODE + "okkyibrohim/id-multi-label-hate-speech-and-abusive-language-detection",
    "openai_moderation_2022": _CODE + "openai/moderation-api-release",
    "sensitive_topics_ru": _CODE + "s-nlp/inappropriate-sensitive-topics",
}

INTRODUCTION = """\
# Public sets

What trains and measures the published bundles; none of it is in this repository, and none is needed to score or to
train on your own files (`bonafit train --own`, [training.md](training.md)). Each lies under `DATA` at the path given,
as Parquet in the layout of its reader in `bonafit_training/data`. The hash is the one that a bundle's manifest and
card name: sha256 over every file's name and sha256, sorted. "Unstated" is what the source says of a licence: nothing.
Sets that measure only are never trained on. Written by `make docs` where the sets are there.

How to get one: download it where its source leads, drop what names people, and write Parquet with the columns that the
set's reader in `bonafit_training/data` takes; other rows or another order give another hash, and `make reproduce` tells
so. A source without a link has no address that could be checked: search for it, or ask its authors.
`unstated_licences = false` in a configuration publishes nothing that a set without a stated licence taught
([training.md](training.md)).

| set | path | source | licence | rows | bytes | sha256 | trains |
|---|---|---|---|---|---|---|---|
"""


def page(root: Path) -> str:
    """The page for the sets under `root`. Raises InputError where one is absent."""
    rows = []
    for name, dataset in DATASETS.items():
        known = reference(root, name)
        size = sum(file.stat().st_size for file in dataset_files(root, name))
        trains = "yes" if dataset.trains else "measures only"
        source = f"[{dataset.source}]({HOMES[name]})" if name in HOMES else dataset.source
        cells = (f"`{name}`", f"`{dataset.path}`", source, dataset.licence, f"{known.rows:,}", f"{size:,}")
        rows.append("| " + " | ".join((*cells, f"`{known.sha256}`", trains)) + " |")
    return INTRODUCTION + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page(Path(sys.argv[1])))
