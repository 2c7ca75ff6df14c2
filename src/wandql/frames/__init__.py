"""From records to columns: Arrow tables, data frames, files of them. The libraries are extras, imported when used.

`shapes` says what the values of a column are and which type they get, `columns` takes documents apart, `arrays` keeps
values as Arrow arrays, `builder` joins these under one schema, `tables` makes frames of it and `writers` files. `rows`
and `histories` do the same for histories. `arrow` and `libraries` find the extras.
"""
