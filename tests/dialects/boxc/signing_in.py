"""Clients of an installation and what they send to sign in."""

import base64
import hashlib
import re
import secrets
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

from backhaul.domain.identity import operator_actor
from backhaul.domain.identity.clients import add_client
from tests.dialects.installation import PASSWORD

CALLBACK = "https://shop.example/callback?shop=7"
SCOPES = ("openid", "returns", "billing", "read_webhooks", "write_webhooks")
FORM = {"content-type": "application/x-www-form-urlencoded"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Program:
    """A client with its secret."""

    def __init__(self, made, client, secret, owner):
        self.made, self.client, self.secret, self.owner = made, client, secret, owner

    @property
    def basic(self):
        pair = f"{self.client.client_id}:{self.secret}".encode()
        return {"authorization": f"Basic {base64.b64encode(pair).decode()}"}

    async def ask(self, path, *, headers=None, **fields):
        """Send a form to /auth/v1 with the client's credentials."""
        return await self.made.app.request(
            "POST",
            f"/auth/v1/{path}",
            headers={**FORM, **(self.basic if headers is None else headers)},
            content=urlencode(fields),
            address=self.made.address(),
        )

    async def token(self, **fields):
        """An access token of its own."""
        answer = await self.ask("token", grant_type="client_credentials", **fields)
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    async def call(self, method, path, *, token=None, headers=None, **options):
        """Call the API with a token."""
        given = {"authorization": f"Bearer {token or await self.token()}"}
        return await self.made.app.request(
            method, path, headers={**given, **(headers or {})}, address=self.made.address(), **options
        )

    def asked(self, **changes):
        """The parameters of a request for consent; None takes one out."""
        values = {
            "client_id": self.client.client_id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid returns",
            "state": "a state & more",
            "nonce": "n-1",
            **changes,
        }
        return {name: value for name, value in values.items() if value is not None}


async def program(made, caller="owner", *, name="Shop", scopes=SCOPES, redirect_uris=(CALLBACK,), most=50):
    """A new client of a caller, who can sign in."""
    actor = made.actors[caller]
    await made.token(caller)  # gives a password the first time
    organization = made.organizations["theirs" if caller == "stranger" else "ours"]
    client, secret = await add_client(
        made.db,
        actor=operator_actor(organization),
        user_id=actor.user_id,
        name=name,
        scopes=scopes,
        redirect_uris=redirect_uris,
        most=most,
        now=made.clock.now(),
    )
    return Program(made, client, secret, actor)


async def consent(browser, asked, *, email, password=PASSWORD, decision="approve", **changes):
    """What a person does in a browser: open the page, fill it in, send it."""
    shown = await browser.get("/auth/v1/authorize", params=asked)
    if shown.status_code != 200:
        return shown
    hidden = {name: unescape(value) for name, value in HIDDEN.findall(shown.text)}
    fields = {**hidden, "email": email, "password": password, "decision": decision, **changes}
    fields = {name: value for name, value in fields.items() if value is not None}
    return await browser.post("/auth/v1/authorize", content=urlencode(fields), headers=FORM)


def brought(answer):
    """What a redirect carries, in its query or fragment."""
    parts = urlsplit(answer.headers["location"])
    return dict(parse_qsl(parts.fragment or parts.query))


async def code_for(program, email, **changes):
    """A code that a person has agreed to."""
    async with program.made.app.client(program.made.address()) as browser:
        answer = await consent(browser, program.asked(**changes), email=email)
    return brought(answer)["code"]


def pkce():
    """A code verifier and its challenge."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
