"""The public sets bonafit knows: where they lie, what their sources say of licences, and what they may be used for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from bonafit.bundle.manifest import DatasetReference, file_digest
from bonafit.errors import InputError

# What stands for the licence of a set whose source states none.
UNSTATED = "unstated"


@dataclass(frozen=True)
class Dataset:
    """One public set. path : file or folder under the data root. trains : may train a published bundle."""

    name: str
    path: str
    licence: str
    source: str
    trains: bool = True


_ALL = (
    Dataset(
        "purba_2020_accounts",
        "authenticity/purba_2020_accounts.parquet",
        "unstated",
        "Purba et al., IJECE 10(3), 2020",
    ),
    Dataset("srf_2017_followers", "authenticity/srf_2017_followers.parquet", "CC BY-SA 4.0", "SRF Data, 2017"),
    Dataset(
        "instafake_2019_accounts",
        "authenticity/instafake_2019_accounts.parquet",
        "CC BY-NC 4.0",
        "InstaFake, arXiv 1910.03090",
        trains=False,
    ),
    Dataset(
        "instafake_2019_automation_features",
        "authenticity/instafake_2019_automation_features.parquet",
        "CC BY-NC 4.0",
        "InstaFake, arXiv 1910.03090",
        trains=False,
    ),
    Dataset(
        "instafake_2019_genuine_post_series",
        "engagement/instafake_2019_genuine_post_series.parquet",
        "CC BY-NC 4.0",
        "InstaFake, arXiv 1910.03090",
        trains=False,
    ),
    Dataset(
        "kaggle_2019_fake_spammer_train",
        "authenticity/kaggle_2019_fake_spammer_train.parquet",
        "CC BY 3.0 (second-hand)",
        "Kaggle, Instagram fake/spammer/genuine accounts, 2019",
    ),
    Dataset(
        "youtube_spam_2015_comments",
        "authenticity/youtube_spam_2015_comments.parquet",
        "CC BY 4.0",
        "YouTube Spam Collection, UCI, 2015",
    ),
    Dataset("gan_2019", "fit/gan_2019", "unstated", "Gan et al., ACM Multimedia 2019"),
    Dataset("instagram_2017", "fit/instagram_2017", "unstated", "Instagram captions and likes, 2017"),
    Dataset("youtube_2025", "fit/youtube_2025", "Apache-2.0", "YouTube channels, 2025"),
    Dataset("shark_tank_brands", "fit/shark_tank_brands.parquet", "Apache-2.0", "Shark Tank companies"),
    Dataset("tiktok_2020", "engagement/tiktok_2020", "unstated", "TikTok creators and posts, 2020"),
    Dataset("tides_2024_tiktok_creators", "engagement/tides_2024_tiktok_creators.parquet", "unstated", "TIDES, 2024"),
    Dataset("youtube_charts_2026", "engagement/youtube_charts_2026", "CC0-1.0 / MIT", "YouTube chart snapshots, 2026"),
    Dataset("davidson_2017", "safety/davidson_2017.parquet", "MIT", "Davidson et al., ICWSM 2017"),
    Dataset("surge_toxicity_2022", "safety/surge_toxicity_2022.parquet", "MIT", "Surge AI, toxic comments, 2022"),
    Dataset("germeval_2018", "safety/germeval_2018.parquet", "CC BY 4.0", "GermEval 2018"),
    Dataset("told_br_2020", "safety/told_br_2020.parquet", "CC BY-SA 4.0", "ToLD-Br, AACL 2020"),
    Dataset("korean_beep_2020", "safety/korean_beep_2020.parquet", "CC BY-SA 4.0", "BEEP!, SocialNLP 2020"),
    Dataset("mlma_2019", "safety/mlma_2019.parquet", "MIT", "MLMA, EMNLP 2019"),
    Dataset(
        "judol_2026_comments",
        "safety/judol_2026_comments.parquet",
        "MIT",
        "Gambling comments under Indonesian videos, 2026",
    ),
    Dataset("janitr_2026_posts", "safety/janitr_2026_posts.parquet", "MIT", "Janitr, posts on X, 2026"),
    Dataset("profanity_words", "safety/profanity_words.parquet", "MIT, CC BY 4.0", "Surge AI and LDNOOBW word lists"),
    Dataset("sib200", "topics/sib200.parquet", "Apache-2.0, CC BY-SA 4.0", "SIB-200, 2023"),
    Dataset(
        "hatecheck",
        "safety/hatecheck.parquet",
        "CC BY 4.0",
        "HateCheck and Multilingual HateCheck",
        trains=False,
    ),
    Dataset(
        "tweeteval_hate_2019", "safety/tweeteval_hate_2019.parquet", "unstated", "SemEval 2019 task 5", trains=False
    ),
    Dataset(
        "tweeteval_offensive_2019", "safety/tweeteval_offensive_2019.parquet", "unstated", "OLID, 2019", trains=False
    ),
    Dataset("hatebr_2022", "safety/hatebr_2022.parquet", "CC BY-NC 4.0", "HateBR, 2022", trains=False),
    Dataset(
        "indonesian_hate_2019",
        "safety/indonesian_hate_2019.parquet",
        "CC BY-NC-SA 4.0",
        "Ibrohim and Budi, 2019",
        trains=False,
    ),
    Dataset(
        "openai_moderation_2022",
        "safety/openai_moderation_2022.parquet",
        "MIT",
        "OpenAI moderation evaluation, 2022",
        trains=False,
    ),
    Dataset(
        "sensitive_topics_ru",
        "safety/sensitive_topics_ru.parquet",
        "CC BY-NC-SA 4.0",
        "Babakov et al., 2021",
        trains=False,
    ),
)
DATASETS = {dataset.name: dataset for dataset in _ALL}


def dataset_files(root: Path, name: str) -> list[Path]:
    """The files of one set, sorted. Raises InputError where the name is unknown or nothing is there."""
    if name not in DATASETS:
        raise InputError(f"data set {name!r} is unknown; expected one of {', '.join(sorted(DATASETS))}")
    path = root / DATASETS[name].path
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in (".parquet", ".npz"))
    if not files:
        raise InputError(f"{path}: no files; expected the public set {name}, set DATA to the folder that has it")
    return files


def reference(root: Path, name: str) -> DatasetReference:
    """Name, digest over all files, rows and licence of one set, for a manifest."""
    digest, rows = hashlib.sha256(), 0
    for file in dataset_files(root, name):
        digest.update(f"{file.name}\0{file_digest(file)}\n".encode())
        if file.suffix == ".parquet":
            rows += pq.ParquetFile(file).metadata.num_rows
    return DatasetReference(name=name, sha256=digest.hexdigest(), rows=rows, licence=DATASETS[name].licence)
