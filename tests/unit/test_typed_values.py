"""A document as a value of a type of the user."""

from __future__ import annotations

import pickle
from dataclasses import dataclass

import pytest

from wandql.api.typed_values import Reader
from wandql.errors import MismatchError


@dataclass
class Settings:
    lr: float


def test_a_document_of_another_form_is_an_error_that_names_run_and_place() -> None:
    reader = Reader(Settings, "config")
    assert reader.read({"lr": 0.1}, path="alice/mnist/run-1") == Settings(0.1)
    with pytest.raises(MismatchError, match=r"config of alice/mnist/run-1 is no Settings: lr: .*number") as caught:
        reader.read({"lr": "fast"}, path="alice/mnist/run-1")
    assert caught.value.path == "alice/mnist/run-1"
    assert caught.value.__cause__ is not None
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems
