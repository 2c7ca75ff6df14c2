# Derived from tests/matrix/_async/calls.py by `make generate`: edit that file instead.
"""Every public call that sends a request: how it is made ready, and what it does then."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typing_extensions import TypedDict

from wandql import Api, F
from wandql.graphql.generated import operations

__all__ = ["ROWS", "Row"]

RUN = "alice/mnist/run-1"
DIGITS = "alice/mnist/digits:v0"


@dataclass(frozen=True)
class Row:
    """A public call.

    Attributes:
        name: The class, without its colour, and the member.
        prepare: Fetches what the call belongs to. Nothing goes wrong here.
        act: The call, given that and an empty directory.
    """

    name: str
    prepare: Callable[[Api], Any]
    act: Callable[[Any, Path], object]


class Config(TypedDict):
    """What all runs have in their config."""

    lr: float


class Results(TypedDict):
    """What all runs have in their summary."""

    loss: float


def collected(items: Iterable[object]) -> list[object]:
    return [each for each in items]


def last_of(items: Any) -> object:
    try:
        return items.at(-1)
    except IndexError:
        return "a list without items"


def the_api(api: Api) -> Any:
    return api


def the_client(api: Api) -> Any:
    return api.client


def the_run(api: Api) -> Any:
    return api.run(RUN)


def the_digits(api: Api) -> Any:
    return api.artifact(DIGITS)


def the_sweep(api: Api) -> Any:
    return api.sweep("alice/mnist/sweep-1")


def the_team(api: Api) -> Any:
    return api.create_team("vision")


def the_collection(api: Api) -> Any:
    return api.artifact_collection("dataset", "alice/mnist/digits")


def the_portfolio(api: Api) -> Any:
    api.artifact(DIGITS).link("alice/mnist/gold")
    return api.artifact_collection("dataset", "alice/mnist/gold")


def the_link(api: Api) -> Any:
    return api.artifact(DIGITS).link("alice/mnist/gold")


def the_datasets(api: Api) -> Any:
    return api.artifact_type("dataset", "alice/mnist")


def all_runs(api: Api) -> Any:
    return api.runs("alice/mnist", per_page=2)


# The lists: each is made without a request, from what is fetched before.


def projects(api: Api) -> Any:
    return api.projects("alice", per_page=1)


def sweeps(api: Api) -> Any:
    return api.project("alice/mnist").sweeps()


def files(api: Api) -> Any:
    return api.run(RUN).files(per_page=2)


def console_logs(api: Api) -> Any:
    return api.run(RUN).console_logs(per_page=3)


def artifact_types(api: Api) -> Any:
    return api.artifact_types("alice/mnist")


def artifact_collections(api: Api) -> Any:
    return api.artifact_collections("alice/mnist", "dataset")


def project_collections(api: Api) -> Any:
    return api.project("alice/mnist").collections(per_page=1)


def artifacts(api: Api) -> Any:
    return api.artifacts("dataset", "alice/mnist/digits")


def artifact_files(api: Api) -> Any:
    return api.artifact(DIGITS).files(per_page=1)


def run_artifacts(api: Api) -> Any:
    return api.run(RUN).logged_artifacts()


def reports(api: Api) -> Any:
    return api.reports("alice/mnist")


def prior_runs(api: Api) -> Any:
    return the_sweep(api).prior_runs()


def agent_runs(api: Api) -> Any:
    return the_sweep(api).agents()[0].runs(per_page=2)


LISTS: dict[str, Callable[[Api], Any]] = {
    "AgentRuns": agent_runs,
    "ArtifactCollections": artifact_collections,
    "ArtifactFiles": artifact_files,
    "ArtifactTypes": artifact_types,
    "Artifacts": artifacts,
    "ConsoleLogs": console_logs,
    "Files": files,
    "PriorRuns": prior_runs,
    "ProjectCollections": project_collections,
    "Projects": projects,
    "Reports": reports,
    "RunArtifacts": run_artifacts,
    "Runs": all_runs,
    "Sweeps": sweeps,
}

UNSIZED = {"ArtifactTypes", "PriorRuns", "Projects", "Reports"}


def list_rows() -> list[Row]:
    """Return the rows of what all lists have."""
    acts: dict[str, Callable[[Any, Path], object]] = {
        "__iter__": lambda items, _: collected(items),
        "at": lambda items, _: last_of(items),
        "count": lambda items, _: items.count(),
        "first": lambda items, _: items.first(),
        "pages": lambda items, _: collected(items.pages()),
        "slice": lambda items, _: items.slice(0, 2),
    }
    return [
        Row(f"{name}.{member}", prepare, act)
        for name, prepare in LISTS.items()
        for member, act in acts.items()
        if not (name in UNSIZED and member == "count")
    ]


# What changes something before it sends it.


def save_run(run: Any, _: Path) -> object:
    run.notes, run.config["reviewed"] = "The one to beat.", True
    run.tags.append("best")
    run.save()
    return run


def update_run(run: Any, _: Path) -> object:
    run.group = "sweep 1"
    run.update()
    return run


def save_artifact(artifact: Any, _: Path) -> object:
    artifact.description = "Two rows."
    artifact.aliases.append("reviewed")
    artifact.save()
    return artifact


def save_collection(collection: Any, _: Path) -> object:
    collection.description = "Small ones."
    collection.tags.append("reviewed")
    collection.save()
    return collection


def change_type(collection: Any, _: Path) -> object:
    collection.change_type("images")
    return collection.type


def upload(run: Any, directory: Path) -> object:
    (directory / "notes.txt").write_text("It converges.")
    return run.upload_file(directory / "notes.txt", root=directory).name


def download_all(artifact: Any, directory: Path) -> object:
    root = artifact.download(directory / "all")
    return sorted((path.name, path.read_bytes()) for path in root.rglob("*") if path.is_file())


def check_out(artifact: Any, directory: Path) -> object:
    root = artifact.checkout(directory / "out")
    return sorted((path.name, path.read_bytes()) for path in root.rglob("*") if path.is_file())


def verify(artifact: Any, directory: Path) -> object:
    (directory / "train").mkdir()
    (directory / "labels.csv").write_bytes(b"0,7\n1,2\n")
    (directory / "train" / "images.bin").write_bytes(bytes(4))
    return artifact.verify(directory)


def content(path: Path) -> object:
    return path.read_bytes()


def table(frame: Any) -> object:
    return frame.to_pydict()


def pandas(frame: Any) -> object:
    return frame.to_csv()


def polars(frame: Any) -> object:
    return frame.to_dicts()


def parquet(runs: Any, directory: Path) -> object:
    from pyarrow.parquet import read_table

    return read_table(runs.to_parquet(directory / "runs.parquet")).to_pydict()


def load_full(runs: Any, _: Path) -> object:
    runs.load_full()
    return [dict(run.config) for run in runs.slice()]


def upgrade(runs: Any, _: Path) -> object:
    runs.upgrade_to_full()
    return [dict(run.config) for run in runs.slice()]


def narrow_runs(api: Api) -> Any:
    runs = api.runs("alice/mnist", config_keys=["lr"], per_page=2)
    runs.slice()
    return runs


def fetched_runs(api: Api) -> Any:
    runs = api.runs("alice/mnist", per_page=2)
    runs.slice()
    return runs


def typed(values: Any) -> object:
    found = values
    return list(found), [str(reject) for reject in found.rejects]


def planned(plan: Any) -> object:
    return plan.diff


def the_file(api: Api) -> Any:
    return api.run(RUN).file("model/weights.bin")


def the_artifact_file(api: Api) -> Any:
    return api.artifact(DIGITS).files().first()


def the_entry(api: Api) -> Any:
    return api.artifact(DIGITS).get_entry("labels.csv")


def the_new_run(api: Api) -> Any:
    return api.create_run("fresh", project="mnist")


def the_stale_run(api: Api) -> Any:
    run = api.create_run("fresh", project="mnist")
    api.flush()
    api.run("alice/mnist/fresh").update_state("failed")
    return run


def the_run_with_a_table(api: Api) -> Any:
    run = api.run(RUN)
    directory = Path(api.settings.cache_dir)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "guesses.json").write_text('{"columns": ["id", "guess"], "data": [[0, "seven"]]}')
    run.upload_file(directory / "guesses.json", root=directory)
    run.summary.update({"guesses": {"_type": "table-file", "path": "guesses.json"}})
    return run


def rows_of(table: Any) -> object:
    return table.rows


def the_pair(api: Api) -> Any:
    return api.run("alice/mnist/run-2"), api.artifact("alice/mnist/weights:v0")


def the_user_with_a_key(api: Api) -> Any:
    api.viewer.generate_api_key("for a while")
    return api.user("alice")


def the_key(made: Any) -> object:
    return len(str(made))


def the_team_and_bob(api: Api) -> Any:
    api.create_user("bob@example.org")
    return api.create_team("vision")


def the_team_of_two(api: Api) -> Any:
    api.create_user("bob@example.org")
    team = api.create_team("vision")
    team.invite("bob")
    return team.load(force=True)


def the_agent(sweep: Any) -> object:
    return sweep.agent("agent-1")


def closed(api: Any, _: Path) -> object:
    api.close()
    return None


ROWS: list[Row] = [
    Row("Api.artifact", the_api, lambda api, _: api.artifact(DIGITS)),
    Row("Api.artifact_collection", the_api, lambda api, _: api.artifact_collection("dataset", "mnist/digits")),
    Row(
        "Api.artifact_collection_exists", the_api, lambda api, _: api.artifact_collection_exists(DIGITS[:-3], "dataset")
    ),
    Row("Api.artifact_exists", the_api, lambda api, _: api.artifact_exists(DIGITS)),
    Row("Api.artifact_type", the_api, lambda api, _: api.artifact_type("dataset", "alice/mnist")),
    Row("Api.create_project", the_api, lambda api, _: api.create_project("cifar", "alice")),
    Row("Api.create_run", the_api, lambda api, _: api.create_run("fresh", project="mnist")),
    Row("Api.create_team", the_api, lambda api, _: api.create_team("vision")),
    Row("Api.create_user", the_api, lambda api, _: api.create_user("bob@example.org")),
    Row("Api.default_entity", the_api, lambda api, _: api.default_entity),
    Row("Api.from_path", the_api, lambda api, _: api.from_path(RUN)),
    Row("Api.organization", the_api, lambda api, _: api.organization("labs")),
    Row("Api.project", the_api, lambda api, _: api.project("alice/mnist")),
    Row("Api.run", the_api, lambda api, _: api.run(RUN)),
    Row("Api.sweep", the_api, lambda api, _: api.sweep("alice/mnist/sweep-1")),
    Row("Api.team", the_api, lambda api, _: api.team("alice")),
    Row("Api.user", the_api, lambda api, _: api.user("alice")),
    Row("Api.users", the_api, lambda api, _: api.users("ali")),
    Row("Api.viewer", the_api, lambda api, _: api.viewer),
    Row("Artifact.checkout", the_digits, check_out),
    Row("Artifact.collection", the_digits, lambda artifact, _: artifact.collection),
    Row("Artifact.delete", the_digits, lambda artifact, _: artifact.delete(delete_aliases=True)),
    Row("Artifact.download", the_digits, download_all),
    Row(
        "Artifact.file",
        lambda api: api.artifact("alice/mnist/weights:best"),
        lambda artifact, directory: content(artifact.file(directory)),
    ),
    Row("Artifact.get_entry", the_digits, lambda artifact, _: artifact.get_entry("labels.csv")),
    Row("Artifact.get_path", the_digits, lambda artifact, _: artifact.get_path("labels.csv")),
    Row("Artifact.link", the_digits, lambda artifact, _: artifact.link("alice/mnist/gold", aliases=["good"])),
    Row("Artifact.linked_artifacts", the_digits, lambda artifact, _: artifact.linked_artifacts),
    Row("Artifact.logged_by", the_digits, lambda artifact, _: artifact.logged_by()),
    Row("Artifact.manifest", the_digits, lambda artifact, _: artifact.manifest),
    Row("Artifact.save", the_digits, save_artifact),
    Row("Artifact.source_artifact", the_link, lambda artifact, _: artifact.source_artifact),
    Row("Artifact.source_collection", the_link, lambda artifact, _: artifact.source_collection),
    Row("Artifact.unlink", the_link, lambda artifact, _: artifact.unlink()),
    Row("Artifact.used_by", the_digits, lambda artifact, _: artifact.used_by()),
    Row("Artifact.verify", the_digits, verify),
    Row("Artifact.wait", the_digits, lambda artifact, _: artifact.wait(timeout=20)),
    Row("ArtifactCollection.aliases", the_collection, lambda collection, _: collection.aliases),
    Row("ArtifactCollection.change_type", the_collection, change_type),
    Row("ArtifactCollection.delete", the_collection, lambda collection, _: collection.delete()),
    Row("ArtifactCollection.save", the_collection, save_collection),
    Row("ArtifactCollection.save of a portfolio", the_portfolio, save_collection),
    Row("ArtifactCollection.delete of a portfolio", the_portfolio, lambda collection, _: collection.delete()),
    Row("ArtifactEntry.download", the_entry, lambda entry, directory: content(entry.download(directory))),
    Row("ArtifactEntry.read", the_entry, lambda entry, _: entry.read()),
    Row("ArtifactFile.download", the_artifact_file, lambda file, directory: content(file.download(directory))),
    Row("ArtifactFile.read", the_artifact_file, lambda file, _: file.read()),
    Row("ArtifactType.collection", the_datasets, lambda kind, _: kind.collection("digits")),
    Row("ArtifactType.load", the_datasets, lambda kind, _: kind.load()),
    Row("Client.execute", the_client, lambda client, _: client.execute(operations.get_viewer())),
    Row("Client.has_feature", the_client, lambda client, _: client.has_feature("TIME_TRAVEL")),
    Row(
        "Client.pages",
        the_client,
        lambda client, _: collected(
            client.pages(operations.get_runs(entity="alice", project="mnist", first=2, order="-created_at"))
        ),
    ),
    Row(
        "Client.paginate",
        the_client,
        lambda client, _: collected(
            client.paginate(operations.get_runs(entity="alice", project="mnist", first=2, order="-created_at"))
        ),
    ),
    Row("File.delete", the_file, lambda file, _: file.delete()),
    Row("File.download", the_file, lambda file, directory: content(file.download(directory))),
    Row("File.read", the_file, lambda file, _: file.read()),
    Row("Histories.to_arrow", all_runs, lambda runs, _: table(runs.histories(keys=["loss"]).to_arrow())),
    Row("Histories.to_pandas", all_runs, lambda runs, _: pandas(runs.histories(["loss"], samples=2).to_pandas())),
    Row("Histories.to_polars", all_runs, lambda runs, _: polars(runs.histories(["loss"]).to_polars())),
    Row("HistoryScan.__iter__", the_run, lambda run, _: collected(run.scan_history(page_size=2))),
    Row("HistoryScan.to_arrow", the_run, lambda run, _: table(run.scan_history(["loss"]).to_arrow())),
    Row("HistoryScan.to_pandas", the_run, lambda run, _: pandas(run.scan_history(["loss"]).to_pandas())),
    Row("HistoryScan.to_polars", the_run, lambda run, _: polars(run.scan_history(["loss"]).to_polars())),
    Row("Member.delete", the_team_of_two, lambda team, _: team.members[-1].delete()),
    Row("Run.delete", the_run, lambda run, _: run.delete()),
    Row(
        "Run.download_history_exports",
        the_run,
        lambda run, directory: run.download_history_exports(directory / "exports", require_complete_history=False),
    ),
    Row("Run.file", the_run, lambda run, _: run.file("config.yaml")),
    Row("Run.history", the_run, lambda run, _: run.history(samples=2, keys=["loss"], pandas=False)),
    Row("Run.lastHistoryStep", the_run, lambda run, _: run.lastHistoryStep),
    Row("Run.load", the_run, lambda run, _: run.load(force=True)),
    Row("Run.load_full_data", the_run, lambda run, _: run.load_full_data(force=True)),
    Row("Run.log_artifact", the_pair, lambda pair, _: pair[0].log_artifact(pair[1], aliases=["second"])),
    Row("Run.metadata", the_run, lambda run, _: run.metadata),
    Row("Run.save", the_run, save_run),
    Row("Run.stop", the_run, lambda run, _: run.stop()),
    Row("Run.sweep", the_run, lambda run, _: run.sweep),
    Row("Run.table", the_run_with_a_table, lambda run, _: rows_of(run.table("guesses"))),
    Row("Run.update", the_run, update_run),
    Row("Run.update_state", the_new_run, lambda run, _: run.update_state("failed")),
    Row("Run.upload_file", the_run, upload),
    Row("Run.use_artifact", the_pair, lambda pair, _: pair[0].use_artifact(pair[1])),
    Row("Run.wait_until_finished", the_stale_run, lambda run, _: run.wait_until_finished(timeout=20)),
    Row("Runs.add_tags", fetched_runs, lambda runs, _: planned(runs.add_tags("good", concurrency=2))),
    Row("Runs.check_keys", lambda api: the_filtered(api), lambda runs, _: runs.check_keys()),
    Row("Runs.configs", all_runs, lambda runs, _: typed(runs.configs(Config))),
    Row("Runs.delete", fetched_runs, lambda runs, _: planned(runs.delete(concurrency=2))),
    Row("Runs.exists", all_runs, lambda runs, _: runs.exists()),
    Row("Runs.explain", all_runs, lambda runs, _: requests_of(runs.explain(count=True))),
    Row("Runs.load_full", narrow_runs, load_full),
    Row("Runs.one", lambda api: the_only(api), lambda runs, _: runs.one()),
    Row("Runs.remove_tags", fetched_runs, lambda runs, _: planned(runs.remove_tags("exploration"))),
    Row("Runs.report", fetched_runs, lambda runs, _: runs.report()),
    Row("Runs.set_group", fetched_runs, lambda runs, _: planned(runs.set_group("all"))),
    Row("Runs.summaries", all_runs, lambda runs, _: typed(runs.summaries(Results))),
    Row("Runs.to_arrow", all_runs, lambda runs, _: table(runs.to_arrow())),
    Row("Runs.to_csv", all_runs, lambda runs, directory: content(runs.to_csv(directory / "runs.csv"))),
    Row("Runs.to_jsonl", all_runs, lambda runs, directory: content(runs.to_jsonl(directory / "runs.jsonl"))),
    Row("Runs.to_pandas", all_runs, lambda runs, _: pandas(runs.to_pandas())),
    Row("Runs.to_parquet", all_runs, parquet),
    Row("Runs.to_polars", all_runs, lambda runs, _: polars(runs.to_polars())),
    Row("Runs.upgrade_to_full", narrow_runs, upgrade),
    Row("Summary.update", the_run, lambda run, _: run.summary.update({"accuracy": 0.97})),
    Row("Sweep.agent", the_sweep, lambda sweep, _: the_agent(sweep)),
    Row("Sweep.agents", the_sweep, lambda sweep, _: sweep.agents()),
    Row("Sweep.best_run", the_sweep, lambda sweep, _: sweep.best_run()),
    Row("Sweep.load", the_sweep, lambda sweep, _: sweep.load(force=True)),
    Row("Team.create_service_account", the_team, lambda team, _: team.create_service_account("nightly")),
    Row("Team.invite", the_team_and_bob, lambda team, _: team.invite("bob")),
    Row("Team.load", the_team, lambda team, _: team.load(force=True)),
    Row("User.delete_api_key", the_user_with_a_key, lambda user, _: user.delete_api_key(user.api_keys[-1])),
    Row("User.generate_api_key", lambda api: api.viewer, lambda user, _: the_key(user.generate_api_key("new"))),
    *list_rows(),
]


def the_filtered(api: Api) -> Any:
    return api.runs("alice/mnist", F.config["lr"] < 1)


def the_only(api: Api) -> Any:
    return api.runs("alice/mnist", {"display_name": "baseline"})


def requests_of(explanation: Any) -> object:
    return explanation.requests
