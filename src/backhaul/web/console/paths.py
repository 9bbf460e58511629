"""Paths of our own: where a browser may be sent after a form."""

import re
from urllib.parse import urlencode

# Printable ASCII without what browsers read as another host: two slashes at the start, or a backslash.
_OWN = re.compile(r"/(?![/\\])[A-Za-z0-9\-._~%!$&'()*+,;=:@/?#\[\]]*")
_LONGEST = 2000


def own_path(text: str | None, *, default: str = "/") -> str:
    """Return a path of this installation as it was given; the default for anything else."""
    if text is None or len(text) > _LONGEST or not _OWN.fullmatch(text):
        return default
    return text


def with_query(path: str, **values: str | None) -> str:
    """Return a path with more in its query; what is None is left out."""
    given = {name: value for name, value in values.items() if value is not None}
    if not given:
        return path
    path, _, fragment = path.partition("#")
    joint = "&" if "?" in path else "?"
    return f"{path}{joint}{urlencode(given)}" + (f"#{fragment}" if fragment else "")
