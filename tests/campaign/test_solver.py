"""The chosen list is the best there is: brute force over small problems, and every constraint held."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonafit.campaign import solver
from bonafit.campaign.clash import clash
from bonafit.campaign.overlap import Groups, Pairs, heaviest_tree
from bonafit.campaign.problem import Problem, Rule, counting, spending
from bonafit.campaign.search import search
from bonafit.campaign.solver import OutOfTimeError, Program


def drawn(seed: int) -> Problem:
    """A small problem with prices, quotas, caps, and overlaps of either kind."""
    rng = np.random.default_rng(seed)
    n, most = int(rng.integers(2, 7)), int(rng.integers(1, 3))
    gain = np.round(np.exp(rng.normal(4, 1, n)), 3)
    price = np.round(gain * np.exp(rng.normal(0, 0.7, n)), 2)
    platform = rng.integers(0, 2, n)
    rules: list[Rule] = []
    if rng.random() < 0.5:
        rules.append(counting("size", np.arange(n), n, low=int(rng.integers(0, 2)), high=int(rng.integers(1, n + 1))))
    if rng.random() < 0.4:
        rules.append(counting("platform", np.flatnonzero(platform == 0), n, low=1))
    if rng.random() < 0.3:
        rules.append(spending("spent there", np.flatnonzero(platform == 1), n, high=float(price.sum() / 4)))
    if rng.random() < 0.3:
        rules.append(counting("must have", [int(rng.integers(n))], n, low=1))
    pairs, of, people = Pairs(np.zeros(0, int), np.zeros(0, int), np.zeros(0)), np.full(n, -1), np.zeros(0)
    kind = rng.integers(3)
    if kind == 1:
        a, b = np.triu_indices(n, 1)
        take = rng.random(len(a)) < 0.6
        a, b = a[take], b[take]
        pairs = Pairs(a, b, np.minimum(gain[a], gain[b]) * rng.random(len(a)) * 0.9)
    elif kind == 2:
        of = rng.integers(-1, 2, n)
        people = np.full(2, max(2 * gain.max(), gain.sum() * rng.uniform(0.5, 3)))
    return Problem(
        gain, price, np.full(n, most), float(price.sum() * rng.uniform(0.2, 1.2)), 0.4, tuple(rules), pairs,
        Groups(of, people),
    )  # fmt: skip


def by_brute_force(problem: Problem) -> float | None:
    """The best outcome over every list that holds all constraints, None where there is none."""
    best = None
    for posts in product(*(range(most + 1) for most in problem.most)):
        array = np.array(posts)
        if not problem.broken(array):
            value = problem.outcome(array)
            best = value if best is None else max(best, value)
    return best


@pytest.mark.slow
@pytest.mark.parametrize("block", range(8))
def test_equals_brute_force_on_small_problems(block: int) -> None:
    infeasible = 0
    for seed in range(block * 30, block * 30 + 30):
        problem = drawn(seed)
        best = by_brute_force(problem)
        solution = Program(problem).solve()
        if best is None:
            infeasible += 1
            assert solution is None, seed
            names = clash(problem)
            assert names, seed
            continue
        assert solution is not None, seed
        assert problem.broken(solution.posts) == [], seed
        assert solution.value == pytest.approx(best, rel=1e-5, abs=1e-6), seed
        assert solution.bound >= best * (1 - 1e-6), seed
        assert clash(problem) == [], seed
    assert infeasible < 15


@pytest.mark.parametrize("seed", [2_441, 10_448, 12_955, 17_364, 17_946])
def test_what_a_list_brings_is_not_missed_where_columns_had_no_bound(seed: int) -> None:
    # with columns without an upper bound HiGHS proved a list that brings up to a tenth less than the best
    problem = drawn(seed)
    solution = Program(problem).solve()
    assert solution is not None
    assert solution.value == pytest.approx(by_brute_force(problem), rel=1e-5, abs=1e-6)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1_000, 10**6), st.integers(20, 60))
def test_constraints_hold(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    gain, price = np.exp(rng.normal(4, 1, n)), np.exp(rng.normal(4, 1, n))
    third = np.arange(n) % 3
    rules = (
        counting("quota", np.flatnonzero(third == 0), n, low=2),
        counting("cap", np.flatnonzero(third == 1), n, high=3),
        spending("share", np.flatnonzero(third == 2), n, high=float(price.sum() / 20)),
    )
    problem = Problem(gain, price, np.full(n, 2), float(price.sum() / 4), 0.5, rules)
    solution = Program(problem).solve(gap=1e-3, seconds=5)
    if solution is None:
        assert clash(problem)
    else:
        assert problem.broken(solution.posts) == []
        assert np.all(solution.posts >= 0)
        assert solution.value <= solution.bound * (1 + 1e-9)


def test_the_clash_names_what_cannot_hold_together() -> None:
    n = 4
    rules = (
        counting("at least three in all", np.arange(n), n, low=3),
        counting("at most one on tiktok", [0, 1, 2], n, high=1),
        counting("harmless", [3], n, low=0, high=5),
    )
    problem = Problem(np.ones(n), np.full(n, 10.0), np.ones(n, int), 100.0, rules=rules)
    assert Program(problem).solve() is None
    assert clash(problem) == ["at least three in all", "at most one on tiktok"]
    poor = Problem(np.ones(n), np.full(n, 10.0), np.ones(n, int), 20.0, rules=rules[:1])
    assert clash(poor) == ["budget", "at least three in all"]


def test_large_problems_are_solved_within_their_bound() -> None:
    rng = np.random.default_rng(4)
    n = 1_200
    gain = np.exp(rng.normal(5, 1, n))
    problem = Problem(
        gain,
        gain * np.exp(rng.normal(0, 0.5, n)),
        np.full(n, 2),
        20_000.0,
        0.5,
        (counting("size", np.arange(n), n, high=30),),
    )
    program = Program(problem)
    solution = program.solve(gap=1e-3, seconds=8)
    assert solution is not None
    assert problem.broken(solution.posts) == []
    assert solution.value >= 0.995 * solution.bound
    assert program.worth_of_money() > 0


def test_reach_lies_between_both_bounds_of_a_union() -> None:
    rng = np.random.default_rng(2)
    people = rng.random((6, 400)) < rng.uniform(0.05, 0.5, (6, 1))
    a, b = np.triu_indices(6, 1)
    pairs = Pairs(a, b, (people[a] & people[b]).sum(1).astype(float))
    gain = people.sum(1).astype(float)
    problem = Problem(gain, np.ones(6), np.ones(6, int), 6.0, pairs=pairs)
    for size in (2, 3, 6):
        posts = (np.arange(6) < size).astype(int)
        true = float(people[:size].any(0).sum())
        assert problem.outcome(posts) <= true + 1e-9
        assert problem.at_most(posts) >= true - 1e-9
    assert heaviest_tree(pairs, {0}) == 0.0


@pytest.mark.slow
def test_many_creators_in_many_groups_are_sifted_to_the_same_bound() -> None:
    rng = np.random.default_rng(5)
    n, groups = 700, 40
    gain = np.exp(rng.normal(5, 1, n))
    price = np.exp(rng.normal(5.5, 0.8, n))
    of = rng.integers(0, groups, n)
    people = np.array([max(2.0 * gain[of == g].max(), 10 * gain[of == g].mean()) for g in range(groups)])
    rules = (
        counting("size", np.arange(n), n, low=10, high=10),
        counting("rare", np.argsort(gain)[:20], n, low=2),
    )
    problem = Problem(gain, price, np.full(n, 3), 4_000.0, 0.5, rules, groups=Groups(of, people))
    sifted, whole = Program(problem), Program(problem)
    sifted.sifted[:] = False
    sifted.sifted[np.argsort(gain)[:40]] = True
    sifted.sifted[np.argsort(gain)[-5:]] = True
    whole.sifted[:] = True
    bounds = [program.solve(whole=False) for program in (sifted, whole)]
    assert bounds[0] is not None
    assert bounds[1] is not None
    assert bounds[0].bound == pytest.approx(bounds[1].bound, rel=1e-9)
    assert not np.all(sifted.sifted)
    solution = sifted.solve(gap=1e-3, seconds=20)
    assert solution is not None
    assert problem.broken(solution.posts) == []
    assert solution.proven(2e-3)


def test_a_clock_that_runs_out_is_no_clash() -> None:
    """Whoever has no time gets a list by exchanges with its bound, never the word that there is none."""
    rng = np.random.default_rng(6)
    n = 2_000
    gain, price = np.exp(rng.normal(5, 1, n)), np.exp(rng.normal(5.5, 0.8, n))
    of = np.arange(n) % 60
    people = np.full(60, 3 * gain.max())
    rules = (counting("size", np.arange(n), n, low=10, high=10),)
    problem = Problem(gain, price, np.full(n, 3), 8_000.0, 0.5, rules, groups=Groups(of, people))
    try:
        solution = Program(problem).solve(gap=1e-6, seconds=0.01)
    except OutOfTimeError:
        return
    assert solution is not None
    assert problem.broken(solution.posts) == []
    assert solution.bound >= solution.value * (1 - 1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_few_posts_at_a_time_lead_to_the_same_list(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = drawn(seed)
    best = by_brute_force(problem)
    monkeypatch.setattr(solver, "KERNEL", 1)
    solution = Program(problem).solve()
    assert (solution is None) == (best is None)
    if solution is not None:
        assert solution.value == pytest.approx(best, rel=1e-5, abs=1e-6)
    # where even those that cannot be ruled out are too many, the first list stands with the bound of the relaxation
    monkeypatch.setattr(solver, "MOST_OPEN", 0)
    rough = Program(problem).solve()
    assert (rough is None) == (best is None)
    if rough is not None:
        assert problem.broken(rough.posts) == []
        assert rough.value <= best + 1e-6 <= rough.bound * (1 + 1e-6) + 1e-6


class Clock:
    """scipy's solvers, of which the named ones run out of time from their n-th call on."""

    def __init__(self, optimize: Any, **last: int) -> None:
        self._optimize, self._left = optimize, last

    def __getattr__(self, name: str) -> Any:
        solve = getattr(self._optimize, name)
        if name not in self._left:
            return solve

        def timed(*arguments: Any, **options: Any) -> Any:
            self._left[name] -= 1
            if self._left[name] < 0:
                return SimpleNamespace(x=None, status=solver.TIMED_OUT)
            return solve(*arguments, **options)

        return timed


