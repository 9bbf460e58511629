"""Which pages are shown, and how."""

from typing import Any

import msgspec

WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


class Shot(msgspec.Struct, frozen=True):
    """One picture: of a page, or of the first page of a kind that a list links to."""

    name: str
    path: str
    opens: str | None = None  # the start of the links of a list: the first of them is opened
    scheme: str = "light"
    is_phone: bool = False
    is_operator: bool = False

    @property
    def viewport(self) -> Any:
        """How large the window is, in pixels."""
        return PHONE if self.is_phone else WIDE


SHOTS = (
    Shot("home", "/"),
    Shot("home-dark", "/", scheme="dark"),
    Shot("transfers", "/transfers"),
    Shot("transfer", "/transfers?status=done", opens="/transfers/"),
    Shot("campaign", "/campaigns", opens="/campaigns/1"),
    Shot("case", "/cases", opens="/cases/"),
    Shot("assets-dark", "/assets", scheme="dark"),
    Shot("asset", "/assets", opens="/assets/"),
    Shot("returns-phone", "/returns", is_phone=True),
    Shot("warehouse", "/warehouse", is_operator=True),
    Shot("money", "/money"),
    Shot("keys-phone-dark", "/settings/keys", scheme="dark", is_phone=True),
)
