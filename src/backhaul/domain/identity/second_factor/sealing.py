"""Secrets at rest: encrypted, so that no statement, no log of statements and no dump of the table shows one."""

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from backhaul.kernel.errors import Unavailable

SECRET_NAME = "second_factors"  # noqa: S105 -- the name of one

_HEADER = {"alg": "dir", "enc": "A256GCM"}


def sealed(text: str, secret: bytes) -> str:
    """Return a text as it is kept."""
    return jwe.encrypt_compact(_HEADER, text.encode(), OctKey.import_key(secret))


def unsealed(kept: str, secret: bytes) -> str:
    """Return the text again; `Unavailable` where it was sealed with another installation's secret."""
    try:
        return (jwe.decrypt_compact(kept, OctKey.import_key(secret)).plaintext or b"").decode()
    except (JoseError, ValueError) as error:
        raise Unavailable(what="The second factor") from error
