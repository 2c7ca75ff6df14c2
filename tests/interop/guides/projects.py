"""List projects, make one, and make a run in it."""

import wandb

api = wandb.Api()
print([project.name for project in api.projects("alice")])
project = api.project("mnist", entity="alice")
print(project.name, project.entity, project.path, [sweep.id for sweep in project.sweeps()])
api.create_project("new", "alice")
run = api.create_run(run_id="made", project="new", entity="alice")
print(run.id, run.state, run.path)
print(sorted(project.name for project in wandb.Api().projects("alice")))
print(api.viewer.username, api.default_entity, api.viewer.teams)
