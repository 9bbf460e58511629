"""What a file may be called, in whatever store."""

import re

from backhaul.domain.returns.errors import FileUnknown

# Nothing that means something to a file system or in a URL: no dots, no backslashes, no empty segments.
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}(/[a-z0-9][a-z0-9-]{0,63}){0,7}")


def require_key(key: str) -> None:
    """Refuse a name that is none of ours."""
    if _KEY.fullmatch(key) is None:
        raise FileUnknown(key=key)
