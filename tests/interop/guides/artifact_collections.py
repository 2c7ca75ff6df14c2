"""Walk through the types, collections and versions of a project."""

import wandb

api = wandb.Api()
for kind in sorted(api.artifact_types("alice/mnist"), key=lambda each: each.name):
    for collection in kind.collections():
        print(kind.name, collection.name, collection.type, [version.name for version in collection.artifacts()])
print([version.version for version in api.artifacts("dataset", "alice/mnist/digits")])
print(api.artifact_type("model", "alice/mnist").name, api.artifact_collection("model", "alice/mnist/weights").name)
print(api.artifact_exists("alice/mnist/weights:best"), api.artifact_exists("alice/mnist/weights:v9"))
print(api.artifact_collection_exists("alice/mnist/weights", "model"))
