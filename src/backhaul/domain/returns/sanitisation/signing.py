"""Sign a record, and tell later that it is still the same: a JSON Web Signature (RFC 7515) with Ed25519 (RFC 9864).

Keys are made of secrets of the installation, so that all its processes sign alike and none keeps a key file. The newest
signs; what former ones signed is believed as before.
Whoever has the public key can check a certificate without us.
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
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


def read_signed(text: str, seeds: Sequence[bytes]) -> Sanitisation:
    """Return the record of a text that one of our keys signed; refuses every other one."""
    for seed in seeds:
        try:
            signed = jws.deserialize_compact(text, key_of(seed), algorithms=[_ALGORITHM])
            return msgspec.json.decode(signed.payload, type=Sanitisation)
        except (JoseError, ValueError):
            continue
    raise CertificateRefused(reason="this installation did not sign it")


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
