import pytest

from penstock.local.services.sagemaker.jobs.tuning.ranges import Categorical, Numeric
from penstock.local.services.sagemaker.jobs.tuning.searches import BayesianSearch, GridSearch, RandomSearch

X = Numeric("x", 0, 10, "Linear", whole=False)
N = Numeric("n", 1, 5, "Linear", whole=True)
COLOUR = Categorical("colour", ("red", "blue"))


def cost(values: dict[str, str]) -> float:
    return abs(float(values["x"]) - 3) + (values["colour"] == "red")


def test_a_seed_repeats_a_random_search() -> None:
    first, second = ([RandomSearch([X, N, COLOUR], 7).ask() for _ in range(2)] for _ in range(2))
    assert first == second


def test_a_random_search_covers_its_ranges() -> None:
    search = RandomSearch([X, N, COLOUR], 7)
    asked = [search.ask() for _ in range(200)]
    assert {values["n"] for values in asked} == {"1", "2", "3", "4", "5"}
    assert {values["colour"] for values in asked} == {"red", "blue"}
    numbers = sorted(float(values["x"]) for values in asked)
    assert numbers[0] < 1
    assert numbers[-1] > 9


def test_a_grid_has_every_combination_once() -> None:
    search = GridSearch([COLOUR, Categorical("size", ("1", "2"))], None)
    asked = [search.ask() for _ in range(5)]
    assert asked == [
        {"colour": "red", "size": "1"},
        {"colour": "red", "size": "2"},
        {"colour": "blue", "size": "1"},
        {"colour": "blue", "size": "2"},
        None,
    ]


def test_a_bayesian_search_finds_what_a_random_one_does_not() -> None:
    found = {}
    for kind in (RandomSearch, BayesianSearch):
        search = kind([X, COLOUR], 1)
        costs = []
        for number in range(1, 41):
            costs.append(cost(search.ask()))
            search.tell(number, costs[-1])
        found[kind] = sum(costs[20:])
    assert found[BayesianSearch] < found[RandomSearch] / 2


def test_a_training_job_without_objective_is_no_lesson() -> None:
    search = BayesianSearch([X], 1)
    search.ask()
    search.tell(1, None)
    assert 0 <= float(search.ask()["x"]) <= 10


def test_a_warm_start_searches_where_its_parents_were_good() -> None:
    search = BayesianSearch([X, COLOUR], 1)
    for step in range(40):
        values = {"x": str(step / 4), "colour": "blue"}
        search.learn(values, cost(values))
    search.learn({"x": "70", "colour": "blue"}, -100)  # not in the range: no lesson
    search.learn({"x": "7", "colour": "green"}, -100)
    asked = [float(search.ask()["x"]) for _ in range(10)]
    assert sum(1 < value < 5 for value in asked) > 5


@pytest.mark.parametrize("kind", [RandomSearch, GridSearch])
def test_others_learn_nothing(kind: type[RandomSearch | GridSearch]) -> None:
    search = kind([COLOUR], 3)
    search.learn({"colour": "red"}, 1)
    search.tell(1, 1)
    assert search.ask()
