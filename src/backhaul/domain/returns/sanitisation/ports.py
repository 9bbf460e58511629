"""What certificates need from the outside world."""

from collections.abc import Awaitable, Callable, Sequence
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
    """Where the seeds of the installation's keys are read: the newest, which signs, is the first."""

    seeds: Callable[[], Awaitable[Sequence[bytes]]]
