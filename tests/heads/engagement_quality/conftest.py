"""A head fitted once on invented creators, for every test of this folder."""

from __future__ import annotations

import msgspec
import pytest

from bonafit.heads.engagement_quality.head import POOLED, EngagementQualityHead
from bonafit.heads.engagement_quality.series import Basis
from tests.engagement_makers import creator_of, prepared

BY_FOLLOWERS = Basis("likes_comments", "followers")


@pytest.fixture(scope="session")
def head() -> EngagementQualityHead:
    # the light environment has no training package to read; tests that need no fitted head run there
    pytest.importorskip("sklearn", reason="a head is fitted with scikit-learn, which `make test` installs")
    import bonafit_training.heads.engagement_quality.bands as training_bands
    import bonafit_training.heads.engagement_quality.trees as training_trees
    from bonafit_training.heads.engagement_quality.before_trees import Choices
    from bonafit_training.heads.engagement_quality.platform import fit_platform

    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setitem(training_trees.SETTINGS, "max_iter", 25)
    monkeypatch.setattr(training_bands, "MOST_ROWS", 300)
    # calm and restless creators, or nothing could be learned of what a spread foretells
    crowd = [prepared(creator_of(seed, spread=(0.3, 0.4, 0.8)[seed % 3])) for seed in range(150)]
    models = {
        "tiktok": fit_platform(crowd, Choices(BY_FOLLOWERS), seed=3).model,
        POOLED: fit_platform(crowd[:90], Choices(BY_FOLLOWERS, rest=False), seed=3).model,
    }
    monkeypatch.undo()
    section, tables = EngagementQualityHead(models).to_bundle()
    decoded = msgspec.json.decode(msgspec.json.encode(section))
    return EngagementQualityHead.from_bundle(decoded, tables)
