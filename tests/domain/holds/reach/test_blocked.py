"""Every action that a hold stops, for every kind of subject: refused by name while it is held, done once released."""

import pytest

# Each kind: what is held, whether the inventory knows the device, and where it is when the hold is placed.
KINDS = {
    "asset": ("asset", True, "parcel"),
    "person with it at home": ("person", True, "home"),
    "person with it in a parcel": ("person", True, "parcel"),
    "case with an asset": ("case", True, "parcel"),
    "case with an unknown item": ("case", False, "parcel"),
}
# Each action: where the device is by then, and who is named for each kind that stops it.
_EVERYTHING = dict.fromkeys(KINDS, "asset")
_RETURNED = {**_EVERYTHING, "case with an unknown item": "return"}
ACTIONS = {
    "retire": ("parcel", {kind: "asset" for kind in KINDS if kind != "case with an unknown item"}),
    "settle": ("parcel", {**_EVERYTHING, "case with an unknown item": "person"}),
    "erase": ("parcel", {kind: "person" for kind in KINDS if kind != "asset"}),
    "wipe": ("warehouse", _RETURNED),
    "discard": ("warehouse", _RETURNED),
    "reship": ("warehouse", _RETURNED),
}
TABLE = [(action, kind) for action, (_, stopped) in ACTIONS.items() for kind in stopped]


async def come_to(scene, place, *, since="home"):
    if since == "home" and place != "home":
        await scene.hand_over()
    if place == "warehouse" and since != "warehouse":
        await scene.arrive()


@pytest.mark.parametrize("is_released", [False, True], ids=["held", "released"])
@pytest.mark.parametrize(("action", "kind"), TABLE, ids=[f"{action}, {kind}" for action, kind in TABLE])
async def test_what_a_hold_stops(open_scene, action, kind, is_released):
    subject, is_known, placed = KINDS[kind]
    wanted, stopped = ACTIONS[action]
    scene = await open_scene(is_known=is_known)
    await come_to(scene, placed)
    hold = await scene.place(scene.subject(subject))
    await come_to(scene, wanted, since=placed)
    if is_released:
        await scene.release(hold)
        await getattr(scene, action)()
        return
    async with scene.held(scene.names[stopped[kind]]):
        await getattr(scene, action)()


@pytest.mark.parametrize("is_released", [False, True], ids=["held", "released"])
@pytest.mark.parametrize("subject", ["asset", "person", "case"])
async def test_a_device_is_not_taken_back_to_be_retired(open_scene, subject, is_released):
    scene = await open_scene()
    hold = await scene.place(scene.subject(subject))
    if is_released:
        await scene.release(hold)
        await scene.unassign()
        return
    async with scene.held(scene.names["asset"]):
        await scene.unassign()


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_parcel_that_waits_for_its_label_or_its_carrier_stays(open_scene, is_known):
    scene = await open_scene(is_known=is_known)
    await scene.hand_over()
    await scene.arrive()
    one = await scene.reship()
    await scene.bench.approve(one.number)
    what = scene.names["asset" if is_known else "return"]
    before = await scene.place(scene.subject("case"))
    async with scene.held(what):
        await scene.bench.weigh(one.number)
    await scene.release(before)
    await scene.bench.weigh(one.number)
    await scene.desk.world.settle()
    after = await scene.place(scene.subject("case"))
    async with scene.held(what):
        await scene.bench.dispatch(one.number)
    await scene.release(after)
    assert (await scene.bench.dispatch(one.number)).dispatched_at == scene.bench.now
