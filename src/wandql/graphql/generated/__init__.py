# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""Generated models, builders and client methods."""
