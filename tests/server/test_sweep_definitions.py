"""What a sweep's definition may say, what it then tries, and what is refused or doubted."""

from __future__ import annotations

import json
import math
from random import Random
from statistics import fmean, median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandql.server.messages import Refusal
from wandql.server.sweeps import definitions as sweep_definitions
from wandql.server.sweeps.bayes import Observation, propose_point
from wandql.server.sweeps.definitions import Definition, read_definition
from wandql.server.sweeps.search import Grid, draw_point


def define(method: str = "grid", **keys: Any) -> Definition:
    return read_definition(json.dumps({"method": method, **keys}))


def points(parameters: dict[str, Any]) -> list[Any]:
    grid = define(parameters=parameters).grid
    assert grid is not None
    return [grid.point(number) for number in range(grid.size)]


def values(parameter: dict[str, Any]) -> list[Any]:
    return [point["x"]["value"] for point in points({"x": parameter})]


def draws(count: int = 2000, **parameter: Any) -> list[Any]:
    read, chance = define("random", parameters={"x": parameter}).parameters, Random(1)
    return [draw_point(read, chance)["x"]["value"] for _ in range(count)]


def refusal(text: str) -> str:
    with pytest.raises(Refusal) as caught:
        read_definition(text)
    assert caught.value.status == 400
    return str(caught.value)


def test_a_grid_goes_through_all_combinations_by_name_with_the_last_one_changing_first():
    found = points({"b": {"values": [1, 2]}, "a": {"values": ["x", "y"]}, "c": {"value": 3}})
    assert [(p["a"]["value"], p["b"]["value"], p["c"]["value"]) for p in found] == [
        ("x", 1, 3), ("x", 2, 3), ("y", 1, 3), ("y", 2, 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        ({"value": None}, [None]),
        ({"values": [1, 1.0, True, "1", None, [1], [1.0], {"a": 1}]}, [1, True, "1", None, [1], {"a": 1}]),
        ({"min": -1, "max": 2}, [-1, 0, 1, 2]),
        ({"distribution": "int_uniform", "min": 1, "max": 2}, [1, 2]),
        ({"distribution": "q_uniform", "min": 0.0, "max": 1.0, "q": 0.3}, [0, 0.3, 0.6, 0.9]),
        ({"distribution": "q_uniform", "min": 0.1, "max": 1.0, "q": 0.25}, [0.1, 0.35, 0.6, 0.85]),
        ({"distribution": "q_uniform", "min": 0, "max": 3}, [0, 1, 2]),
        ({"distribution": "q_uniform", "min": 0, "max": 1, "q": 0.25}, [0.0, 0.25, 0.5, 0.75]),
        ({"distribution": "categorical", "values": ["a"]}, ["a"]),
    ],
)
def test_what_can_be_counted_has_these_values(parameter: dict[str, Any], expected: list[Any]):
    found = values(parameter)
    assert [(type(value), value) for value in found] == [(type(f), e) for f, e in zip(found, expected, strict=True)]
    assert len(found) == len(expected)


def test_nested_parameters_make_nested_configs():
    inner = {"x": {"values": [1, 2]}, "deep": {"parameters": {"z": {"value": 5}}}}
    assert points({"n": {"parameters": inner}, "a": {"value": 0}}) == [
        {"a": {"value": 0}, "n": {"value": {"deep": {"z": 5}, "x": 1}}},
        {"a": {"value": 0}, "n": {"value": {"deep": {"z": 5}, "x": 2}}},
    ]


@given(st.dictionaries(st.text(max_size=3), st.lists(st.integers(0, 5) | st.booleans(), min_size=1), min_size=1))
def test_a_point_is_found_by_its_config(axes: dict[str, list[Any]]):
    grid = define(parameters={name: {"values": axis} for name, axis in axes.items()}).grid
    assert grid is not None
    for number in range(0, grid.size, max(1, grid.size // 50)):
        assert grid.find({**grid.point(number), "\0more": {"value": 1}}) == number


@pytest.mark.parametrize(
    "config",
    [{}, {"x": 1}, {"x": {"value": 3}}, {"x": {"value": True}}, {"x": {"value": {"y": 1}}}, {"y": {"value": 1}}],
)
def test_a_config_off_the_grid_is_no_point(config: dict[str, Any]):
    grid = define(parameters={"x": {"min": 1, "max": 2}}).grid
    assert grid is not None
    assert grid.find(config) is None


def test_a_grid_may_be_larger_than_any_memory():
    definition = define(parameters={name: {"min": 0, "max": 2**62} for name in "abc"})
    grid = definition.grid
    assert grid is not None
    number = grid.size - 2
    assert grid.point(number)["c"] == {"value": 2**62 - 1}
    assert grid.find(grid.point(number)) == number
    assert definition.expected_run_count is None


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"parameters": {"a": {"values": [1, 2]}, "b": {"min": 1, "max": 3}}}, 6),
        ({"parameters": {"a": {"values": [1, 2]}}, "run_cap": 1}, 1),
        ({"parameters": {"a": {"values": [1, 2]}}, "run_cap": 5}, 2),
        ({"method": "random", "parameters": {"a": {"values": [1, 2]}}}, None),
        ({"method": "random", "parameters": {"a": {"values": [1, 2]}}, "run_cap": 5}, 5),
    ],
)
def test_the_number_of_runs_is_that_of_the_grid_or_the_cap(keys: dict[str, Any], expected: int | None):
    assert define(**{"method": "grid", **keys}).expected_run_count == expected


