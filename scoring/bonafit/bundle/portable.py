"""A bundle made portable: its folder and the encoders that it refers to, side by side, as a folder or an archive."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from bonafit.bundle.manifest import Bundle, door_folder, encoder_folder

# Archives of equal bundles have equal bytes: a fixed stamp, the earliest that zip knows.
STAMP = (1980, 1, 1, 0, 0, 0)


def portable_files(bundle: Bundle) -> dict[str, Path]:
    """Every file that scoring reads, by its path below a common root: `<bundle>/...` and `encoders/<folder>/...`.

    Of an encoder only the precision that the heads were trained on: a graph of another one may be four times as big.
    """
    from bonafit.encoders import read_card
    from bonafit.encoders.card import CARD_FILE

    root = Path(bundle.path)
    name = bundle.manifest.name
    files = {f"{name}/{file.name}": file for file in sorted(root.iterdir()) if file.is_file()}
    manifest = bundle.manifest
    for folder, reference in ((encoder_folder(bundle), manifest.encoder), (door_folder(bundle), manifest.door)):
        if folder is not None and reference is not None:
            card = read_card(folder)
            of_card = [card.tokenizer, card.graph(reference.precision), *([card.map] if card.map else [])]
            for file in (CARD_FILE, *(entry.file for entry in of_card)):
                files[f"encoders/{folder.name}/{file}"] = folder / file
    return files


def copy_portable(bundle: Bundle, root: Path) -> Path:
    """Copy a bundle with its encoder below `root`; returns the bundle's folder there."""
    for name, file in portable_files(bundle).items():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return root / bundle.manifest.name


def zip_portable(bundle: Bundle, target: Path) -> None:
    """Write a bundle with its encoder as one zip file; equal bundles give equal bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in sorted(portable_files(bundle).items()):
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
