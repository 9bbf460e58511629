"""That a device's storage was wiped, by whom, with what, and who checked it: a record nobody can change, and its proof.

The fields are those of NIST SP 800-88 Rev. 1. Not here: what a device may be used for afterwards (inventory's
`require_sanitised`). Start with `model`, then `operations`; `signing` says what a certificate proves.
"""

from backhaul.domain.returns.sanitisation.keys import find_seeds, rotate_certificate_key
from backhaul.domain.returns.sanitisation.model import (
    LockStatus,
    Method,
    NewSanitisation,
    Result,
    Sanitisation,
    Verification,
)
from backhaul.domain.returns.sanitisation.operations import (
    Proof,
    certify,
    check_certificate,
    list_sanitisations,
    record_sanitisation,
)
from backhaul.domain.returns.sanitisation.ports import CertificateKey, CertificatePrinter
from backhaul.domain.returns.sanitisation.signing import public_key

__all__ = [
    "CertificateKey",
    "CertificatePrinter",
    "LockStatus",
    "Method",
    "NewSanitisation",
    "Proof",
    "Result",
    "Sanitisation",
    "Verification",
    "certify",
    "check_certificate",
    "find_seeds",
    "list_sanitisations",
    "public_key",
    "record_sanitisation",
    "rotate_certificate_key",
]
