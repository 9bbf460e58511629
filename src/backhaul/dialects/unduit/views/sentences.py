"""Answers that say only what was done, and the one that hands out a token."""

import msgspec


class Message(msgspec.Struct, frozen=True):
    """What was done."""

    message: str


class Token(msgspec.Struct, frozen=True):
    """What was done, and the token it was done for."""

    message: str
    token: str