@pytest.mark.parametrize(
    ("parameter", "low", "middle", "high"),
    [
        ({"min": 1.0, "max": 5.0}, 1, 3, 5),
        ({"min": 1, "max": 5.0}, 1, 3, 5),
        ({"distribution": "log_uniform", "min": -3, "max": 0}, math.exp(-3), math.exp(-1.5), 1),
        ({"distribution": "log_uniform_values", "min": 0.001, "max": 1}, 0.001, 0.001**0.5, 1),
        ({"distribution": "inv_log_uniform", "min": 0, "max": 3}, math.exp(-3), math.exp(-1.5), 1),
        ({"distribution": "inv_log_uniform_values", "min": 0.1, "max": 10}, 0.1, 1, 10),
        ({"distribution": "normal", "mu": 1, "sigma": 2}, -17, 1, 19),
        ({"distribution": "log_normal", "mu": 1, "sigma": 0.5}, 0, math.e, math.exp(5.5)),
        ({"distribution": "beta", "a": 2, "b": 5}, 0, 0.264, 1),
    ],
)
def test_draws_lie_where_the_distribution_has_them(parameter: dict[str, Any], low: float, middle: float, high: float):
    found = draws(**parameter)
    assert all(isinstance(value, float) and low <= value <= high for value in found)
    assert median(found) == pytest.approx(middle, rel=0.12)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        ({"distribution": "q_uniform", "min": 0.1, "max": 1.0, "q": 0.25}, {0.0, 0.25, 0.5, 0.75, 1.0}),
        ({"distribution": "q_uniform", "min": 0, "max": 0.7, "q": 0.1}, {0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7}),
        ({"distribution": "q_uniform", "min": 1, "max": 9, "q": 2}, {2, 4, 6, 8}),
        ({"distribution": "q_log_uniform", "min": 0, "max": 2, "q": 2}, {2, 4, 6, 8}),
        ({"distribution": "q_log_uniform_values", "min": 1, "max": 20, "q": 5}, {0, 5, 10, 15, 20}),
        ({"distribution": "q_beta", "a": 2, "b": 2, "q": 0.5}, {0.0, 0.5, 1.0}),
        ({"min": 1, "max": 4}, {1, 2, 3, 4}),
        ({"values": ["a", None, 2.5]}, {"a", None, 2.5}),
        ({"value": {"fixed": [1]}}, None),
    ],
)
def test_draws_in_steps_are_exact_multiples(parameter: dict[str, Any], expected: set[Any] | None):
    found = draws(**parameter)
    if expected is None:
        assert found == [parameter["value"]] * len(found)
    else:
        assert set(found) == expected


@pytest.mark.parametrize("name", ["q_normal", "q_log_normal"])
def test_normal_draws_can_be_rounded(name: str):
    found = draws(distribution=name, mu=1, sigma=0.5, q=0.5)
    assert all(value % 0.5 == 0 for value in found)
    assert fmean(found) == pytest.approx(1 if name == "q_normal" else math.exp(1.125), rel=0.05)


def test_probabilities_weigh_values():
    found = draws(values=["a", "b", "c"], probabilities=[0.9, 0.1, 0])
    assert found.count("a") / len(found) == pytest.approx(0.9, abs=0.03)
    assert "c" not in found
    assert define("random", parameters={"x": {"values": [1, 2], "probabilities": [0.5, 0.5]}}).warnings == ()
    doubted = define("random", parameters={"n": {"parameters": {"x": {"values": [1, 2], "probabilities": [1, 1]}}}})
    assert doubted.warnings == ("The probabilities of n.x do not sum to 1: each counts as its share of their sum.",)


