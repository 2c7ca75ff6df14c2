"""Claims about `F`: what each expression is on the wire, what it refuses, and what it says of a run that is here."""

from __future__ import annotations

import enum
import json
import math
import pickle
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone

import pytest

from wandql import F, Filter, Order
from wandql.errors import InvalidFilterError, InvalidOrderError
from wandql.filters import encode_order, select

numpy = pytest.importorskip("numpy")

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
NOON_TEXT = "2026-01-31T12:00:00.000000Z"


class State(enum.Enum):
    FINISHED = "finished"


# Each expression with the JSON that travels.
GOLDEN: list[tuple[Filter, str]] = [
    # what a run calls it, and what the wire calls it
    (F.id == "run-1", '{"name":"run-1"}'),
    (F.name == "baseline", '{"display_name":"baseline"}'),
    (F.state == "finished", '{"state":"finished"}'),
    (F.state == State.FINISHED, '{"state":"finished"}'),
    (F.user == "me", '{"username":"me"}'),
    (F.entity == "lab", '{"entity":"lab"}'),
    (F.group == "g1", '{"group":"g1"}'),
    (F.job_type == "eval", '{"job_type":"eval"}'),
    (F.sweep == "sweep-1", '{"sweep":"sweep-1"}'),
    (F.notes == "", '{"notes":""}'),
    (F.description == "d", '{"description":"d"}'),
    (F.commit == "abc", '{"commit":"abc"}'),
    (F.host == "node-7", '{"host":"node-7"}'),
    # comparisons
    (F.state != "crashed", '{"state":{"$ne":"crashed"}}'),
    (F.name < "m", '{"display_name":{"$lt":"m"}}'),
    (F.name >= "m", '{"display_name":{"$gte":"m"}}'),
    (F.group == None, '{"group":null}'),  # noqa: E711
    (F.group != None, '{"group":{"$ne":null}}'),  # noqa: E711
    (F.duration > 3600, '{"duration":{"$gt":3600}}'),
    (F.duration <= 0.5, '{"duration":{"$lte":0.5}}'),
    (F.duration < timedelta(hours=1).total_seconds(), '{"duration":{"$lt":3600.0}}'),
    # times
    (F.created_at > NOON, f'{{"created_at":{{"$gt":"{NOON_TEXT}"}}}}'),
    (F.created_at <= NOON, f'{{"created_at":{{"$lte":"{NOON_TEXT}"}}}}'),
    (F.created_at < NOON.astimezone(timezone(timedelta(hours=2))), f'{{"created_at":{{"$lt":"{NOON_TEXT}"}}}}'),
    (F.heartbeat_at >= NOON, f'{{"heartbeat_at":{{"$gte":"{NOON_TEXT}"}}}}'),
    (F.heartbeat_at == None, '{"heartbeat_at":null}'),  # noqa: E711
    (F.updated_at == NOON, f'{{"updated_at":"{NOON_TEXT}"}}'),
    (F.created_at.in_([NOON]), f'{{"created_at":{{"$in":["{NOON_TEXT}"]}}}}'),
    # config
    (F.config["lr"] < 1e-3, '{"config.lr.value":{"$lt":0.001}}'),
    (F.config["lr"] == 1, '{"config.lr.value":1}'),
    (F.config["amp"] == True, '{"config.amp.value":true}'),  # noqa: E712
    (F.config["model"] == "cnn", '{"config.model.value":"cnn"}'),
    (F.config["seed"] == None, '{"config.seed.value":null}'),  # noqa: E711
    (F.config["layers"] == [64, 32], '{"config.layers.value":{"$eq":[64,32]}}'),
    (F.config["model"] == {"b": 1, "a": None}, '{"config.model.value":{"$eq":{"a":null,"b":1}}}'),
    (F.config["opt"]["lr"] > 0.1, '{"config.opt.value.lr":{"$gt":0.1}}'),
    (F.config["opt"]["betas"][0] == 0.9, '{"config.opt.value.betas.0":0.9}'),
    (F.config["a/b c"] == 1, '{"config.a/b c.value":1}'),
    (F.config["value"] == 1, '{"config.value.value":1}'),
    (F.config["lr"].in_([0.1, 0.01]), '{"config.lr.value":{"$in":[0.1,0.01]}}'),
    (F.config["lr"].not_in((1,)), '{"config.lr.value":{"$nin":[1]}}'),
    (F.config["lr"].exists(), '{"config.lr.value":{"$exists":true}}'),
    (F.config["lr"] == numpy.float64(0.5), '{"config.lr.value":0.5}'),
    (F.config["date"] < "2026", '{"config.date.value":{"$lt":"2026"}}'),
    # summary
    (F.summary["loss"] <= 0.5, '{"summary_metrics.loss":{"$lte":0.5}}'),
    (F.summary["val/loss"] < 1, '{"summary_metrics.val/loss":{"$lt":1}}'),
    (F.summary["best"]["acc"] >= 0.9, '{"summary_metrics.best.acc":{"$gte":0.9}}'),
    (F.summary["loss"] == "NaN", '{"summary_metrics.loss":"NaN"}'),
    # tags
    (F.tags.has("best"), '{"tags":"best"}'),
    (F.tags.has_any(["a", "b"]), '{"tags":{"$in":["a","b"]}}'),
    (F.tags.has_all(["a", "b"]), '{"$and":[{"tags":"a"},{"tags":"b"}]}'),
    (F.tags.has_all(["a"]), '{"tags":"a"}'),
    (F.tags.has_all([]), "{}"),
    (F.tags.exists(), '{"tags":{"$exists":true}}'),
    (F.tags.matches("^v[0-9]"), '{"tags":{"$regex":"^v[0-9]"}}'),
    # texts
    (F.name.matches("^base"), '{"display_name":{"$regex":"^base"}}'),
    (F.name.contains("v1.5 (a+b)"), '{"display_name":{"$regex":"v1\\\\.5 \\\\(a\\\\+b\\\\)"}}'),
    (F.name.startswith("[x]"), '{"display_name":{"$regex":"^\\\\[x\\\\]"}}'),
    (F.config["model"].contains("cnn"), '{"config.model.value":{"$regex":"cnn"}}'),
    (F.id.in_(name for name in ["a", "b"]), '{"name":{"$in":["a","b"]}}'),
    (F.state.not_in(["crashed"]), '{"state":{"$nin":["crashed"]}}'),
    # what joins them
    ((F.state == "a") & (F.group == "b"), '{"$and":[{"state":"a"},{"group":"b"}]}'),
    ((F.state == "a") | (F.group == "b"), '{"$or":[{"state":"a"},{"group":"b"}]}'),
    ((F.state == "a") & (F.state == "b") & (F.state == "c"), '{"$and":[{"state":"a"},{"state":"b"},{"state":"c"}]}'),
    (
        (F.state == "a") & ((F.state == "b") | (F.state == "c")),
        '{"$and":[{"state":"a"},{"$or":[{"state":"b"},{"state":"c"}]}]}',
    ),
    # what turns them round
    (~(F.state == "a"), '{"state":{"$ne":"a"}}'),
    (~(F.state != "a"), '{"state":"a"}'),
    (~F.id.in_(["a"]), '{"name":{"$nin":["a"]}}'),
    (~F.id.not_in(["a"]), '{"name":{"$in":["a"]}}'),
    (~F.config["lr"].exists(), '{"config.lr.value":{"$exists":false}}'),
    (~(F.config["lr"] < 1), '{"$nor":[{"config.lr.value":{"$lt":1}}]}'),
    (~F.name.matches("x"), '{"$nor":[{"display_name":{"$regex":"x"}}]}'),
    (~((F.state == "a") | (F.group == "b")), '{"$nor":[{"state":"a"},{"group":"b"}]}'),
    (~((F.state == "a") & (F.group == "b")), '{"$nor":[{"$and":[{"state":"a"},{"group":"b"}]}]}'),
    (~F.tags.has("old"), '{"tags":{"$ne":"old"}}'),
    # what has no attribute
    (F.field("keys_info.keys.loss").exists(), '{"keys_info.keys.loss":{"$exists":true}}'),
    (F.field("config.a.b") == 1, '{"config.a.b":1}'),
    (F.field("newer.than.this") > 1, '{"newer.than.this":{"$gt":1}}'),
]


