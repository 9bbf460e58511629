"""A second factor: codes of a secret that a person's authenticator shares with us, and recovery codes."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

import msgspec
import pyotp

STEP_SECONDS = 30  # RFC 6238 §5.2
DRIFT_STEPS = 1  # clocks of telephones differ by half a minute (RFC 6238 §5.2)
DIGITS = 6
RECOVERY_CODES = 10
SET_UP_WITHIN = timedelta(minutes=15)  # of having proved who one is
ISSUER = "Backhaul"
_RECOVERY_BYTES = 10  # 80 random bits: a slow hash would add nothing
_SEPARATORS = str.maketrans("", "", " -")


class Factor(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of an account's second factor."""

    sealed_secret: str
    last_step: int  # the newest time step a code of which was taken
    created_at: datetime
    confirmed_at: datetime | None  # None: it is being set up
    codes_left: int  # recovery codes not used yet

    def is_being_set_up(self, now: datetime) -> bool:
        """Tell whether a code of it would put it into use; one begun too long ago is as good as none."""
        return self.confirmed_at is None and now - self.created_at < SET_UP_WITHIN


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """A secret on its way into somebody's authenticator."""

    secret: str  # base32
    address: str  # what its QR code holds (otpauth://)


def make_secret() -> str:
    """Return a new secret: 160 random bits in base32 (RFC 4226 §4)."""
    return pyotp.random_base32(32)


def enrolment_of(secret: str, email: str) -> Enrolment:
    """Return a secret as authenticators read it."""
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)
    return Enrolment(secret=secret, address=address)


def digits_of(code: str) -> str | None:
    """Return a typed code's six digits; None for what is none."""
    plain = code.translate(_SEPARATORS)
    return plain if len(plain) == DIGITS and plain.isascii() and plain.isdigit() else None


def step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """Return the time step that a code belongs to, with one of drift to either side; None for a wrong one."""
    present = int(now.timestamp()) // STEP_SECONDS
    password = pyotp.TOTP(secret)
    found = None
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):  # all of them: it takes as long
        if hmac.compare_digest(password.generate_otp(step), code):
            found = step
    return found


def make_recovery_codes() -> list[str]:
    """Return ten new codes, such as `k2qf-7hzb-xw3m-5dra`."""
    plain = [
        base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)
    ]
    return ["-".join(code[n : n + 4] for n in range(0, 16, 4)) for code in plain]


def hash_of_recovery_code(code: str) -> bytes | None:
    """Return what a recovery code is stored as, however it is typed; None for what cannot be one."""
    plain = code.translate(_SEPARATORS).lower()
    if len(plain) != 16 or not plain.isascii() or not plain.isalnum():  # noqa: PLR2004 -- 80 bits in base32
        return None
    return hashlib.sha256(plain.encode()).digest()
