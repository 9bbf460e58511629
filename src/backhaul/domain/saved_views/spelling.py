"""How a view is written: its name cleaned or refused, its query brought to one form. Pure."""

from urllib.parse import parse_qsl, urlencode

from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.writing import is_writable

MAX_NAME, MAX_QUERY, MAX_VALUES = 60, 1000, 40
# Where somebody was in the list, and what a page said once: no filters.
_PASSING = frozenset({"before", "after", "page", "notice", "about"})


def clean(name: str, query: str) -> tuple[str, str]:
    """Return a name without surrounding space and a query of filters alone, or refuse what is wrong with them."""
    name, problems = " ".join(name.split()), []
    if not name:
        problems.append(FieldProblem("name", "missing", "can't be blank"))
    elif len(name) > MAX_NAME:
        problems.append(
            FieldProblem("name", "saved_views.too_long", f"may have at most {MAX_NAME} characters")
        )
    elif not is_writable(name):
        problems.append(FieldProblem("name", "saved_views.unwritable", "may not contain control characters"))
    filters = filters_of(query)
    if len(filters) > MAX_QUERY:
        text = f"may have at most {MAX_QUERY} characters: leave out a filter"
        problems.append(FieldProblem("query", "saved_views.too_long", text))
    if problems:
        raise InvalidInput(problems)
    return name, filters


def filters_of(query: str) -> str:
    """Return the filters of an address's query in one spelling, without empty ones and the place in the list."""
    pairs = parse_qsl(query.removeprefix("?"), max_num_fields=None)[:MAX_VALUES]
    return urlencode(
        [(key, value) for key, value in pairs if key not in _PASSING and "\0" not in key + value]
    )
