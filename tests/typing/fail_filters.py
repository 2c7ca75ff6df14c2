"""What filters and orders have not, do not take, and are not."""

from __future__ import annotations

from typing import assert_type

import wandql
from wandql import F


def misname() -> None:
    print(F.stat == "finished")  # error: stat
    print(F.createdAt)  # error: createdAt
    print(F.tags.contains("a"))  # error: contains
    print(F.duration.matches("1"))  # error: matches
    print(F.created_at.startswith("2026"))  # error: startswith
    print(F.config.lr)  # error: lr
    F.state = F.name  # error: state


def mistype(api: wandql.Api) -> None:
    # Python itself lets `==` take any object, and gives a bool then: no filter.
    api.runs("e/p", F.state == 3)  # error: "bool"
    api.runs("e/p", F.created_at == "2026-01-01")  # error: "bool"
    print(F.created_at < "2026-01-01")  # error: <
    print(F.created_at > 3)  # error: >
    print(F.name >= 3)  # error: >=
    print(F.duration < "3")  # error: <
    print(F.config["lr"] < None)  # error: <
    print(F.config["lr"] < [1])  # error: <
    print(F.state.in_([1]))  # error: str
    print(F.tags.has(3))  # error: "str"
    print(F.tags.has_any(3))  # error: Iterable
    print(F.name.matches(3))  # error: "str"
    print(F.config["x"].in_([{1, 2}]))  # error: "set[int]"
    print(F.config[1.5])  # error: "float"
    print(F.parse(["a"]))  # error: "list[str]"


def misuse(api: wandql.Api, run: wandql.Run) -> None:
    print((F.state == "a") & {"group": "b"})  # error: &
    print((F.state == "a") | True)  # error: |
    api.runs("e/p", F.state)  # error: "TextField"
    api.runs("e/p", order=F.summary["loss"])  # error: "ValueField"
    api.runs("e/p", F.summary["loss"].asc())  # error: "Order"
    print((F.state == "a").matches("finished"))  # error: RunLike
    assert_type((F.state == "a").matches(run), str)  # error: bool
