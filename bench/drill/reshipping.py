"""Clients that have overlapping returns shipped on by a server that keeps dying."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import httpx2
import msgspec

from bench.asking import RESHIPMENT
from bench.drill.furnishing import Furnished
from bench.drill.ordering import SERVER_SIDE, TIMEOUT_SECONDS

CLIENTS = 10
PAUSE_SECONDS = 0.1  # on average, between two requests of a client: the server does not live for long
CREATING_SHARE = 0.4  # the rest answers and deletes what there is
MOST_TOGETHER = 3
RECENT = 30  # what most requests are about, so that they meet
AGAIN_SHARE = 0.3
OK, CREATED, UNREACHABLE = 200, 201, 503
LOST_AT_COMMIT = "The database was lost at the moment of saving"
# What a client may be told who comes too late, too early or without money: 402, 404 and 400 of contract BoxC §3.3.
EXPECTED = frozenset({1080, 1140, 1141, 1142, 1144})
VERBS = ("Approved", "Approved", "Declined", "delete", "delete")


class Reshipments(msgspec.Struct):
    """What the clients know in the end."""

    created: dict[str, int] = {}  # contents, one of its own for each → the number that was answered
    unanswered: set[str] = set()  # contents that nobody acknowledged: they exist once or not at all
    done: list[tuple[int, str]] = []  # (number, what was acknowledged to have been done with it)
    refusals: Counter[int] = Counter()
    lost: int = 0  # requests without an answer that says what became of them
    problems: list[str] = []


async def sign_in(*, base_url: str, furnished: Furnished) -> list[str]:
    """Return a token for each client, as soon as there is somebody who gives them."""
    tokens: list[str] = []
    credentials = (furnished.client_id, furnished.client_secret)
    async with httpx2.AsyncClient(base_url=base_url, auth=credentials, timeout=TIMEOUT_SECONDS) as http:
        while len(tokens) < CLIENTS:
            with contextlib.suppress(httpx2.HTTPError):
                answer = await http.post("/auth/v1/token", data={"grant_type": "client_credentials"})
                if answer.status_code == OK:
                    tokens.append(answer.json()["access_token"])
                    continue
            await asyncio.sleep(0.2)
    return tokens


async def reship_everything(
    *,
    base_url: str,
    tokens: Sequence[str],
    return_numbers: Sequence[int],
    chance: random.Random,
    stop: asyncio.Event,
) -> Reshipments:
    """Create, approve, decline and delete reshipments from several clients at a time until told to stop."""
    known = Reshipments(created={}, unanswered=set(), done=[], refusals=Counter(), lost=0, problems=[])
    async with httpx2.AsyncClient(base_url=base_url, timeout=TIMEOUT_SECONDS) as http:
        clients = [
            _Client(
                http,
                name=f"drill-{n}",
                token=token,
                return_numbers=return_numbers,
                known=known,
                chance=chance,
            )
            for n, token in enumerate(tokens)
        ]
        await asyncio.gather(*(client.work(stop) for client in clients))
    return known


class _Client:
    """One program with a token of its own."""

    def __init__(
        self,
        http: httpx2.AsyncClient,
        *,
        name: str,
        token: str,
        return_numbers: Sequence[int],
        known: Reshipments,
        chance: random.Random,
    ) -> None:
        self._http, self._name, self._return_numbers = http, name, return_numbers
        self._known, self._chance = known, chance
        self._headers = {"authorization": f"Bearer {token}"}
        self._tried = 0

    async def work(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await asyncio.sleep(self._chance.uniform(0, 2 * PAUSE_SECONDS))
            recent = list(self._known.created.values())[-RECENT:]
            if not recent or self._chance.random() < CREATING_SHARE:
                await self._create()
            else:
                await self._change(self._chance.choice(recent), self._chance.choice(VERBS))

    async def _create(self) -> None:
        self._tried += 1
        contents = f"{self._name}-{self._tried:04d}"
        members = self._chance.sample(self._return_numbers, self._chance.choice([1, 1, 2, MOST_TOGETHER]))
        body = {"reshipment": {**RESHIPMENT["reshipment"], "contents": contents, "returns": members}}
        answer = await self._ask("POST", "/v1/reshipments", body)
        if answer is None:
            self._known.unanswered.add(contents)
        elif answer.status_code == CREATED:
            self._known.created[contents] = answer.json()["reshipment"]["id"]

    async def _change(self, number: int, verb: str) -> None:
        """Do it, and sometimes again without waiting for a reason: clients repeat what they got no answer to."""
        for _ in range(2 if self._chance.random() < AGAIN_SHARE else 1):
            path = f"/v1/reshipments/{number}"
            if verb == "delete":
                answer = await self._ask("DELETE", path)
            else:
                answer = await self._ask("PUT", path, {"reshipment": {"status": verb}})
            if answer is not None and answer.status_code == OK:
                self._known.done.append((number, verb))

    async def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> httpx2.Response | None:
        """Return an answer that says what became of the request, or None; what nobody should be told is a problem."""
        content = None if body is None else msgspec.json.encode(body)
        try:
            answer = await self._http.request(method, path, content=content, headers=self._headers)
        except httpx2.HTTPError:
            self._known.lost += 1
            return None
        if answer.status_code in (OK, CREATED):
            return answer
        told = answer.json()
        if answer.status_code >= SERVER_SIDE:
            self._known.lost += 1
            if answer.status_code != UNREACHABLE and not told["message"].startswith(LOST_AT_COMMIT):
                self._known.problems.append(f"{method} {path} was answered {answer.text[:200]}")
            return None
        self._known.refusals[told["code"]] += 1
        if told["code"] not in EXPECTED:
            self._known.problems.append(f"{method} {path} was refused: {answer.text[:200]}")
        return answer