@pytest.mark.parametrize(
    ("wanted", "travels"), GOLDEN, ids=lambda value: repr(value) if isinstance(value, Filter) else ""
)
def test_an_expression_travels_as_this_json(wanted: Filter, travels: str) -> None:
    assert json.dumps(wanted.wire, separators=(",", ":")) == travels
    assert select(wanted).sent == travels
    assert select(wanted).local is None


def test_the_table_is_long_enough_to_be_one() -> None:
    assert len(GOLDEN) >= 60
    assert len({repr(wanted) for wanted, _ in GOLDEN}) >= len(GOLDEN) - 7, "few of them are spelled twice"


@pytest.mark.parametrize("wanted", [wanted for wanted, _ in GOLDEN], ids=repr)
def test_a_filter_is_read_back_from_its_repr_from_the_wire_and_from_a_pickle(wanted: Filter) -> None:
    names = {"F": F, "datetime": datetime, "UTC": UTC}
    assert eval(repr(wanted), names) == wanted
    assert str(wanted) == repr(wanted)
    assert F.parse(wanted.wire) == wanted
    assert F.parse(json.dumps(wanted.wire)) == wanted
    assert pickle.loads(pickle.dumps(wanted)) == deepcopy(wanted) == wanted
    assert hash(deepcopy(wanted)) == hash(wanted)
    assert ~~wanted == wanted


