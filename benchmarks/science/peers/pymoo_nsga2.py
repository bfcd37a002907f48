"""The rows search.nsga2.* by pymoo: a table of 45^3 networks, population 100, by generation or one child at a time."""

import sys
import time

import numpy as np
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.core.problem import Problem
from pymoo.operators.crossover.ux import UniformCrossover
from pymoo.operators.mutation.pm import PM
from pymoo.operators.repair.rounding import RoundingRepair
from pymoo.operators.sampling.rnd import IntegerRandomSampling
from pymoo.optimize import minimize

table = np.random.default_rng(1).random((45**3, 2))


class Table(Problem):
    def __init__(self):
        super().__init__(n_var=3, n_obj=2, xl=0, xu=44, vtype=int)

    def _evaluate(self, x, out, *args, **kwargs):
        at = x.astype(int)
        out["F"] = table[(at[:, 0] * 45 + at[:, 1]) * 45 + at[:, 2]]


def rate(children, evaluations):
    algorithm = NSGA2(
        pop_size=100,
        n_offsprings=children,
        sampling=IntegerRandomSampling(),
        crossover=UniformCrossover(prob=0.9),
        mutation=PM(vtype=float, repair=RoundingRepair()),
        eliminate_duplicates=False,
    )
    begun = time.perf_counter()
    minimize(Table(), algorithm, ("n_eval", evaluations), seed=1)
    return evaluations / (time.perf_counter() - begun)


if __name__ == "__main__":
    for name, children, evaluations in (("generational", 100, 20_000), ("steady", 1, 1_000)):
        rates = sorted(rate(children, evaluations) for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
        print(f"search.nsga2.{name}: {rates[len(rates) // 2]:,.0f} evaluations/s")
