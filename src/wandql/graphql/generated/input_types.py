# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of the schema's inputs that the operations take."""
