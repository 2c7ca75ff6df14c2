"""From records to columns: Arrow tables, data frames, files of them. The libraries are extras, imported when used.

`shapes` says what the values of a column are and which type they get, `columns` takes documents apart, `batches` keeps
them as Arrow arrays, `tables` joins these under one schema, `writers` puts that into files, and `rows` makes frames of
dicts. `libraries` finds the extras.
"""
