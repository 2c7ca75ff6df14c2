"""The x-axes that programs define, as the SDK notes them in the config."""

from __future__ import annotations

from typing import Any

import pytest

from wandql.api.metric_axes import axes_of, axis_of

# What SDK 0.31 wrote for `define_metric` of "*", "val/*", "exact", "acc", each with the axis given here but "exact".
DEFINED: list[Any] = [
    {"7": [], "1": "exact", "6": [3]},
    {"2": "*", "5": 3, "6": [1], "7": []},
    {"7": [], "1": "global", "6": []},
    {"7": [], "2": "val/*", "5": 5, "6": [1]},
    {"1": "epoch", "6": [], "7": []},
    {"1": "acc", "5": 5, "6": [1, 3], "7": [2]},
]


@pytest.mark.parametrize(
    ("key", "axis"),
    [
        ("acc", "epoch"),
        ("exact", "_step"),
        ("epoch", "_step"),
        ("other", "global"),
        ("val/loss", "global"),
        ("_runtime", "_step"),
    ],
)
def test_a_name_comes_before_patterns_and_the_first_of_these_counts(key: str, axis: str):
    assert axis_of({"_wandb": {"m": DEFINED}}, key) == axis


def test_a_pattern_is_the_beginning_of_a_name():
    config: Any = {"_wandb": {"m": DEFINED[:1] + DEFINED[2:]}}
    config["_wandb"]["m"][2] = {"2": "val/*", "5": 4}
    assert [axis_of(config, key) for key in ("val/loss", "val/", "val", "xval/loss")] == [
        "epoch",
        "epoch",
        "_step",
        "_step",
    ]


def test_axes_of_keys_come_once_each():
    assert axes_of({"_wandb": {"m": DEFINED}}, ["acc", "other", "more", "exact"]) == ["epoch", "global"]


@pytest.mark.parametrize(
    "notes",
    [
        None,
        [],
        {},
        {"m": None},
        {"m": {}},
        {"m": [None, 1, []]},
        {"m": [{"1": "acc", "5": 9}]},
        {"m": [{"1": "acc", "5": "x"}]},
        {"m": [{"1": "acc", "5": 0}]},
        {"m": [{"1": "acc", "5": 2}, None]},
    ],
)
def test_what_cannot_be_read_defines_nothing(notes: Any):
    assert axis_of({"_wandb": notes} if notes is not None else {}, "acc") == "_step"