@pytest.mark.parametrize(
    ("document", "read"),
    [
        ({}, F.parse({})),
        ({"config.lr": 1}, F.config["lr"] == 1),
        ({"config.lr.value": 1}, F.config["lr"] == 1),
        ({"config.a.value.b": 1}, F.config["a"]["b"] == 1),
        ({"config.a.b.value": 1}, F.config["a.b"] == 1),
        ({"config.a.b": 1}, F.field("config.a.b") == 1),
        ({"summary.loss": 1}, F.summary["loss"] == 1),
        ({"summaryMetrics.loss": 1}, F.summary["loss"] == 1),
        ({"createdAt": {"$gt": NOON}}, F.created_at > NOON),
        ({"created_at": {"$gt": "2026-01-31"}}, F.field("created_at") > "2026-01-31"),
        ({"displayName": "x", "jobType": "y"}, (F.name == "x") & (F.job_type == "y")),
        ({"user.username": "me"}, F.user == "me"),
        ({"a": {"$gt": 1, "$lt": 2}}, (F.field("a") > 1) & (F.field("a") < 2)),
        ({"a": {"$not": {"$gt": 1}}}, ~(F.field("a") > 1)),
        ({"a": {"$not": {"$gt": 1, "$lt": 3}}}, ~((F.field("a") > 1) & (F.field("a") < 3))),
        ({"a": {"$all": [1, 2]}}, (F.field("a") == 1) & (F.field("a") == 2)),
        ({"a": {"$all": []}}, F.field("a").in_([])),
        ({"a": {"$regex": "x", "$options": "i"}}, F.field("a").matches("(?i)x")),
        ({"$or": [{"$and": [{"state": "a"}]}]}, F.state == "a"),
        ({"$nor": [{"state": "a"}]}, F.state != "a"),
        ({"tags": {"$ne": "a"}}, ~F.tags.has("a")),
    ],
)
def test_a_document_is_read_as_the_expression_that_it_is(document: dict[str, object], read: Filter) -> None:
    assert F.parse(document) == read
    assert repr(F.parse(document)) == repr(read)


