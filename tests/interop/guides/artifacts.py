"""Fetch a model by its alias, look at where it comes from, and give it another alias."""

from pathlib import Path

import wandb

api = wandb.Api()
artifact = api.artifact("alice/mnist/weights:best", type="model")
print(artifact.type, artifact.version, sorted(artifact.aliases), artifact.size, artifact.state, artifact.metadata)
directory = artifact.download()
print(sorted(path.relative_to(directory).as_posix() for path in Path(directory).rglob("*") if path.is_file()))
print(artifact.verify(), artifact.logged_by().id, [run.id for run in artifact.used_by()])
digits = api.artifact("alice/mnist/digits:latest")
print(digits.metadata, sorted(digits.manifest.entries), [run.id for run in digits.used_by()])
print(Path(digits.get_entry("labels.csv").download(root="one")).read_text())
print(sorted(file.name for file in digits.files()))
artifact.aliases.append("production")
artifact.description = "ready"
artifact.metadata["accuracy"] = 0.9
artifact.save()
artifact = wandb.Api().artifact("alice/mnist/weights:production")
print(sorted(artifact.aliases), artifact.description, artifact.metadata)
run = api.run("alice/mnist/run-1")
print([each.name for each in run.logged_artifacts()], [each.name for each in run.used_artifacts()])
