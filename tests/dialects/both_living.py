"""Two organizations that have done everything there is to do, so that every table has rows of both."""

import io

from backhaul.domain import radar
from backhaul.domain.bulk.model import Kind
from backhaul.domain.bulk.operations import apply_batch, open_batch, undo_batch
from backhaul.domain.bulk.reading.source import open_source
from backhaul.domain.directory import Details, PostalAddress, add_employee, remove_employee
from backhaul.domain.holds import (
    NewSubject,
    SubjectKind,
    get_hold,
    place_hold,
    request_release,
)
from backhaul.domain.inventory.model import NewAsset, asset_number
from backhaul.domain.inventory.operations import add_asset
from backhaul.domain.radar import jobs as radar_jobs
from backhaul.domain.recovery.reminding.jobs import remind_due
from backhaul.domain.transfers.operations import cancel_transfer, possible_pickup_days, schedule_pickup
from backhaul.domain.webhooks import Catalog, Policy, add_endpoint
from backhaul.domain.webhooks.sending import Sender
from backhaul.jobqueue import Run
from backhaul.kernel.internet import networks
from tests.dialects.desk_living import keep_desk
from tests.dialects.recovery_living import keep_recovering
from tests.dialects.replaying import changed
from tests.dialects.reready.replay import reference
from tests.dialects.warehouse_living import keep_warehouse

TRANSFERS = "/api/v1/device_transfers"
HOME = PostalAddress(line_1="1 Road", city="Pittsburgh", state="PA", postal_code="15238", country_code="US")


class Two:
    """The two, and a look at what they have."""

    def __init__(self, installation, tables):
        self.installation, self.tables = installation, tables
        self.ours = installation.actors["owner"].org_id
        self.theirs = installation.actors["stranger"].org_id

    def ids_of(self, caller):
        """An organization's ids, by the names that `route_table` uses."""
        end = f" of {caller}"
        return {
            name.removesuffix(end): str(value)
            for name, value in self.installation.ids.items()
            if name.endswith(end)
        }

    async def fingerprints(self):
        """A digest of every row of each organization, table by table."""
        return {
            (table, org_id): await self.installation.owner.fetchval(
                # When a key was last used is noted beside the requests, some time later.
                "SELECT md5(string_agg(line, '|' ORDER BY line)) FROM ("
                f"SELECT (to_jsonb(t) - 'last_used_at')::text AS line FROM {table} AS t WHERE org_id = $1) AS lines",
                org_id,
            )
            for table in self.tables
            for org_id in (self.ours, self.theirs)
        }

    async def fingerprints_of(self, org_id):
        """The same of one."""
        return {key: value for key, value in (await self.fingerprints()).items() if key[1] == org_id}

    async def count(self, table, org_id):
        return await self.installation.owner.fetchval(
            f"SELECT count(*) FROM {table} WHERE org_id = $1", org_id
        )


async def tables_with_org_id(connection):
    rows = await connection.fetch("""
        SELECT c.oid::regclass::text AS name FROM pg_class AS c
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
    """)
    return [row["name"] for row in rows]


async def live(made, worker, caller):
    """Do for an organization what leaves rows in every table."""
    await _employ(made, caller)
    await _hold(made, caller)
    await keep_recovering(made, caller)
    await _subscribe(made, worker, caller)
    await keep_desk(made, caller)
    await _send(made, worker, caller)
    await _import(made, caller)
    await _watch(made)
    await remind_due(Run(made.db, made.clock, worker.ports))
    await keep_warehouse(made, worker, caller)
    await Sender(made.db, clock=made.clock, ports=worker.ports).send_due()  # attempts, all refused


async def _watch(made):
    """Have the radar find every label that was not used within the same moment."""
    ports = {radar.Policy: radar.Policy(label_never_scanned_days=0)}
    await radar_jobs.look(Run(made.db, made.clock, ports))


async def _import(made, caller):
    """Import a device, change it twice and take the second change back; leave one more import open."""
    actor, now = made.actors[caller], made.clock.now()

    async def opened(model, serial_number=f"IMPORTED-{caller}"):
        header = "serial_number,product_type,product_name,manufacturer,asset_status"
        file = io.BytesIO(f"{header}\n{serial_number},Laptop,{model},B,Available\n".encode())
        source = open_source(file, name="assets.csv")
        return (await open_batch(made.db, actor=actor, kind=Kind.ASSETS, source=source, now=now)).batch

    for model in ("A", "B"):
        await apply_batch(made.db, actor=actor, batch=await opened(model), now=now)
    again = await apply_batch(made.db, actor=actor, batch=await opened("C"), now=now)
    await undo_batch(made.db, actor=actor, batch=again, now=now)
    await opened("A", f"OPEN-{caller}")