@pytest.mark.parametrize(
    "document",
    [
        {"tags": None},
        {"tags": ["a"]},
        {"tags": {"$gt": "a"}},
        {"state": 3},
        {"state": {"$in": ["a", 1]}},
        {"created_at": 3},
        {"created_at": {"$in": [NOON, "2026"]}},
        {"created_at": {"$in": [NOON, None]}},
        {"duration": "x"},
        {"duration": {"$gt": True}},
        {"duration": {"$regex": "x"}},
        {"config.a'b\"c\\d\n": {"$regex": "\\d\u2028'\""}},
        {"config.é😀": "é😀"},
        {"config.x": {"y": [1, {"z": None, "w": True}]}},
        {"config.x": -1e300},
        {"config.x": 2**70},
        {"$nor": [{}]},
    ],
)
def test_what_f_has_no_word_for_has_a_repr_that_makes_it_again(document: dict[str, object]) -> None:
    read = F.parse(document)
    assert eval(repr(read), {"F": F, "datetime": datetime, "UTC": UTC}) == read
    assert F.parse(read.wire) == read


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: F.created_at > datetime(2026, 1, 1), "F.created_at is a time without a zone"),  # noqa: DTZ001
        (lambda: F.created_at > "2026-01-01", "F.created_at is a time, which '2026-01-01' is not"),
        (lambda: F.created_at.in_([NOON, 3]), "F.created_at is a time, which 3 is not"),
        (lambda: F.state == 3, "F.state is text, which 3 is not"),
        (lambda: F.duration > "3", "F.duration is a number, which '3' is not"),
        (lambda: F.duration == True, "F.duration is a number, which True is not"),  # noqa: E712
        (lambda: F.config["lr"] == math.nan, 'F.config["lr"] is nan, which JSON does not have'),
        (lambda: F.config["lr"] == {1, 2}, 'F.config["lr"] is of type set'),
        (lambda: F.config["lr"] < None, 'F.config["lr"] wants a number, text or time, not None'),
        (lambda: F.config["lr"] < [1], 'F.config["lr"] wants a number, text or time'),
        (lambda: F.config["x"] == {"$gt": 1}, "holds the operator '$gt'"),
        (lambda: F.config["lr"].in_("ab"), "wants a list of values, not 'ab'"),
        (lambda: F.tags.has(3), "F.tags is text, which 3 is not"),
        (lambda: F.tags.has_any("ab"), "F.tags.has_any wants a list"),
        (lambda: F.tags.has_all("ab"), "F.tags.has_all wants a list"),
        (lambda: F.name.matches("("), "no regular expression"),
        (lambda: F.name.contains(3), "F.name is text, which 3 is not"),
        (lambda: F.config[""], "has an empty key"),
        (lambda: F.config[1.5], "keys are text"),
        (lambda: F.config["a"][-1], "keys are text"),
        (lambda: F.field("$and"), "is no name of a field"),
        (lambda: F.field(" "), "is no name of a field"),
        (lambda: F.parse("{"), "is no JSON"),
        (lambda: F.parse('{"a": {"$lt": null}}'), 'filters["a"]["$lt"] wants a number'),
        (lambda: F.parse({"a": {"$foo": 1}}), "is no operator that the server has"),
        (lambda: F.parse("[]"), "filters is list and no document"),
    ],
)
def test_what_the_server_could_not_read_is_refused_when_it_is_written(make, says: str) -> None:
    with pytest.raises(InvalidFilterError) as caught:
        make()
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: bool(F.state == "a"), "Join filters with &"),
        (lambda: F.state == "a" and F.group == "b", "Join filters with &"),
        (lambda: not F.state == "a", "Join filters with &"),  # noqa: SIM201
        (lambda: 1 < F.duration < 2, "Join filters with &"),
        (lambda: bool(F.state), "Write F.state.exists()"),
        (lambda: "best" in F.tags, "Write F.tags.has('best')"),
        (lambda: F.tags == "best", "Write F.tags.has('best')"),
        (lambda: F.tags != ["best"], "Write F.tags.has(['best'])"),
        (lambda: "lr" in F.config, "Write F.config['lr'].exists()"),
        (lambda: list(F.config), "does not know which keys"),
        (lambda: (F.state == "a") & {"group": "b"}, "unsupported operand"),
        (lambda: (F.state == "a") | True, "unsupported operand"),
    ],
)
def test_a_filter_is_not_mistaken_for_a_truth(make, says: str) -> None:
    with pytest.raises(TypeError) as caught:
        make()
    assert says in str(caught.value)


