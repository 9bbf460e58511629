"""One organization's legal holds as tests see them, above its stock."""

import contextlib

import msgspec
from tests.domain.inventory import stock
from tests.domain.inventory.stock import Stock

from backhaul.domain import holds
from backhaul.domain.directory import remove_employee
from backhaul.domain.holds import NewSubject, SubjectKind
from backhaul.domain.identity import Role, find_organization

TABLES = (*stock.TABLES, "holds", "hold_subjects", "hold_releases")
SUBJECTS = "SELECT * FROM hold_subjects WHERE org_id = $1 ORDER BY number"
HISTORY = "SELECT action FROM history WHERE org_id = $1 AND subject_kind = $2 AND subject_id = $3 ORDER BY id"


def asset(serial, **more):
    return NewSubject(kind=SubjectKind.ASSET, name=getattr(serial, "serial_number", serial), **more)


def person(who):
    return NewSubject(kind=SubjectKind.EMPLOYEE, name=getattr(who, "email", who))


def case(number):
    return NewSubject(kind=SubjectKind.CASE, name=number)


class Court(Stock):
    async def elsewhere(self) -> "Court":
        return Court(self.db, self.clock, self.make, actor=await self.make.organization())

    async def colleague(self, role=Role.ADMIN):
        """Another person of the same organization."""
        return await self.make.member(
            await find_organization(self.db, name=str(self.actor.org_id)), role=role
        )

    async def place(self, *subjects, summary="Smith v. Maas", actor=None):
        return await holds.place_hold(
            self.db,
            actor=actor or self.actor,
            summary=summary,
            description="Keep everything.",
            subjects=subjects,
            now=self.now,
        )

    async def ask(self, hold=None, serial_number=None, *, subject=None, actor=None):
        release, _ = await holds.request_release(
            self.db,
            actor=actor or self.actor,
            hold=None if hold is None else hold.number,
            subject=subject,
            serial_number=serial_number,
            summary="Settled",
            description="The case is closed.",
            now=self.now,
        )
        return release

    async def approve(self, release, actor):
        return await holds.approve_release(self.db, actor=actor, release=release.number, now=self.now)

    async def refuse(self, release, actor, reason="The case is open."):
        return await holds.refuse_release(
            self.db, actor=actor, release=release.number, reason=reason, now=self.now
        )

    async def withdraw(self, release, actor, reason="Asked in error."):
        return await holds.withdraw_release(
            self.db, actor=actor, release=release.number, reason=reason, now=self.now
        )

    async def release(self, hold, serial_number=None):
        return await self.approve(await self.ask(hold, serial_number), await self.colleague())

    async def erase(self, who):
        await remove_employee(self.db, actor=self.actor, employee=who.id, now=self.now)

    async def require_free(self, **what):
        async with self.db.transaction(self.scope) as tx:
            await holds.require_free(tx, doing="wiped", **what)

    async def hold_count(self, thing, table="assets") -> int:
        async with self.db.read(self.scope) as reader:
            return await reader.fetchval(
                f"SELECT hold_count FROM {table} WHERE org_id = $1 AND id = $2", self.scope.org_id, thing.id
            )

    async def subjects(self):
        async with self.db.read(self.scope) as reader:
            return [dict(row) for row in await reader.fetch(SUBJECTS, self.scope.org_id)]

    async def actions(self, kind, subject_id):
        async with self.db.read(self.scope) as reader:
            rows = await reader.fetch(HISTORY, self.scope.org_id, kind, subject_id)
        return [row["action"] for row in rows]

    async def traces(self):
        async with self.db.read(self.scope) as reader:
            return {
                table: [
                    row["row"]
                    for row in await reader.fetch(
                        f"SELECT t::text AS row FROM {table} AS t WHERE org_id = $1 ORDER BY 1",
                        self.scope.org_id,
                    )
                ]
                for table in TABLES
            }

    @contextlib.asynccontextmanager
    async def held(self, what):
        """Expect the refusal of something on hold, and that nothing changed."""
        async with self.refused(holds.HeldLegally) as caught:
            yield
        assert caught[0].data["what"] == what

    async def hold_detail(self, hold):
        return await holds.get_hold(self.db, actor=self.actor, hold=hold.number)


def without(actor, right):
    return msgspec.structs.replace(actor, rights=actor.rights - {right})
