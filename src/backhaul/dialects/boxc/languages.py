"""`Accept-Language`: answers are in English (contract §3.1, code 1002)."""

import re

from backhaul.dialects.boxc.refusals import LanguageRefused

_OURS = frozenset({"en", "*"})
_ZERO = re.compile(r"0(\.0{0,3})?")


def require_english(header: str | None) -> None:
    """Refuse who accepts no English (RFC 9110 §12.5.4); without the header anything is accepted."""
    if header is None or not header.strip():
        return
    for choice in header.split(","):
        tag, _, parameters = choice.partition(";")
        if tag.strip().lower().split("-", 1)[0] in _OURS and not _is_zero(parameters):
            return
    raise LanguageRefused


def _is_zero(parameters: str) -> bool:
    name, _, weight = parameters.strip().partition("=")
    return name.strip().lower() == "q" and _ZERO.fullmatch(weight.strip()) is not None
