"""List, download, upload and delete files of a run."""

from pathlib import Path

import wandb

run = wandb.Api().run("alice/mnist/run-1")
for file in run.files():
    print(file.name, file.size, file.mimetype)
print([file.name for file in run.files(pattern="%.json")])
run.file("model/weights.bin").download(replace=True)
print(Path("model/weights.bin").read_bytes())
for file in run.files():
    if file.name.endswith(".yaml"):
        file.download("elsewhere")
print(sorted(path.as_posix() for path in Path("elsewhere").rglob("*") if path.is_file()))
Path("notes.txt").write_text("converges")
print(run.upload_file("notes.txt").size)
run.file("notes.txt").delete()
print([file.name for file in wandb.Api().run("alice/mnist/run-1").files()])
print(run.metadata["program"])
