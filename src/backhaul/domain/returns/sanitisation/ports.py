"""What certificates need from the outside world."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec

from backhaul.domain.returns.sanitisation.model import Sanitisation


class CertificatePrinter(Protocol):
    """Puts a record on paper. The same record and signature are always the same bytes."""

    def print(self, record: Sanitisation, *, signed: str) -> bytes:
        """Return the certificate as PDF. It takes some processor time: call it in a thread."""
        ...

    def signed_text(self, page: bytes) -> str | None:
        """Return the signed text that a certificate carries; None when it carries none."""
        ...


class CertificateKey(msgspec.Struct, frozen=True):
    """Where the seed of the installation's key is read."""

    seed: Callable[[], Awaitable[bytes]]
