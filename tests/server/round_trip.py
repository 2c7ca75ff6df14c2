"""What every version of the official SDK must do on this server: a program of its own, run in a process of its own.

It uses only what versions 0.17 to 0.31 have in common, and ends with an error at the first thing that is not so.
"""

import sys
from pathlib import Path

import wandb

PROJECT = "versions"
NAME = f"v{wandb.__version__.replace('.', '-')}"


def check(claim: str, holds: object) -> None:
    """End with an error that says what is not so."""
    if not holds:
        sys.exit(f"wandb {wandb.__version__}: not so: {claim}")


def write() -> None:
    """Log a run, its files and an artifact; use the artifact in another run; resume the first."""
    run = wandb.init(project=PROJECT, id=NAME, config={"lr": 0.1, "opt": {"name": "sgd"}}, tags=["x"], group="g")
    for step in range(10):
        run.log({"loss": 1 / (step + 1), "acc": step})
    run.log({"table": wandb.Table(columns=["a"], data=[[1]])})
    print("printed by the program")
    artifact = wandb.Artifact(f"data-{NAME}", "dataset", metadata={"rows": 1})
    with artifact.new_file("a.txt") as file:
        file.write(NAME)
    run.log_artifact(artifact, aliases=["best"])
    artifact.wait()
    Path("kept.txt").write_text("kept")
    run.save("kept.txt")
    run.summary["best"] = 1
    run.finish()
    with wandb.init(project=PROJECT, id=f"{NAME}-user") as user:
        directory = user.use_artifact(f"data-{NAME}:best").download(root=f"down-{NAME}")
        check("a version comes back as it was logged", (Path(directory) / "a.txt").read_text() == NAME)
    with wandb.init(project=PROJECT, id=NAME, resume="must") as again:
        again.log({"loss": 0})


def read() -> None:
    """Read all of it with the query client, and change a little."""
    api = wandb.Api()
    run = api.run(f"{PROJECT}/{NAME}")
    check("the run is finished", run.state == "finished")
    check("its config is the one it was begun with", run.config == {"lr": 0.1, "opt": {"name": "sgd"}})
    check("its history is whole", len(list(run.scan_history())) == len(run.history(pandas=False)) == 12)
    check("keys of its history are sampled", len(run.history(keys=["acc"], pandas=False)) == 10)
    check("its summary and tags are there", run.summary["best"] == 1 and run.tags == ["x"])
    down = run.file("kept.txt").download(root=f"down-{NAME}", replace=True)
    check("its files come back", down.read() == "kept")
    check("a filter finds it", NAME in [found.id for found in api.runs(PROJECT, filters={"config.lr": 0.1})])
    run.config["new"] = 1
    run.update()
    check("a changed config is kept", wandb.Api().run(f"{PROJECT}/{NAME}").config["new"] == 1)
    artifact = api.artifact(f"{PROJECT}/data-{NAME}:v0")
    check("the version has its aliases and metadata", {"best", "latest"} <= set(artifact.aliases))
    check("the version has its metadata", artifact.metadata == {"rows": 1})
    check("the version knows its runs", artifact.logged_by().id == NAME)
    check("the version knows its users", f"{NAME}-user" in [user.id for user in artifact.used_by()])
    check("the version has its file", [file.name for file in artifact.files()] == ["a.txt"])
    check("the run knows its versions", len(list(run.logged_artifacts())) >= 2)
    artifact.aliases.append("more")
    artifact.description = "described"
    artifact.save()
    more = wandb.Api().artifact(f"{PROJECT}/data-{NAME}:more")
    check("changes of a version are kept", more.description == "described")
    collections = api.artifact_type("dataset", PROJECT).collections()
    check("collections are listed", f"data-{NAME}" in [collection.name for collection in collections])


def sweep() -> None:
    """Search a grid with an agent in this process."""
    points = {"x": {"values": [1, 2]}}
    definition = {"method": "grid", "metric": {"name": "loss", "goal": "minimize"}, "parameters": points}
    name = wandb.sweep(definition, project=PROJECT)

    def train() -> None:
        with wandb.init() as run:
            run.log({"loss": run.config.x})

    wandb.agent(name, train, project=PROJECT, count=2)
    found = wandb.Api().sweep(f"{PROJECT}/{name}")
    check("a sweep ran every point of its grid", len(found.runs) == 2)
    check("a sweep knows its best run", found.best_run().config["x"] == 1)


write()
read()
sweep()
print("ok")
