"""Every public call that sends a request: how it is made ready, and what it does then."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typing_extensions import TypedDict

from wandql import AsyncApi, F
from wandql.graphql.generated import operations

__all__ = ["ROWS", "AsyncRow"]

RUN = "alice/mnist/run-1"
DIGITS = "alice/mnist/digits:v0"


@dataclass(frozen=True)
class AsyncRow:
    """A public call.

    Attributes:
        name: The class, without its colour, and the member.
        prepare: Fetches what the call belongs to. Nothing goes wrong here.
        act: The call, given that and an empty directory.
    """

    name: str
    prepare: Callable[[AsyncApi], Awaitable[Any]]
    act: Callable[[Any, Path], Awaitable[object]]


class Config(TypedDict):
    """What all runs have in their config."""

    lr: float


class Results(TypedDict):
    """What all runs have in their summary."""

    loss: float


async def collected(items: AsyncIterable[object]) -> list[object]:
    return [each async for each in items]


async def last_of(items: Any) -> object:
    try:
        return await items.at(-1)
    except IndexError:
        return "a list without items"


async def the_api(api: AsyncApi) -> Any:
    return api


async def the_client(api: AsyncApi) -> Any:
    return api.client


async def the_run(api: AsyncApi) -> Any:
    return await api.run(RUN)


async def the_digits(api: AsyncApi) -> Any:
    return await api.artifact(DIGITS)


async def the_sweep(api: AsyncApi) -> Any:
    return await api.sweep("alice/mnist/sweep-1")


async def the_team(api: AsyncApi) -> Any:
    return await api.create_team("vision")


async def the_collection(api: AsyncApi) -> Any:
    return await api.artifact_collection("dataset", "alice/mnist/digits")


async def the_portfolio(api: AsyncApi) -> Any:
    await (await api.artifact(DIGITS)).link("alice/mnist/gold")
    return await api.artifact_collection("dataset", "alice/mnist/gold")


async def the_link(api: AsyncApi) -> Any:
    return await (await api.artifact(DIGITS)).link("alice/mnist/gold")


async def the_datasets(api: AsyncApi) -> Any:
    return await api.artifact_type("dataset", "alice/mnist")


async def all_runs(api: AsyncApi) -> Any:
    return api.runs("alice/mnist", per_page=2)


# The lists: each is made without a request, from what is fetched before.


async def projects(api: AsyncApi) -> Any:
    return api.projects("alice", per_page=1)


async def sweeps(api: AsyncApi) -> Any:
    return (await api.project("alice/mnist")).sweeps()


async def files(api: AsyncApi) -> Any:
    return (await api.run(RUN)).files(per_page=2)


async def console_logs(api: AsyncApi) -> Any:
    return (await api.run(RUN)).console_logs(per_page=3)


async def artifact_types(api: AsyncApi) -> Any:
    return api.artifact_types("alice/mnist")


async def artifact_collections(api: AsyncApi) -> Any:
    return api.artifact_collections("alice/mnist", "dataset")


async def project_collections(api: AsyncApi) -> Any:
    return (await api.project("alice/mnist")).collections(per_page=1)


async def artifacts(api: AsyncApi) -> Any:
    return api.artifacts("dataset", "alice/mnist/digits")


async def artifact_files(api: AsyncApi) -> Any:
    return (await api.artifact(DIGITS)).files(per_page=1)


async def run_artifacts(api: AsyncApi) -> Any:
    return (await api.run(RUN)).logged_artifacts()


async def reports(api: AsyncApi) -> Any:
    return api.reports("alice/mnist")


async def prior_runs(api: AsyncApi) -> Any:
    return (await the_sweep(api)).prior_runs()


async def agent_runs(api: AsyncApi) -> Any:
    return (await (await the_sweep(api)).agents())[0].runs(per_page=2)


LISTS: dict[str, Callable[[AsyncApi], Awaitable[Any]]] = {
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


def list_rows() -> list[AsyncRow]:
    """Return the rows of what all lists have."""
    acts: dict[str, Callable[[Any, Path], Awaitable[object]]] = {
        "__iter__": lambda items, _: collected(items),
        "at": lambda items, _: last_of(items),
        "count": lambda items, _: items.count(),
        "first": lambda items, _: items.first(),
        "pages": lambda items, _: collected(items.pages()),
        "slice": lambda items, _: items.slice(0, 2),
    }
    return [
        AsyncRow(f"{name}.{member}", prepare, act)
        for name, prepare in LISTS.items()
        for member, act in acts.items()
        if not (name in UNSIZED and member == "count")
    ]


# What changes something before it sends it.


async def save_run(run: Any, _: Path) -> object:
    run.notes, run.config["reviewed"] = "The one to beat.", True
    run.tags.append("best")
    await run.save()
    return run


async def update_run(run: Any, _: Path) -> object:
    run.group = "sweep 1"
    await run.update()
    return run


async def save_artifact(artifact: Any, _: Path) -> object:
    artifact.description = "Two rows."
    artifact.aliases.append("reviewed")
    await artifact.save()
    return artifact


async def save_collection(collection: Any, _: Path) -> object:
    collection.description = "Small ones."
    collection.tags.append("reviewed")
    await collection.save()
    return collection


async def change_type(collection: Any, _: Path) -> object:
    await collection.change_type("images")
    return collection.type


async def upload(run: Any, directory: Path) -> object:
    (directory / "notes.txt").write_text("It converges.")
    return (await run.upload_file(directory / "notes.txt", root=directory)).name


async def download_all(artifact: Any, directory: Path) -> object:
    root = await artifact.download(directory / "all")
    return sorted((path.name, path.read_bytes()) for path in root.rglob("*") if path.is_file())


async def check_out(artifact: Any, directory: Path) -> object:
    root = await artifact.checkout(directory / "out")
    return sorted((path.name, path.read_bytes()) for path in root.rglob("*") if path.is_file())


async def verify(artifact: Any, directory: Path) -> object:
    (directory / "train").mkdir()
    (directory / "labels.csv").write_bytes(b"0,7\n1,2\n")
    (directory / "train" / "images.bin").write_bytes(bytes(4))
    return await artifact.verify(directory)


async def content(path: Awaitable[Path]) -> object:
    return (await path).read_bytes()


async def table(frame: Awaitable[Any]) -> object:
    return (await frame).to_pydict()


async def pandas(frame: Awaitable[Any]) -> object:
    return (await frame).to_csv()


async def polars(frame: Awaitable[Any]) -> object:
    return (await frame).to_dicts()


async def parquet(runs: Any, directory: Path) -> object:
    from pyarrow.parquet import read_table

    return read_table(await runs.to_parquet(directory / "runs.parquet")).to_pydict()


async def load_full(runs: Any, _: Path) -> object:
    await runs.load_full()
    return [dict(run.config) for run in await runs.slice()]


async def upgrade(runs: Any, _: Path) -> object:
    await runs.upgrade_to_full()
    return [dict(run.config) for run in await runs.slice()]


async def narrow_runs(api: AsyncApi) -> Any:
    runs = api.runs("alice/mnist", config_keys=["lr"], per_page=2)
    await runs.slice()
    return runs


async def fetched_runs(api: AsyncApi) -> Any:
    runs = api.runs("alice/mnist", per_page=2)
    await runs.slice()
    return runs


async def typed(values: Awaitable[Any]) -> object:
    found = await values
    return list(found), [str(reject) for reject in found.rejects]


async def planned(plan: Awaitable[Any]) -> object:
    return (await plan).diff


async def the_file(api: AsyncApi) -> Any:
    return await (await api.run(RUN)).file("model/weights.bin")


async def the_artifact_file(api: AsyncApi) -> Any:
    return await (await api.artifact(DIGITS)).files().first()


async def the_entry(api: AsyncApi) -> Any:
    return await (await api.artifact(DIGITS)).get_entry("labels.csv")


async def the_new_run(api: AsyncApi) -> Any:
    return await api.create_run("fresh", project="mnist")


async def the_stale_run(api: AsyncApi) -> Any:
    run = await api.create_run("fresh", project="mnist")
    api.flush()
    await (await api.run("alice/mnist/fresh")).update_state("failed")
    return run


async def the_run_with_a_table(api: AsyncApi) -> Any:
    run = await api.run(RUN)
    directory = Path(api.settings.cache_dir)
    directory.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - it takes no time
    (directory / "guesses.json").write_text('{"columns": ["id", "guess"], "data": [[0, "seven"]]}')
    await run.upload_file(directory / "guesses.json", root=directory)
    await run.summary.update({"guesses": {"_type": "table-file", "path": "guesses.json"}})
    return run


async def rows_of(table: Awaitable[Any]) -> object:
    return (await table).rows


async def the_pair(api: AsyncApi) -> Any:
    return await api.run("alice/mnist/run-2"), await api.artifact("alice/mnist/weights:v0")


async def the_user_with_a_key(api: AsyncApi) -> Any:
    await (await api.viewer).generate_api_key("for a while")
    return await api.user("alice")


async def the_key(made: Awaitable[Any]) -> object:
    return len(str(await made))


async def the_team_and_bob(api: AsyncApi) -> Any:
    await api.create_user("bob@example.org")
    return await api.create_team("vision")


async def the_team_of_two(api: AsyncApi) -> Any:
    await api.create_user("bob@example.org")
    team = await api.create_team("vision")
    await team.invite("bob")
    return await team.load(force=True)


async def the_agent(sweep: Any) -> object:
    return await sweep.agent("agent-1")


async def closed(api: Any, _: Path) -> object:
    await api.aclose()
    return None


ROWS: list[AsyncRow] = [
    AsyncRow("Api.artifact", the_api, lambda api, _: api.artifact(DIGITS)),
    AsyncRow("Api.artifact_collection", the_api, lambda api, _: api.artifact_collection("dataset", "mnist/digits")),
    AsyncRow(
        "Api.artifact_collection_exists", the_api, lambda api, _: api.artifact_collection_exists(DIGITS[:-3], "dataset")
    ),
    AsyncRow("Api.artifact_exists", the_api, lambda api, _: api.artifact_exists(DIGITS)),
    AsyncRow("Api.artifact_type", the_api, lambda api, _: api.artifact_type("dataset", "alice/mnist")),
    AsyncRow("Api.create_project", the_api, lambda api, _: api.create_project("cifar", "alice")),
    AsyncRow("Api.create_run", the_api, lambda api, _: api.create_run("fresh", project="mnist")),
    AsyncRow("Api.create_team", the_api, lambda api, _: api.create_team("vision")),
    AsyncRow("Api.create_user", the_api, lambda api, _: api.create_user("bob@example.org")),
    AsyncRow("Api.default_entity", the_api, lambda api, _: api.default_entity),
    AsyncRow("Api.from_path", the_api, lambda api, _: api.from_path(RUN)),
    AsyncRow("Api.organization", the_api, lambda api, _: api.organization("labs")),
    AsyncRow("Api.project", the_api, lambda api, _: api.project("alice/mnist")),
    AsyncRow("Api.run", the_api, lambda api, _: api.run(RUN)),
    AsyncRow("Api.sweep", the_api, lambda api, _: api.sweep("alice/mnist/sweep-1")),
    AsyncRow("Api.team", the_api, lambda api, _: api.team("alice")),
    AsyncRow("Api.user", the_api, lambda api, _: api.user("alice")),
    AsyncRow("Api.users", the_api, lambda api, _: api.users("ali")),
    AsyncRow("Api.viewer", the_api, lambda api, _: api.viewer),
    AsyncRow("Artifact.checkout", the_digits, check_out),
    AsyncRow("Artifact.collection", the_digits, lambda artifact, _: artifact.collection),
    AsyncRow("Artifact.delete", the_digits, lambda artifact, _: artifact.delete(delete_aliases=True)),
    AsyncRow("Artifact.download", the_digits, download_all),
    AsyncRow(
        "Artifact.file",
        lambda api: api.artifact("alice/mnist/weights:best"),
        lambda artifact, directory: content(artifact.file(directory)),
    ),
    AsyncRow("Artifact.get_entry", the_digits, lambda artifact, _: artifact.get_entry("labels.csv")),
    AsyncRow("Artifact.get_path", the_digits, lambda artifact, _: artifact.get_path("labels.csv")),
    AsyncRow("Artifact.link", the_digits, lambda artifact, _: artifact.link("alice/mnist/gold", aliases=["good"])),
    AsyncRow("Artifact.linked_artifacts", the_digits, lambda artifact, _: artifact.linked_artifacts),
    AsyncRow("Artifact.logged_by", the_digits, lambda artifact, _: artifact.logged_by()),
    AsyncRow("Artifact.manifest", the_digits, lambda artifact, _: artifact.manifest),
    AsyncRow("Artifact.save", the_digits, save_artifact),
    AsyncRow("Artifact.source_artifact", the_link, lambda artifact, _: artifact.source_artifact),
    AsyncRow("Artifact.source_collection", the_link, lambda artifact, _: artifact.source_collection),
    AsyncRow("Artifact.unlink", the_link, lambda artifact, _: artifact.unlink()),
    AsyncRow("Artifact.used_by", the_digits, lambda artifact, _: artifact.used_by()),
    AsyncRow("Artifact.verify", the_digits, verify),
    AsyncRow("Artifact.wait", the_digits, lambda artifact, _: artifact.wait(timeout=20)),
    AsyncRow("ArtifactCollection.aliases", the_collection, lambda collection, _: collection.aliases),
    AsyncRow("ArtifactCollection.change_type", the_collection, change_type),
    AsyncRow("ArtifactCollection.delete", the_collection, lambda collection, _: collection.delete()),
    AsyncRow("ArtifactCollection.save", the_collection, save_collection),
    AsyncRow("ArtifactCollection.save of a portfolio", the_portfolio, save_collection),
    AsyncRow("ArtifactCollection.delete of a portfolio", the_portfolio, lambda collection, _: collection.delete()),
    AsyncRow("ArtifactEntry.download", the_entry, lambda entry, directory: content(entry.download(directory))),
    AsyncRow("ArtifactEntry.read", the_entry, lambda entry, _: entry.read()),
    AsyncRow("ArtifactFile.download", the_artifact_file, lambda file, directory: content(file.download(directory))),
    AsyncRow("ArtifactFile.read", the_artifact_file, lambda file, _: file.read()),
    AsyncRow("ArtifactType.collection", the_datasets, lambda kind, _: kind.collection("digits")),
    AsyncRow("ArtifactType.load", the_datasets, lambda kind, _: kind.load()),
    AsyncRow("Client.execute", the_client, lambda client, _: client.execute(operations.get_viewer())),
    AsyncRow("Client.has_feature", the_client, lambda client, _: client.has_feature("TIME_TRAVEL")),
    AsyncRow(
        "Client.pages",
        the_client,
        lambda client, _: collected(
            client.pages(operations.get_runs(entity="alice", project="mnist", first=2, order="-created_at"))
        ),
    ),
    AsyncRow(
        "Client.paginate",
        the_client,
        lambda client, _: collected(
            client.paginate(operations.get_runs(entity="alice", project="mnist", first=2, order="-created_at"))
        ),
    ),
    AsyncRow("File.delete", the_file, lambda file, _: file.delete()),
    AsyncRow("File.download", the_file, lambda file, directory: content(file.download(directory))),
    AsyncRow("File.read", the_file, lambda file, _: file.read()),
    AsyncRow("Histories.to_arrow", all_runs, lambda runs, _: table(runs.histories(keys=["loss"]).to_arrow())),
    AsyncRow("Histories.to_pandas", all_runs, lambda runs, _: pandas(runs.histories(["loss"], samples=2).to_pandas())),
    AsyncRow("Histories.to_polars", all_runs, lambda runs, _: polars(runs.histories(["loss"]).to_polars())),
    AsyncRow("HistoryScan.__iter__", the_run, lambda run, _: collected(run.scan_history(page_size=2))),
    AsyncRow("HistoryScan.to_arrow", the_run, lambda run, _: table(run.scan_history(["loss"]).to_arrow())),
    AsyncRow("HistoryScan.to_pandas", the_run, lambda run, _: pandas(run.scan_history(["loss"]).to_pandas())),
    AsyncRow("HistoryScan.to_polars", the_run, lambda run, _: polars(run.scan_history(["loss"]).to_polars())),
    AsyncRow("Member.delete", the_team_of_two, lambda team, _: team.members[-1].delete()),
    AsyncRow("Run.delete", the_run, lambda run, _: run.delete()),
    AsyncRow(
        "Run.download_history_exports",
        the_run,
        lambda run, directory: run.download_history_exports(directory / "exports", require_complete_history=False),
    ),
    AsyncRow("Run.file", the_run, lambda run, _: run.file("config.yaml")),
    AsyncRow("Run.history", the_run, lambda run, _: run.history(samples=2, keys=["loss"], pandas=False)),
    AsyncRow("Run.lastHistoryStep", the_run, lambda run, _: run.lastHistoryStep),
    AsyncRow("Run.load", the_run, lambda run, _: run.load(force=True)),
    AsyncRow("Run.load_full_data", the_run, lambda run, _: run.load_full_data(force=True)),
    AsyncRow("Run.log_artifact", the_pair, lambda pair, _: pair[0].log_artifact(pair[1], aliases=["second"])),
    AsyncRow("Run.metadata", the_run, lambda run, _: run.metadata),
    AsyncRow("Run.save", the_run, save_run),
    AsyncRow("Run.stop", the_run, lambda run, _: run.stop()),
    AsyncRow("Run.sweep", the_run, lambda run, _: run.sweep),
    AsyncRow("Run.table", the_run_with_a_table, lambda run, _: rows_of(run.table("guesses"))),
    AsyncRow("Run.update", the_run, update_run),
    AsyncRow("Run.update_state", the_new_run, lambda run, _: run.update_state("failed")),
    AsyncRow("Run.upload_file", the_run, upload),
    AsyncRow("Run.use_artifact", the_pair, lambda pair, _: pair[0].use_artifact(pair[1])),
    AsyncRow("Run.wait_until_finished", the_stale_run, lambda run, _: run.wait_until_finished(timeout=20)),
    AsyncRow("Runs.add_tags", fetched_runs, lambda runs, _: planned(runs.add_tags("good", concurrency=2))),
    AsyncRow("Runs.check_keys", lambda api: the_filtered(api), lambda runs, _: runs.check_keys()),
    AsyncRow("Runs.configs", all_runs, lambda runs, _: typed(runs.configs(Config))),
    AsyncRow("Runs.delete", fetched_runs, lambda runs, _: planned(runs.delete(concurrency=2))),
    AsyncRow("Runs.exists", all_runs, lambda runs, _: runs.exists()),
    AsyncRow("Runs.explain", all_runs, lambda runs, _: requests_of(runs.explain(count=True))),
    AsyncRow("Runs.load_full", narrow_runs, load_full),
    AsyncRow("Runs.one", lambda api: the_only(api), lambda runs, _: runs.one()),
    AsyncRow("Runs.remove_tags", fetched_runs, lambda runs, _: planned(runs.remove_tags("exploration"))),
    AsyncRow("Runs.report", fetched_runs, lambda runs, _: runs.report()),
    AsyncRow("Runs.set_group", fetched_runs, lambda runs, _: planned(runs.set_group("all"))),
    AsyncRow("Runs.summaries", all_runs, lambda runs, _: typed(runs.summaries(Results))),
    AsyncRow("Runs.to_arrow", all_runs, lambda runs, _: table(runs.to_arrow())),
    AsyncRow("Runs.to_csv", all_runs, lambda runs, directory: content(runs.to_csv(directory / "runs.csv"))),
    AsyncRow("Runs.to_jsonl", all_runs, lambda runs, directory: content(runs.to_jsonl(directory / "runs.jsonl"))),
    AsyncRow("Runs.to_pandas", all_runs, lambda runs, _: pandas(runs.to_pandas())),
    AsyncRow("Runs.to_parquet", all_runs, parquet),
    AsyncRow("Runs.to_polars", all_runs, lambda runs, _: polars(runs.to_polars())),
    AsyncRow("Runs.upgrade_to_full", narrow_runs, upgrade),
    AsyncRow("Summary.update", the_run, lambda run, _: run.summary.update({"accuracy": 0.97})),
    AsyncRow("Sweep.agent", the_sweep, lambda sweep, _: the_agent(sweep)),
    AsyncRow("Sweep.agents", the_sweep, lambda sweep, _: sweep.agents()),
    AsyncRow("Sweep.best_run", the_sweep, lambda sweep, _: sweep.best_run()),
    AsyncRow("Sweep.load", the_sweep, lambda sweep, _: sweep.load(force=True)),
    AsyncRow("Team.create_service_account", the_team, lambda team, _: team.create_service_account("nightly")),
    AsyncRow("Team.invite", the_team_and_bob, lambda team, _: team.invite("bob")),
    AsyncRow("Team.load", the_team, lambda team, _: team.load(force=True)),
    AsyncRow("User.delete_api_key", the_user_with_a_key, lambda user, _: user.delete_api_key(user.api_keys[-1])),
    AsyncRow("User.generate_api_key", lambda api: api.viewer, lambda user, _: the_key(user.generate_api_key("new"))),
    *list_rows(),
]


async def the_filtered(api: AsyncApi) -> Any:
    return api.runs("alice/mnist", F.config["lr"] < 1)


async def the_only(api: AsyncApi) -> Any:
    return api.runs("alice/mnist", {"display_name": "baseline"})


async def requests_of(explanation: Awaitable[Any]) -> object:
    return (await explanation).requests