def test_the_same_seed_gives_the_same_draws():
    parameters = define("random", parameters={name: {"min": 0.0, "max": 1.0} for name in "abc"}).parameters
    one, other = Random(7), Random(7)
    assert [draw_point(parameters, one) for _ in range(5)] == [draw_point(parameters, other) for _ in range(5)]


def test_yaml_means_what_its_authors_mean():
    definition = read_definition("method: random\nparameters: {lr: {min: 1e-4, max: +1E1}, day: {value: 2024-01-01}}")
    assert definition.document["parameters"] == {"lr": {"min": 0.0001, "max": 10.0}, "day": {"value": "2024-01-01"}}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is not a mapping"),
        ("- 1", "it is not a mapping"),
        ("a: [", "it is not YAML"),
        ("[" * 50_000, "it is not YAML"),
        ("!!python/object/apply:os.getpid []", "it is not YAML"),
        ("a: &x 1\nb: *x", "it holds an alias"),
        ("a" * 200_000, "200,000 characters"),
        ("parameters: {a: {value: 1}}", "method: Field required"),
        ("method: gird\nparameters: {a: {value: 1}}", "method: Input should be 'grid', 'random', 'bayes' or 'custom'"),
        ("method: grid", "it has no `parameters` to search"),
        ("method: grid\nparameters: {}", "it has no `parameters` to search"),
        ("method: grid\nparameters: 3", "parameters: Input should be a valid dictionary"),
        ("method: grid\nparameters: {a: 3}", "parameters.a: a parameter has `value`, `values`"),
        ("method: grid\nparameters: {a: {valuess: 3}}", "parameters.a: a parameter has `value`, `values`"),
        ("method: random\nparameters: {a: {distribution: uniformly, min: 0, max: 1}}", "`distribution` of constant"),
        ("method: random\nparameters: {a: {min: 1}}", "parameters.a: a parameter has"),
        ("method: random\nparameters: {a: {distribution: uniform, min: 1}}", "parameters.a.max: Field required"),
        ("method: random\nparameters: {a: {min: one, max: 2.0}}", "parameters.a.min: Input should be a valid number"),
        ("method: random\nparameters: {a: {min: 2, max: 1}}", "parameters.a: min is 2, which is not less than max, 1"),
        ("method: random\nparameters: {a: {min: 1.0, max: 1.0}}", "parameters.a: min is 1.0, which is not less"),
        ("method: random\nparameters: {a: {min: 1, max: .inf}}", "parameters.a.max: Input should be a finite number"),
        ("method: random\nparameters: {a: {value: 1, q: 2}}", "parameters.a.q: Extra inputs are not permitted"),
        ("method: random\nparameters: {a: {values: []}}", "parameters.a.values: List should have at least 1 item"),
        ("method: random\nparameters: {a: {values: [1, 2], probabilities: [1]}}", "2 values have 1 probabilities"),
        ("method: random\nparameters: {a: {values: [1, 2], probabilities: [0, 0]}}", "all 0"),
        ("method: random\nparameters: {a: {distribution: log_uniform_values, min: 0, max: 1}}", "has no logarithm"),
        ("method: random\nparameters: {a: {distribution: log_uniform, min: 0, max: 1000}}", "too large for a number"),
        ("method: random\nparameters: {a: {distribution: log_normal, sigma: 100}}", "too large for a number"),
        ("method: random\nparameters: {a: {distribution: normal, q: 2}}", "q belongs to q_normal"),
        ("method: random\nparameters: {a: {distribution: q_normal, q: 0}}", "parameters.a.q: Input should be greater"),
        ("method: random\nparameters: {a: {distribution: q_normal, q: 1.0e-20}}", "q is too small"),
        ("method: random\nparameters: {a: {parameters: {}}}", "parameters.a.parameters: Dictionary should have"),
        ("method: random\nparameters: {a: {parameters: {b: {value: 1, c: 2}}}}", "parameters.a.parameters.b.c: Extra"),
        ("method: grid\nparameters: {a: {min: 0.0, max: 1.0}}", "a has no values that a grid could go through"),
        ("method: grid\nparameters: {n: {parameters: {a: {distribution: normal}}}}", "n.a has no values"),
        ("method: grid\nparameters: {a: {values: [1], probabilities: [1]}}", "a has no values"),
        ("method: grid\nparameters: {a: {value: 1}}\nrun_cap: 0", "run_cap: Input should be greater than 0"),
    ],
)
def test_what_no_search_can_follow_is_refused_with_its_place(text: str, reason: str):
    assert reason in refusal(text)


