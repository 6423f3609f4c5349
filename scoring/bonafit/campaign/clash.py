"""Which constraints clash where no list holds them all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bonafit.campaign.matrices import without
from bonafit.campaign.problem import Problem, Rule
from bonafit.campaign.solver import OutOfTimeError, Program
from bonafit.errors import InputError


def clash(problem: Problem) -> list[str]:
    """Names of constraints that cannot hold together, none of which can be left out of the clash; empty where all can.

    A deletion filter: each constraint whose absence leaves a clash is dropped for good (Chinneck & Dravnieks 1991).
    Raises InputError where the clock ran out before it was known.
    """
    unweighted = Problem(
        np.zeros(len(problem)), problem.price, problem.most, problem.budget, problem.repeat, problem.rules
    )
    program = Program(unweighted)
    free = float(np.sum(problem.price * problem.most)) + 1.0

    def feasible(rules: Sequence[Rule], budget: float) -> bool:
        return program.solve(rules=rules, budget=budget, seconds=5.0) is not None

    try:
        if feasible(problem.rules, problem.budget):
            return []
        budget, rules_left = problem.budget, list(problem.rules)
        if not feasible(rules_left, free):
            budget = free
        for rule in problem.rules:
            if not feasible(rest := list(without(rules_left, rule)), budget):
                rules_left = rest
    except OutOfTimeError:
        raise InputError("which wishes clash was not found in time; take some of them out of the brief") from None
    return [*(["budget"] if budget != free else []), *(rule.name for rule in rules_left)]
