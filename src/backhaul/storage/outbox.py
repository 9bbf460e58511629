"""The outbox: what happened, written with the change, told to others afterwards.

An event is a frozen struct declared with `event("transfers.box_delivered")`; a reaction is a step in a
transaction, declared with `reacts_to`. Delivery is at least once; since a reaction's writes and the mark
"processed" share one transaction, its effects in the database happen exactly once. Order holds per subject.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec

from backhaul.kernel.ports import Ports
from backhaul.storage.database import Tx
from backhaul.storage.facts import FactKind

CHANNEL = "backhaul_outbox"

OUTBOX = FactKind(
    name="outbox",
    width=5,
    wakes=CHANNEL,
    insert="""
INSERT INTO outbox (org_id, type, subject_id, payload, at)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::jsonb[], $5::timestamptz[])
""",
)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to `subject_id`. Declare subclasses with `event`; past tense, ids only."""

    subject_id: UUID


EventT = TypeVar("EventT", bound=Event)
PortT = TypeVar("PortT")


class Aftermath(msgspec.Struct, frozen=True):
    """What a reaction has at hand: the time, and how this installation is set up."""

    now: datetime
    ports: Ports

    def port(self, kind: type[PortT]) -> PortT:
        """Return what was wired for a port type."""
        return cast("PortT", self.ports[kind])


Reaction = Callable[[Tx, Any, Aftermath], Awaitable[None]]
ReactionT = TypeVar("ReactionT", bound=Callable[..., Awaitable[None]])

EVENTS: dict[str, type[Event]] = {}
_NAMES: dict[type[Event], str] = {}
_REACTIONS: dict[str, list[Reaction]] = {}


def event(name: str) -> Callable[[type[EventT]], type[EventT]]:
    """Give an event class its stable name, `capability.what_happened`."""

    def declare(kind: type[EventT]) -> type[EventT]:
        if name in EVENTS:
            raise TypeError(f"event name {name} is taken")
        EVENTS[name] = kind
        _NAMES[kind] = name
        return kind

    return declare


def reacts_to(kind: type[EventT]) -> Callable[[ReactionT], ReactionT]:
    """Run the decorated step, in the event's tenant scope, after each event of this kind."""

    def declare(reaction: ReactionT) -> ReactionT:
        _REACTIONS.setdefault(_NAMES[kind], []).append(reaction)
        return reaction

    return declare


def record(tx: Tx, happened: Event, *, at: datetime) -> None:
    """Note an event; it is written at commit and told afterwards."""
    name = _NAMES[type(happened)]
    tx.note(OUTBOX, tx.org_id, name, happened.subject_id, msgspec.to_builtins(happened), at)


def reacted_names() -> list[str]:
    """Return the names of events somebody reacts to."""
    return sorted(_REACTIONS)


def unheard_names() -> list[str]:
    """Return the names of events nobody reacts to."""
    return sorted(EVENTS.keys() - _REACTIONS.keys())


def reactions_to(name: str) -> list[Reaction]:
    """Return the reactions to an event name, in the order they were declared."""
    return _REACTIONS.get(name, [])
