"""The short codes of recoveries, for people to read out and type. Pure."""

import re

# Without letters and digits that are taken for one another (Crockford's base 32).
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
_CODE = re.compile(f"RC[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")


def code_from(random: bytes) -> str:
    """Return a recovery code made of as many random bytes as it has letters."""
    return "RC" + "".join(CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in random)


def is_code(text: str) -> bool:
    """Return whether a recovery can have this code."""
    return _CODE.fullmatch(text) is not None
