"""A small identity provider on 127.0.0.1: discovery, keys, and codes that it exchanges for tokens."""

import asyncio
import base64
import hashlib
import json
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


class Provider:
    """Vouches for whoever `claims` says; `changes` break one thing of the next token.

    It knows its people from before: whoever signed in once is let through without being asked, unless `max_age=0` says
    that they have to be.
    """

    def __init__(self, clock):
        self.clock, self.claims, self.changes = clock, {}, {}
        self.asked, self.key, self.header = {}, KEY, {"alg": "RS256", "kid": "one"}
        self.calls = []
        self.signed_in_at = None  # at the provider itself

    async def start(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.issuer = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def stop(self):
        self._server.close()
        await self._server.wait_closed()

    def receives(self, location):
        """Take the browser's question, and return what the address of its way back holds."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        if self.signed_in_at is None or self.asked.get("max_age") == "0":
            self.signed_in_at = self.clock.now()
        return {"code": "the-code", "state": self.asked["state"]}

    def token(self):
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": "backhaul",
            "sub": "4711",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked["nonce"],
            **({"auth_time": int(self.signed_in_at.timestamp())} if "max_age" in self.asked else {}),
            **self.claims,
            **self.changes,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(self.header, kept, self.key)

    async def _serve(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            (int(line[15:]) for line in head.lower().split("\r\n") if line.startswith("content-length:")), 0
        )
        body = (await reader.readexactly(length)).decode()
        method, path, _ = head.split(" ", 2)
        self.calls.append((method, path))
        status, answer = self._answer(path, body)
        raw = json.dumps(answer).encode()
        writer.write(
            f"HTTP/1.1 {status} X\r\ncontent-length: {len(raw)}\r\nconnection: close\r\n\r\n".encode() + raw
        )
        await writer.drain()
        writer.close()

    def _answer(self, path, body):
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        if path == "/keys":
            return 200, KeySet([KEY]).as_dict(private=False)
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if sent["code"] != "the-code" or challenge != self.asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"id_token": self.token(), "access_token": "x", "token_type": "Bearer"}


async def came_back(browse, provider, way="/sign-in/oidc?next=/settings/keys", **said):
    """Go to the provider by a way of ours, and come back with what it says; None leaves a value out."""
    location = (await browse.get(way)).headers["location"]
    answer = {**provider.receives(location), **said}
    query = "&".join(f"{name}={value}" for name, value in answer.items() if value is not None)
    return await browse.get(f"/sign-in/oidc/return?{query}")