def test_filters_and_fields_do_not_change() -> None:
    wanted = F.state == "a"
    for holder, name in [(wanted, "operand"), (F, "state"), (F.state, "_name"), (F.state.asc(), "descending")]:
        with pytest.raises(AttributeError):
            setattr(holder, name, "b")
    layers = [1]
    listed = F.config["layers"] == layers
    layers.append(2)
    assert listed == (F.config["layers"] == [1])
    listed.wire["x"] = 1
    assert listed == (F.config["layers"] == [1])


def test_values_of_two_types_make_two_filters() -> None:
    made = {F.config["x"] == value for value in (1, True, "1", None, [1])}
    assert len(made) == 5
    assert hash(F.state) == hash(F.field("state")) != hash(F.group)
    assert hash(F.tags) == hash(F.field("tags"))
    assert repr(F) == "F"
    assert repr(F.config) == "F.config"
    assert repr(F.config["a.b"]["c"]) == 'F.config["a.b"]["c"]'


RUN = {
    "id": "r1",
    "name": "base line",
    "state": "finished",
    "tags": ["a", "b"],
    "created_at": NOON,
    "duration": 60.0,
    "group": None,
    "config": {"lr": 0.1, "a.b": 1, "a": {"b": 2, "c.d": 3}, "layers": [64, [1, 2]], "on": True, "none": None},
    "summary": {"loss": math.nan, "top": math.inf, "x/y": 1, "big": 2**70, "p.q.r": 5},
}


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        (F.id == "r1", True),
        (F.name.contains("e l"), True),
        (F.group == None, True),  # noqa: E711
        (F.group.exists(), False),
        (F.group != "x", True),
        (F.notes < "x", False),
        (F.created_at == NOON, True),
        (F.created_at > NOON, False),
        (F.field("created_at") >= "2026-01-31T12:00:00", True),
        (F.field("created_at") < 1, False),
        (F.field("created_at") == [1], False),
        (F.field("created_at") == True, False),  # noqa: E712
        (F.duration >= 60, True),
        (F.config["lr"] == 0.1, True),
        (F.config["lr"] == "0.1", False),
        (F.config["on"] == 1, False),
        (F.config["on"] == True, True),  # noqa: E712
        (F.config["on"] > False, True),
        (F.config["none"].exists(), True),
        (F.config["none"] == None, True),  # noqa: E711
        (F.config["gone"] == None, True),  # noqa: E711
        (F.config["gone"].exists(), False),
        (~(F.config["gone"] < 1), True),
        (F.config["layers"] == 64, True),
        (F.config["layers"] == [1, 2], True),
        (F.config["layers"] == [64, [1, 2]], True),
        (F.config["layers"][1] == [1, 2], True),
        (F.config["layers"][1][0] == 1, True),
        (F.config["layers"][2].exists(), False),
        (F.config["a"]["b"] == 2, True),
        # A key that has the dot goes first; a path is the next reading.
        (F.config["a.b"] == 1, True),
        (F.config["a.b"] == 2, False),
        (F.config["a.c.d"] == 3, True),
        (F.config["a"]["c.d"] == 3, True),
        (F.summary["p.q.r"] == 5, True),
        (F.summary["p"]["q"].exists(), False),
        (F.field("config.a.b") == 2, True),
        (F.field("config.a.c.d") == 3, True),
        # What JSON lacks is what servers index for it.
        (F.summary["loss"] == "NaN", True),
        (F.summary["loss"] < 1, False),
        (F.summary["top"] > 1e300, True),
        (F.summary["big"] == 2**70, True),
        (F.summary["x/y"] >= 1, True),
        (F.tags.has("b"), True),
        (F.tags.has_all(["a", "c"]), False),
        (F.tags.has_any(["a", "c"]), True),
        (F.tags.matches("^c"), False),
        (F.host == "node", False),
    ],
    ids=repr,
)
def test_a_filter_says_of_a_mapping_whether_it_selects_it(wanted: Filter, *, holds: bool) -> None:
    assert wanted.matches(RUN) is holds
    assert (~wanted).matches(RUN) is not holds


