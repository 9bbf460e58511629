"""Sign a record, and tell later that it is still the same: a JSON Web Signature (RFC 7515) with Ed25519 (RFC 9864).

The key is made of a secret of the installation, so that all its processes sign alike and none keeps a key file.
Whoever has the public key can check a certificate without us.
"""

from base64 import urlsafe_b64encode
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from backhaul.domain.returns.errors import CertificateRefused
from backhaul.domain.returns.sanitisation.model import Sanitisation

_ALGORITHM = "Ed25519"


def key_of(seed: bytes) -> OKPKey:
    """Return the key pair of a seed of 32 bytes."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "d": _text(seed), "x": _text(public)})


def public_key(seed: bytes) -> dict[str, Any]:
    """Return what others need to check signatures: a JSON Web Key."""
    key = key_of(seed)
    return {**key.as_dict(private=False), "alg": _ALGORITHM, "use": "sig", "kid": key.thumbprint()}


def sign(record: Sanitisation, seed: bytes) -> str:
    """Return a record and its signature as one text. The same record always has the same one."""
    key = key_of(seed)
    header = {"alg": _ALGORITHM, "kid": key.thumbprint(), "typ": "backhaul-sanitisation+jws"}
    return jws.serialize_compact(header, msgspec.json.encode(record), key, algorithms=[_ALGORITHM])


def read_signed(text: str, seed: bytes) -> Sanitisation:
    """Return the record of a text that we signed; refuses every other one."""
    try:
        signed = jws.deserialize_compact(text, key_of(seed), algorithms=[_ALGORITHM])
        return msgspec.json.decode(signed.payload, type=Sanitisation)
    except (JoseError, ValueError):
        raise CertificateRefused(reason="this installation did not sign it") from None


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
