"""The script that bonafit is compared with: ranks creators for a brief with sentence-transformers and scikit-learn.

Written as a competent person would who has an afternoon: rows streamed, equal texts once, all encoded
in one sorted call at the library's best batch size, one matrix product, a creator's fit the mean of the best three
similarities per facet, and a tree ensemble over simple account numbers beside it. Cleaning is bonafit's, so that both
read the same texts; without it the ranking would differ for reasons that are not speed.

    python benchmarks/speed/obvious.py creators.jsonl brief.json out.json MODEL_FOLDER
"""

from __future__ import annotations

import json
import sys

import numpy as np

BEST = 3
BATCH = 8


def main(source: str, brief_file: str, out: str, model_folder: str) -> None:
    """Write ids and fits, best first."""
    from sentence_transformers import SentenceTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier

    from bonafit.io.brief import read_brief
    from bonafit.io.read import creator_from_dict
    from bonafit.text.units import brief_facets, creator_units

    texts: dict[str, int] = {}
    owners, ids, numbers = [], [], []
    with open(source, encoding="utf-8") as lines:
        for line in lines:
            creator = creator_from_dict(json.loads(line))
            owners.append([texts.setdefault(unit.text, len(texts)) for unit in creator_units(creator)])
            ids.append(creator.creator_id)
            numbers.append([creator.followers or 0, creator.following or 0, creator.posts_count or 0])
    model = SentenceTransformer(model_folder, device="cpu")
    vectors = model.encode(list(texts), batch_size=BATCH, show_progress_bar=False, normalize_embeddings=True)
    facets = [unit.text for unit in brief_facets(read_brief(brief_file)) if unit.kind != "excluded"]
    similar = vectors @ model.encode(facets, normalize_embeddings=True).T
    fits = [float(np.sort(similar[rows], axis=0)[-BEST:].mean()) if rows else -1.0 for rows in owners]
    X = np.log1p(np.array(numbers, dtype=float))
    # Stands for a model loaded with joblib: fitted on made-up labels, what counts here is the time it takes to answer.
    rng = np.random.default_rng(0)
    forest = HistGradientBoostingClassifier(max_iter=100).fit(X[:2_000], rng.integers(0, 2, min(2_000, len(X))))
    genuine = forest.predict_proba(X)[:, 1]
    order = sorted(range(len(ids)), key=lambda i: (-fits[i], ids[i]))
    with open(out, "w", encoding="utf-8") as stream:
        json.dump([{"creator_id": ids[i], "fit": fits[i], "genuine": float(genuine[i])} for i in order], stream)


if __name__ == "__main__":
    main(*sys.argv[1:])