def test_what_is_left_aside_is_said():
    text = (
        "method: random\nparameters: {a: {value: 1}}\nmetric: {goal: up, name: loss}\n"
        "early_terminate: {type: hyperband, min_iter: 3}\nfoo: 1\n"
    )
    definition = read_definition(text)
    assert definition.metric is None
    assert definition.warnings == (
        "`metric` is left aside: goal: Input should be 'minimize' or 'maximize'.",
        "`early_terminate` is left aside: it needs a `metric` to go by.",
        "`foo` is not known and is left aside.",
    )


@pytest.mark.parametrize(
    ("given", "brackets"),
    [
        ({"min_iter": 3}, [3, 9, 27, 81, 243]),
        ({"min_iter": 2, "eta": 2, "s": 3}, [2, 4, 8]),
        ({"max_iter": 27, "s": 2}, [3, 9]),
        ({"max_iter": 10, "s": 5, "eta": 2.5}, [1, 4]),
    ],
)
def test_runs_are_judged_at_brackets(given: dict[str, float], brackets: list[int]):
    terms = {"type": "hyperband", **given}
    rule = define("random", parameters={"a": {"value": 1}}, metric={"name": "loss"}, early_terminate=terms).stopping
    assert rule is not None
    assert rule.brackets[:5] == brackets


@pytest.mark.parametrize(
    ("terms", "doubt"),
    [
        ({"type": "hyperband"}, "it takes either `min_iter` or `max_iter`"),
        ({"type": "hyperband", "max_iter": 9}, "`max_iter` needs `s`"),
        ({"type": "median", "min_iter": 3}, "type: Input should be 'hyperband'"),
        ({"type": "hyperband", "min_iter": 3, "eta": 1}, "eta: Input should be greater than 1"),
    ],
)
def test_terms_by_which_no_run_can_be_judged_are_left_aside(terms: dict[str, object], doubt: str):
    read = define("random", parameters={"a": {"value": 1}}, metric={"name": "loss"}, early_terminate=terms)
    assert read.stopping is None
    (warning,) = read.warnings
    assert warning.startswith("`early_terminate` is left aside: ")
    assert doubt in warning


def test_bayes_needs_a_metric_and_its_library(monkeypatch: pytest.MonkeyPatch):
    parameters = {"a": {"min": 0.0, "max": 1.0}}
    assert define("bayes", parameters=parameters, metric={"name": "loss"}).proposes
    blind = define("bayes", parameters=parameters)
    assert (blind.proposes, "needs a `metric`" in blind.warnings[0]) == (False, True)
    read_definition.cache_clear()
    monkeypatch.setattr(sweep_definitions, "PROPOSED", frozenset({"grid", "random"}))
    without = define("bayes", parameters=parameters, metric={"name": "loss"})
    read_definition.cache_clear()
    assert (without.proposes, "pip install 'wandql[bayes]'" in without.warnings[0]) == (False, True)


@pytest.mark.parametrize(
    ("given", "doubt"),
    [
        ({"name": 5}, "`name` is left aside: Input should be a valid string."),
        ({"command": "python train.py"}, "`command` is left aside: Input should be a valid list."),
        ({"metric": {"name": "loss", "best": 1}}, "`metric.best` is not known and is left aside."),
        ({"parameters": {"a b": {"value": 1}}}, "The name of the parameter 'a b' has characters that"),
        *(
            (
                {"parameters": {"a": {"distribution": name, "min": -3, "max": 0}}},
                f"a uses {name}, whose min and max are",
            )
            for name in ("log_uniform", "inv_log_uniform", "q_log_uniform")
        ),
    ],
)
def test_what_is_merely_odd_is_a_warning(given: dict[str, Any], doubt: str):
    definition = define("random", **{"parameters": {"a": {"value": 1}}, **given})
    (warning,) = definition.warnings
    assert doubt in warning
    assert definition.proposes


@pytest.mark.parametrize("method", ["custom"])
def test_methods_of_others_need_a_local_controller(method: str):
    parameters = {"a": {"min": 0.0, "max": 1.0}}
    alone = define(method, parameters=parameters)
    assert not alone.proposes
    assert alone.warnings[0].startswith(f"This server proposes no configs by the method '{method}'")
    local = define(method, parameters=parameters, controller={"type": "local"})
    assert (local.local, local.proposes, local.warnings) == (True, False, ())
    # A scheduler that a queue of launch has started proposes them for the agents that it registers.
    launched = define(method, parameters=parameters, job="alice/p/train:latest")
    assert (launched.launched, launched.proposes, launched.warnings) == (True, False, ())


