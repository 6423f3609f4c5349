"""Authenticity rows of `make benchmark`."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.registry import Suite

from bonafit_training.artifact import Context, Row
from bonafit_training.authenticity.evaluate import account_rows, purba_baselines
from bonafit_training.authenticity.fit import fit_on_train
from bonafit_training.datasets.authenticity import read_purba


def purba_published_test(context: Context) -> Iterator[Row]:
    """Account models fitted on the published train part, and their baselines, on the published test part."""
    purba = read_purba(context.data)
    yield from account_rows(purba, fit_on_train(purba, context))
    yield from purba_baselines(purba)


SUITES: dict[str, Suite] = {
    "authenticity/purba_2020_accounts/published_test": purba_published_test,
}
