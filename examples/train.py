"""A real, small training, logged with the official SDK: logistic regression by gradient descent, a dozen times.

It knows nothing of wandql: WANDB_BASE_URL and WANDB_API_KEY in the environment say where the runs go.
"""

from __future__ import annotations

import itertools
import math
import random

import wandb

PROJECT = "demo"
STEPS = 120
LEARNING_RATES = (0.01, 0.03, 0.1, 0.3)
BATCH_SIZES = (4, 16, 64)


def make_points(count: int, seed: int) -> list[tuple[float, float, int]]:
    """Two clouds of points that overlap a little."""
    rng = random.Random(seed)
    labels = [number % 2 for number in range(count)]
    return [(rng.gauss(2 * label - 1, 1.0), rng.gauss(1 - 2 * label, 1.0), label) for label in labels]


def probability(weights: list[float], x: float, y: float) -> float:
    """How likely the point belongs to the second cloud."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, weights[0] * x + weights[1] * y + weights[2]))))


def loss(weights: list[float], points: list[tuple[float, float, int]]) -> float:
    """The mean log loss."""
    chances = ((probability(weights, x, y), label) for x, y, label in points)
    return -sum(math.log(max(p if label else 1 - p, 1e-12)) for p, label in chances) / len(points)


def train(learning_rate: float, batch_size: int) -> None:
    """Train once, and log every step."""
    train_points, test_points = make_points(400, seed=1), make_points(200, seed=2)
    rng = random.Random(0)
    config = {"learning_rate": learning_rate, "batch_size": batch_size, "model": {"kind": "logistic", "features": 2}}
    with wandb.init(project=PROJECT, name=f"sgd-{learning_rate:g}-{batch_size}", config=config) as run:
        weights = [0.0, 0.0, 0.0]
        for _ in range(STEPS):
            run.log({"loss": loss(weights, train_points), "test_loss": loss(weights, test_points)})
            batch = rng.sample(train_points, batch_size)
            errors = [(probability(weights, x, y) - label, x, y) for x, y, label in batch]
            gradient = [
                sum(e * x for e, x, _ in errors) / batch_size,
                sum(e * y for e, _, y in errors) / batch_size,
                sum(e for e, _, _ in errors) / batch_size,
            ]
            weights = [w - learning_rate * g for w, g in zip(weights, gradient, strict=True)]
        right = sum((probability(weights, x, y) > 0.5) == bool(label) for x, y, label in test_points)
        run.summary["accuracy"] = right / len(test_points)


if __name__ == "__main__":
    for learning_rate, batch_size in itertools.product(LEARNING_RATES, BATCH_SIZES):
        train(learning_rate, batch_size)
