"""docs/data.md: the public sets with source, licence, size and hash, from the catalogue and the files.

`make docs DATA=folder` writes it where the sets are there; rows, sizes and hashes are read from their files.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bonafit_training.data.catalogue import DATASETS, dataset_files, reference

INTRODUCTION = """\
# Public sets

What trains and measures the published bundles; none of it is in this repository, and none is needed to score or to
train on your own files (`bonafit train --own`, [training.md](training.md)). Each lies under `DATA` at the path given,
as Parquet in the layout of its reader in `bonafit_training/data`. The hash is the one that a bundle's manifest and
card name: sha256 over every file's name and sha256, sorted. "Unstated" is what the source says of a licence: nothing.
Sets that measure only are never trained on. Written by `make docs` where the sets are there.

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
        cells = (f"`{name}`", f"`{dataset.path}`", dataset.source, dataset.licence, f"{known.rows:,}", f"{size:,}")
        rows.append("| " + " | ".join((*cells, f"`{known.sha256}`", trains)) + " |")
    return INTRODUCTION + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page(Path(sys.argv[1])))
