"""Which order a name means, and which runs have what it goes by."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from wandql.api.run_view import RunView
from wandql.api.sweep_orders import has_value, metric_order, read_order
from wandql.errors import InvalidOrderError


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("loss", "-summary_metrics.loss"),
        ("+loss", "+summary_metrics.loss"),
        ("-loss", "-summary_metrics.loss"),
        (" +loss ", "+summary_metrics.loss"),
        ("summary_metrics.loss", "-summary_metrics.loss"),
        ("+summary.loss", "+summary_metrics.loss"),
        ("config.lr", "-config.lr"),
        ("config.lr.value", "-config.lr.value"),
        ("tags.x", "-tags.x"),
        ("a.b.c", "-summary_metrics.a.b.c"),
        ("val/loss best", "-summary_metrics.val/loss best"),
        ("+created_at", "+created_at"),
        ("createdAt", "-createdAt"),
        ("updatedAt", "-updatedAt"),
        ("heartbeat_at", "-heartbeat_at"),
        ("state", "-state"),
        ("+name", "+name"),
        ("sweep", "-sweep"),
    ],
)
def test_a_name_that_is_no_field_of_a_run_is_a_metric(given: str, sent: str) -> None:
    assert read_order(given) == sent


@pytest.mark.parametrize("given", ["", " ", "+", "--loss", "+-loss", "a,b", "loss."])
def test_what_names_nothing_is_refused(given: str) -> None:
    with pytest.raises(InvalidOrderError):
        read_order(given)


@pytest.mark.parametrize(
    ("metric", "order"),
    [
        ({"name": "loss"}, "+summary_metrics.loss"),
        ({"name": "loss", "goal": "minimize"}, "+summary_metrics.loss"),
        ({"name": "acc", "goal": "maximize"}, "-summary_metrics.acc"),
        ({"name": "val.acc", "goal": "maximize"}, "-summary_metrics.val.acc"),
        ({"goal": "maximize"}, None),
        ({"name": ""}, None),
        ({"name": 1}, None),
        ("loss", None),
        (None, None),
    ],
)
def test_a_metric_makes_an_order_that_puts_the_best_first(metric: object, order: str | None) -> None:
    assert metric_order(json.loads(json.dumps({"metric": metric}))) == order


def run(summary: str, config: str = "{}") -> RunView:
    fields = {
        **dict.fromkeys(RunView.model_fields),
        **dict.fromkeys(["entity", "project", "url", "storage_id", "id"], "x"),
        "created_at": datetime(2027, 1, 15, tzinfo=UTC),
        "summary_json": summary,
        "config_json": config,
    }
    return RunView.model_validate(fields)


@pytest.mark.parametrize(
    ("summary", "order", "has"),
    [
        ('{"loss": 1}', "+summary_metrics.loss", True),
        ('{"loss": 0}', "+summary_metrics.loss", True),
        ('{"loss": -Infinity}', "+summary_metrics.loss", True),
        ('{"loss": "text"}', "+summary_metrics.loss", True),
        ('{"loss": NaN}', "+summary_metrics.loss", False),
        ('{"loss": "NaN"}', "+summary_metrics.loss", False),
        ('{"loss": null}', "+summary_metrics.loss", False),
        ("{}", "+summary_metrics.loss", False),
        ('{"val": {"acc": 1}}', "-summary_metrics.val.acc", True),
        ('{"val.acc": 1}', "-summary_metrics.val.acc", True),
        ('{"val": 1}', "-summary_metrics.val.acc", False),
        ("{}", "+created_at", True),
        ("{}", "+config.lr", True),
        ("{}", "+config.lr.value", True),
        ("{}", "+config.width", False),
    ],
)
def test_a_value_that_is_missing_or_no_number_does_not_count(summary: str, order: str, has: bool) -> None:
    assert has_value(run(summary, '{"lr": {"value": 0.1}}'), order) is has
