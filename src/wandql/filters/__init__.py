"""Filters and orders: what the server is asked to choose and how to sort it.

`fields` makes expressions, `parsing` reads them out of documents, `expressions` is what they are, `evaluation` what
they say of a run that is here, and `selections` what of them the server is asked. `documents` checks what travels,
`orders` what sorts, and `names` has what everything is called.

Nothing is sent here.
"""

from wandql.filters.documents import canonical_filters, encode_filters
from wandql.filters.expressions import Filter
from wandql.filters.fields import F
from wandql.filters.orders import Order, encode_order
from wandql.filters.selections import Selection, select, select_columns

__all__ = [
    "F",
    "Filter",
    "Order",
    "Selection",
    "canonical_filters",
    "encode_filters",
    "encode_order",
    "select",
    "select_columns",
]