def test_a_grid_with_a_local_controller_is_nobody_elses():
    definition = define(parameters={"a": {"value": 1}}, controller={"type": "local"})
    assert (definition.grid, definition.proposes, definition.expected_run_count) == (None, False, None)


def test_what_names_the_sweep_and_its_program_is_read():
    definition = define(
        parameters={"a": {"value": 1}}, name="n", description="d", program="p.py", metric={"name": "loss"}
    )
    assert (definition.name, definition.description, definition.program) == ("n", "d", "p.py")
    assert definition.metric is not None
    assert (definition.metric.name, definition.metric.goal) == ("loss", "minimize")


EVERYTHING = {
    "uniform": {"min": -1.0, "max": 3.0},
    "log": {"distribution": "log_uniform_values", "min": 1e-5, "max": 1.0},
    "inverse": {"distribution": "inv_log_uniform_values", "min": 1.0, "max": 10.0},
    "exponents": {"distribution": "q_log_uniform", "min": 0, "max": 3, "q": 0.5},
    "choice": {"values": [1, "x", None, {"k": 2}]},
    "weighted": {"values": ["a", "b", "never"], "probabilities": [0.5, 0.5, 0]},
    "whole": {"min": 1, "max": 9},
    "normal": {"distribution": "normal", "mu": 5, "sigma": 2},
    "lognormal": {"distribution": "q_log_normal", "q": 0.5},
    "beta": {"distribution": "beta", "a": 2, "b": 3},
    "steps": {"distribution": "q_uniform", "min": 0, "max": 10, "q": 2.5},
    "constant": {"value": 3},
    "nested": {"parameters": {"inner": {"min": 0.0, "max": 1.0}}},
}


def test_bayes_proposes_values_of_every_distribution_and_beats_chance():
    parameters = define("bayes", parameters=EVERYTHING, metric={"name": "loss"}).parameters

    def loss(point: dict[str, Any]) -> float:
        far = abs(point["uniform"]["value"] - 1) + abs(point["whole"]["value"] - 7) / 4
        return far + abs(point["nested"]["value"]["inner"] - 0.5) + (point["weighted"]["value"] == "a")

    chance, shown = Random(1), list[Observation]()
    for _ in range(50):
        point = propose_point(parameters, "minimize", shown, chance)
        shown.append(Observation(point, loss(point)))
    for each in shown:
        values = {name: value["value"] for name, value in each.config.items()}
        assert -1 <= values["uniform"] <= 3
        assert 1e-5 <= values["log"] <= 1
        assert 1 <= values["inverse"] <= 10
        assert (values["exponents"] / 0.5).is_integer()
        assert values["choice"] in EVERYTHING["choice"]["values"]
        assert values["weighted"] in {"a", "b"}
        assert values["whole"] in range(1, 10)
        assert (values["lognormal"] / 0.5).is_integer()
        assert 0 <= values["beta"] <= 1
        assert values["steps"] in {0, 2.5, 5, 7.5, 10}
        assert values["constant"] == 3
    assert fmean(loss(each.config) for each in shown[-20:]) < fmean(loss(each.config) for each in shown[:10]) * 0.8


def test_bayes_seeks_large_values_too_and_looks_elsewhere_than_where_runs_go_on():
    parameters = define("bayes", parameters={"x": {"min": 0.0, "max": 1.0}}, metric={"name": "acc"}).parameters
    shown = [Observation({"x": {"value": x / 20}}, x / 20) for x in range(21)]
    shown.append(Observation({"x": {"value": "outside"}}, 9.0))
    shown.append(Observation({"y": {"value": 1}}, 9.0))
    proposed = [propose_point(parameters, "maximize", shown, Random(seed))["x"] for seed in range(10)]
    assert all(point["value"] > 0.6 for point in proposed)
    running = [Observation(propose_point(parameters, "maximize", shown, Random(7)), None) for _ in range(3)]
    assert propose_point(parameters, "maximize", [*shown, *running], Random(7)) != running[0].config


def test_bayes_of_constants_proposes_them():
    parameters = define("bayes", parameters={"x": {"value": 1}}, metric={"name": "acc"}).parameters
    shown = [Observation({"x": {"value": 1}}, 1.0)] * 20
    assert propose_point(parameters, "maximize", shown, Random(0)) == {"x": {"value": 1}}


def test_a_grid_of_nothing_countable_says_which():
    with pytest.raises(ValueError, match="x has no values"):
        Grid(define("random", parameters={"x": {"distribution": "normal"}}).parameters)
