"""backhaul reshipment: from a return in the warehouse to a parcel on its way."""


def test_a_return_is_sent_on(installation):
    def run(*arguments, **options):
        return installation.run(*arguments, **options).stdout

    run("org", "create", "Acme")
    run("wallet", "credit-limit", "5000", "--org", "acme")
    run(
        "warehouse", "add", "WH0CVG01", "--name", "Cincinnati", "--line-1", "1 Dock Road", "--city", "Hebron",
        "--country", "US", "--entry-point", "CVG001",
    )  # fmt: skip
    number = run("warehouse", "receive", "1z 999", "--at", "WH0CVG01", "--unannounced").split()[0]
    run("warehouse", "identify", number, "--org", "acme")
    run("warehouse", "process", number, "--weight-grams", "1500")

    def create():
        return run(
            "reshipment", "create", number, "--org", "acme", "--contents", "Laptop", "--value-cents", "2995",
            "--name", "Ada", "--line-1", "5200 Harry Hines Blvd", "--city", "Dallas", "--state", "TX",
            "--postal-code", "75235", "--country", "us",
        )  # fmt: skip

    assert create() == "1001  pending  17.30 USD\n"
    assert run("reshipment", "decline", "1001", "--org", "acme") == "1001  declined  17.30 USD\n"
    assert run("reshipment", "delete", "1001", "--org", "acme") == "1001  deleted  17.30 USD\n"
    assert create() == "1002  pending  17.30 USD\n"

    def waiting(work):
        rows = run("warehouse", "waiting", "--for", work).splitlines()
        return [row.split("\t") for row in rows[1:]]

    assert waiting("open") == waiting("verify") == waiting("weigh") == []
    assert run("warehouse", "quote", "1002", "--cents", "1420") == "1002  pending  14.20 USD\n"
    assert run("reshipment", "tolerance", "--org", "acme", "5") == "5 %\n"
    assert run("reshipment", "approve", "1002", "--org", "acme") == "1002  approved  14.20 USD\n"
    assert run("reshipment", "weigh", "1002", "1500").splitlines() == [
        "1002  pending  17.30 USD",
        "That is above the tolerance: its owner is asked again.",
    ]
    run("reshipment", "approve", "1002", "--org", "acme")
    (row,) = waiting("weigh")
    assert [*row[:7], row[9]] == ["Acme", "WH0CVG01", number, "Laptop", "US", "1500", "–", "1002"]
    assert run("reshipment", "weigh", "1002", "900").splitlines()[1] == (
        "The final fee is 14.20 USD; a worker buys the label."
    )
    (row,) = waiting("dispatch")
    assert [row[5], row[6], row[9]] == ["900", "–", "1002"]
    assert waiting("weigh") == []
    refused = installation.run("warehouse", "dispatch", "1002", check=False).stderr
    assert refused.startswith("Refused (reshipping.not_labelled)")
    listed = run("reshipment", "list", "--org", "acme").splitlines()[1].split("\t")
    assert listed == ["approved", "1", "17.30", "–", "–", "1002"]
    shown = run("reshipment", "show", "1002", "--org", "acme").splitlines()
    assert len(shown) == 6  # with the two lines of its estimate
    assert shown[1:4] == [
        f"returns {number} in WH0CVG01",
        "to Ada: 5200 Harry Hines Blvd, Dallas, TX, 75235, US",
        "Laptop, worth 29.95 USD, 900 g",
    ]
