"""Background jobs: parked ones are tried again or dropped, by the operator alone."""

PATH = "/settings/jobs"
PARK = """
INSERT INTO jobs.pgqueuer (priority, entrypoint, payload, execute_after, status, attempts, failure, parked_at)
VALUES (0, 'notify.send', $1, now(), 'failed', 8, 'The <server> was away', now()) RETURNING id
"""


async def test_parked_jobs_are_tried_again_or_dropped(own_console, visitors):
    payload = b'{"org_id": "019a0000-0000-7000-8000-000000000000", "message_id": "x"}'
    first, second, third = [await own_console.owner.fetchval(PARK, payload) for _ in range(3)]
    browse = await visitors(own_console, "operator")
    page = await browse.page(PATH)
    assert {"notify.send", "The <server> was away", "3 jobs"} <= set(page.texts)
    owner = await visitors(own_console, "owner")
    await owner.get("/account")
    for path in (
        f"{PATH}/{first}/discard",
        f"{PATH}/{first}/release",
        f"{PATH}/release",
        f"{PATH}/events/1/release",
    ):
        assert (await owner.post(path, {"ids": str(first)})).status_code == 403
    assert (
        "The job is gone for good." in (await browse.page(await browse.does(f"{PATH}/{first}/discard"))).texts
    )
    assert (await browse.post(f"{PATH}/{first}/discard")).status_code == 404
    assert (await browse.post(f"{PATH}/made-up/release")).status_code == 404
    await browse.does(f"{PATH}/{second}/release")
    answer = await browse.post(f"{PATH}/release", {"ids": [str(second), str(third)]})
    assert (answer.status_code, "1 job refused" in answer.text) == (200, True)
    statuses = await own_console.owner.fetch(
        "SELECT id, status::text FROM jobs.pgqueuer WHERE id = ANY ($1::int[]) ORDER BY id",
        [first, second, third],
    )
    assert [tuple(row) for row in statuses] == [(second, "queued"), (third, "queued")]
    assert (await browse.post(f"{PATH}/release")).status_code == 422
    assert (await browse.post(f"{PATH}/events/1/release")).status_code == 404


async def test_carriers_and_prices_are_shown_to_the_operator(console):
    browse = await console.kept("operator")
    assert {"FedEx", "Simulated", "yes"} <= set((await browse.page("/settings/carriers")).texts)
    assert {"Enterprise", "Processing", "Domestic"} <= set((await browse.page("/settings/prices")).texts)