def test_what_only_a_server_reads_is_refused_here() -> None:
    with pytest.raises(InvalidFilterError, match=r"only the server can filter by it"):
        F.name.matches(r"\pL").matches(RUN)
    with pytest.raises(InvalidFilterError, match=r"which is no time"):
        (F.field("created_at") > "yesterday").matches(RUN)
    with pytest.raises(InvalidFilterError, match=r"without a zone"):
        (F.created_at > NOON).matches({"created_at": datetime(2026, 1, 1)})  # noqa: DTZ001


@pytest.mark.parametrize(
    ("wanted", "sent", "local"),
    [
        (F.config["a.b"] == 1, "{}", F.config["a.b"] == 1),
        ((F.config["a.b"] == 1) & (F.state == "x"), '{"state":"x"}', F.config["a.b"] == 1),
        ((F.summary["a.b"] == 1) | (F.state == "x"), "{}", (F.summary["a.b"] == 1) | (F.state == "x")),
        (
            ~((F.summary["a.b"] == 1) | (F.state == "x")),
            '{"state":{"$ne":"x"}}',
            ~((F.summary["a.b"] == 1) | (F.state == "x")),
        ),
        (~((F.summary["a.b"] == 1) & (F.state == "x")), "{}", ~((F.summary["a.b"] == 1) & (F.state == "x"))),
        (
            (F.group == "g") & ((F.state == "x") | ((F.config["a.b"] == 1) & (F.state == "y"))),
            '{"$and":[{"group":"g"},{"$or":[{"state":"x"},{"state":"y"}]}]}',
            (F.state == "x") | ((F.config["a.b"] == 1) & (F.state == "y")),
        ),
        (F.field("config.a.b") == 1, '{"config.a.b":1}', None),
        ((F.config["a.b"] == 1) & (F.host == "h"), '{"host":"h"}', F.config["a.b"] == 1),
    ],
)
def test_a_key_with_a_dot_is_checked_here_and_the_server_selects_enough(
    wanted: Filter, sent: str, local: Filter | None
) -> None:
    selection = select(wanted)
    assert (selection.sent, selection.local) == (sent, local)


def test_what_neither_the_server_nor_a_run_tells_is_refused() -> None:
    with pytest.raises(InvalidFilterError, match=r"F\.host is not fetched with a run"):
        select((F.config["a.b"] == 1) | (F.host == "h"))


def test_orders_are_values_too() -> None:
    assert encode_order(F.summary["loss"].asc()) == "+summary_metrics.loss"
    assert encode_order(F.config["opt"]["lr"].desc()) == "-config.opt.value.lr"
    assert encode_order(F.name.asc()) == "+display_name"
    order = F.summary["val/loss"].desc()
    assert isinstance(order, Order)
    assert eval(repr(order)) == order
    assert str(order) == order.wire == "-summary_metrics.val/loss"
    assert len({order, F.summary["val/loss"].desc(), F.summary["val/loss"].asc()}) == 2


@pytest.mark.parametrize("make", [F.summary["a.b"].asc, F.config["a,b"].desc])
def test_an_order_that_the_server_cannot_read_is_refused(make) -> None:
    with pytest.raises(InvalidOrderError):
        make()
