"""What a page says after something was done: a text chosen by its name, so that no link can put words here."""

import base64
import hashlib
import hmac
import re

import msgspec

_ABOUT = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Undo(msgspec.Struct, frozen=True):
    """A form beside the notice that takes back what was done."""

    action: str  # a path; `{about}` stands for the id in the address
    label: str = "Undo"
    is_sealed: bool = (
        False  # what is to be put back stands in the address: only the session's own seal makes it count
    )


class Notice(msgspec.Struct, frozen=True):
    """A text and, where the thing can be undone, the way back."""

    text: str
    undo: Undo | None = None
    is_warning: bool = False  # done, and yet not as it should be


class Shown(msgspec.Struct, frozen=True):
    """A notice as one page shows it."""

    text: str
    undo_action: str | None
    undo_label: str | None
    is_warning: bool = False


_CATALOGUE: dict[str, Notice] = {}


def declare(notices: dict[str, Notice | str]) -> None:
    """Add an area's notices, each as `area.what_happened`; a text alone is a notice without undo."""
    for name, notice in notices.items():
        if name in _CATALOGUE:
            raise TypeError(f"the notice {name} exists already")
        _CATALOGUE[name] = Notice(notice) if isinstance(notice, str) else notice


def is_declared(name: str) -> bool:
    """Tell whether there is such a notice."""
    return name in _CATALOGUE


def seal_of(name: str, about: str, *, secret: bytes) -> str | None:
    """Return the seal of a notice whose way back stands in the address; None for others, which need none."""
    undo = _CATALOGUE[name].undo
    if undo is None or not undo.is_sealed:
        return None
    made = hmac.digest(secret, f"notice:{name}:{about}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def shown(name: str | None, about: str | None, *, seal: str | None, secret: bytes) -> Shown | None:
    """Return the notice of this name; None for any other."""
    notice = _CATALOGUE.get(name or "")
    if notice is None:
        return None
    if notice.undo is None or about is None or not _ABOUT.fullmatch(about):
        return Shown(notice.text, None, None, notice.is_warning)
    wanted = seal_of(name or "", about, secret=secret)
    if wanted is not None and not hmac.compare_digest(wanted.encode(), (seal or "").encode()):
        return Shown(notice.text, None, None, notice.is_warning)
    return Shown(notice.text, notice.undo.action.format(about=about), notice.undo.label)