async def _employ(made, caller):
    """Hire two people, let one go again, and give devices out."""
    actor, now, ids = made.actors[caller], made.clock.now(), made.ids

    async def hire(name):
        details = Details(
            first_name=name,
            last_name="Doe",
            email=f"{name.lower()}.of.{caller}@example.com",
            location_name=f"Office of {caller}",
            department_name=f"Department of {caller}",
            address=HOME,
        )
        return await add_employee(made.db, actor=actor, details=details, now=now)

    async def buy(name, **options):
        new = NewAsset(
            product_type="Laptop",
            product_name="Demo Laptop",
            manufacturer="Lenovo",
            serial_number=f"{name}-{caller}",
            **options,
        )
        return (await add_asset(made.db, actor=actor, new=new, now=now)).asset

    john, leaver = await hire("John"), await hire("Leaver")
    await remove_employee(made.db, actor=actor, employee=leaver.id, now=now)
    listed = await buy("LISTED", status_name="Available", tag=f"TAG-{caller}")
    devices = {
        "free": await buy("FREE", status_name="Available"),
        "held": await buy("HELD", status_name="In Use", assign_to_email=john.email),
        "held_too": await buy("HELD-TOO", status_name="In Use", assign_to_email=john.email),
        "asset_number": listed,
    }
    await buy("SENT", status_name="Available")
    known = {
        "employee": john.number,
        "employee_id": john.id,
        "employee_email": john.email,
        "serial": listed.serial_number,
        "tag": listed.tag,
        **{name: asset_number(asset.number, asset.created_at) for name, asset in devices.items()},
    }
    ids |= {f"{name} of {caller}": value for name, value in known.items()}


async def _hold(made, caller):
    """Place three legal holds, and ask for the release of one."""
    actor, now = made.actors[caller], made.clock.now()
    new = NewAsset(
        product_type="Laptop",
        product_name="Demo Laptop",
        manufacturer="Lenovo",
        serial_number=f"EVIDENCE-{caller}",
        status_name="Available",
    )
    await add_asset(made.db, actor=actor, new=new, now=now)
    subjects = [NewSubject(kind=SubjectKind.ASSET, name=new.serial_number)]
    texts = {"description": "Keep everything.", "now": now}
    released, *kept = [
        await place_hold(made.db, actor=actor, subjects=subjects, summary=f"{n} v. {caller}", **texts)
        for n in range(3)
    ]
    await request_release(made.db, actor=actor, hold=released.number, summary="Settled", **texts)
    made.ids[f"evidence of {caller}"] = new.serial_number
    for name, hold in zip(("hold_line", "hold_line_too"), kept, strict=True):
        found = await get_hold(made.db, actor=actor, hold=hold.number)
        made.ids[f"{name} of {caller}"] = found.subjects[0].number


async def _subscribe(made, worker, caller):
    """Have the organization told what happens; the worker refuses to call that URL, so every attempt fails."""
    await add_endpoint(
        made.db,
        actor=made.actors[caller],
        url="http://127.0.0.1/",
        terms=worker.ports[Catalog].get("device_transfers"),
        policy=Policy(allowed_networks=networks(["127.0.0.0/8"])),
        now=made.clock.now(),
    )


async def _send(made, worker, caller):
    """Order transfers: one cancelled, one with a known device, one on its way."""
    actor = made.actors[caller]

    async def create(**changes):
        answer = await made.call(
            "POST",
            TRANSFERS,
            key=caller,
            json=changed(reference("request"), {**changes, "ticket_reference": f"of {caller}"}),
            headers={"idempotency-key": f"{caller} {sorted(changes)}"},
        )
        assert answer.status_code == 201
        return answer.json()["id"]

    await create(box_shipment_waived=True)  # a link to its label
    cancelled = await create(device_type="phone")
    await create(device_serial_number=f"sent-{caller}")  # one of the organization's own devices
    await worker.settle()
    await cancel_transfer(
        made.db, actor=actor, transfer_id=cancelled, reason=None, now=made.clock.now()
    )  # a refund
    moving = await create()
    made.ids[f"transfer of {caller}"] = moving

    async def has_box():
        answer = await made.call("GET", f"{TRANSFERS}/{moving}", key=caller)
        return answer.json()["state"] == "pending_device_shipment"

    await worker.live_until(has_box)
    today = made.clock.now().date()
    await schedule_pickup(
        made.db,
        actor=actor,
        transfer_id=moving,
        on_date=possible_pickup_days(today, "US")[0],
        instructions=None,
        now=made.clock.now(),
    )
    await worker.settle()