def solvable() -> Problem:
    return next(problem for problem in map(drawn, range(20)) if by_brute_force(problem))


def test_a_clock_that_runs_out_gives_the_best_so_far_with_its_bound_or_says_so() -> None:
    problem = solvable()
    best = by_brute_force(problem)
    assert best is not None
    program = Program(problem)
    program.optimize = Clock(program.optimize, linprog=0)
    with pytest.raises(OutOfTimeError):
        program.solve()
    assert program.worth_of_money() == 0.0
    # the relaxation was solved, no whole list was: one is found by exchanges
    program = Program(problem)
    program.optimize = Clock(program.optimize, milp=0)
    solution = program.solve()
    assert solution is not None
    assert problem.broken(solution.posts) == []
    assert solution.value <= best + 1e-6 <= solution.bound * (1 + 1e-6) + 1e-6


def test_a_clock_that_runs_out_between_two_programs_keeps_the_first_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "KERNEL", 1)
    problem = solvable()
    for whole_lists in (0, 1):
        program = Program(problem)
        program.optimize = Clock(program.optimize, milp=whole_lists)
        solution = program.solve()
        assert solution is not None
        assert problem.broken(solution.posts) == []


@pytest.mark.parametrize("block", range(3))
def test_exchanges_find_lists_that_hold_and_come_near_the_best(block: int) -> None:
    reached = []
    for seed in range(100 + 25 * block, 125 + 25 * block):
        problem = drawn(seed)
        best = by_brute_force(problem)
        posts = search(problem)
        if posts is None:
            continue
        assert best is not None, seed
        assert problem.broken(posts) == [], seed
        value = problem.outcome(posts)
        assert value <= best * (1 + 1e-9) + 1e-9, seed
        reached.append(value / best if best > 0 else 1.0)
    assert np.mean(reached) > 0.97
    assert min(reached) > 0.6
