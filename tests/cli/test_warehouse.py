"""backhaul warehouse and backhaul return: from a parcel nobody knows to a certificate and a discarded return."""

from tests.domain.returns.depot import picture


def test_a_parcel_from_the_dock_to_its_end(installation, tmp_path):
    def run(*arguments, **options):
        return installation.run(*arguments, **options)

    run("org", "create", "Acme")
    run("wallet", "credit-limit", "5000", "--org", "acme")
    made = run(
        "warehouse", "add", "WH0CVG01", "--name", "Cincinnati", "--line-1", "1 Dock Road", "--city", "Hebron",
        "--country", "US", "--entry-point", "CVG001",
    ).stdout  # fmt: skip
    assert made == "WH0CVG01  Cincinnati\n"
    run(
        "asset",
        "add",
        "SN-1",
        "--type",
        "Laptop",
        "--name",
        "Book",
        "--manufacturer",
        "Apple",
        "--org",
        "acme",
    )
    got = run("warehouse", "receive", "1z 999", "--at", "wh0cvg01", "--unannounced").stdout.splitlines()
    number = got[0].split()[0]
    mistaken = run("warehouse", "receive", "1Z000", "--at", "WH0CVG01", "--unannounced").stdout.split()[0]
    dropped = run("warehouse", "drop", mistaken).stdout
    assert dropped == f"{mistaken}  1Z000 dropped; its number can be received again.\n"
    unexpected = run("warehouse", "receive", "1Z000", "--at", "WH0CVG01", check=False).stderr
    assert unexpected.startswith("Refused (returns.unannounced): ")
    device = run("warehouse", "receive", "sn-1", "--at", "WH0CVG01", check=False).stderr
    assert device.startswith(
        "Refused (returns.device_scanned): sn-1 is the serial number of a device of Acme"
    )
    assert got[0] == f"{number}  1Z999 received; nobody knows yet whose it is."
    owned = run("warehouse", "identify", number, "--org", "acme", "--rma", "RMA-1").stdout
    assert owned == f"{number}  belongs to Acme.\n"
    again = run("warehouse", "receive", "1Z999", "--at", "WH0CVG01").stdout
    assert again == f"{number}  1Z999 was received before for acme: received\n"
    assert run("warehouse", "scan", number, "sn-1", "--grade", "b").stdout == (
        "sn-1  unexpected, but in its owner's inventory\n"
    )
    assert (
        run("warehouse", "scan", number, "sn-2").stdout == "sn-2  unexpected, not in its owner's inventory\n"
    )
    run("warehouse", "scan", number, "sn-3")
    assert run("warehouse", "take-back", number, "SN-3").stdout == "sn-3  taken back\n"
    done = run("warehouse", "process", number, "--weight-grams", "1500").stdout
    assert done.splitlines() == [
        "sn-1  unexpected, but in its owner's inventory",
        "sn-2  unexpected, not in its owner's inventory",
        f"{number}  processed, fee 1.00 USD",
    ]
    (tmp_path / "a.jpg").write_bytes(picture())
    assert run("warehouse", "photo", number, str(tmp_path / "a.jpg")).stdout == "a.jpg  image/jpeg, 40 × 30\n"
    run("warehouse", "message", number, "It has a dent.")
    assert "warehouse WH0CVG01" in run("asset", "show", "SN-1", "--org", "acme").stdout
    wiped = run(
        "warehouse", "sanitise", number, "SN-1", "--method", "purge", "--technique", "Crypto erase", "--media", "SSD",
        "--tool", "nvme-cli", "--performed-by", "Ada", "--verified-by", "Grace", "--lock", "not_applicable",
    ).stdout  # fmt: skip
    assert wiped.endswith("  sn-1: purge, success\n")
    page = tmp_path / "certificate.pdf"
    run("warehouse", "certificate", number, "SN-1", "--org", "acme", "--out", str(page))
    nowhere = str(tmp_path / "nowhere" / "certificate.pdf")
    unwritten = run(
        "warehouse", "certificate", number, "SN-1", "--org", "acme", "--out", nowhere, check=False
    )
    assert unwritten.stderr.startswith("Refused (bulk.export_unwritable): ")
    assert run("warehouse", "check-certificate", str(page)).stdout.startswith("Genuine: sn-1, purge, success")
    assert run("return", "verify", number, "--org", "acme").stdout == f"{number}  verifying, fee 2.50 USD\n"
    listed = run("return", "list", "--org", "acme").stdout.splitlines()[1].split("\t")
    assert [listed[0], listed[1], listed[2], listed[3], listed[5]] == [
        "verifying",
        "1Z999",
        "WH0CVG01",
        "1500",
        number,
    ]
    shown = run("return", "show", number, "--org", "acme").stdout
    for words in (
        "RMA RMA-1",
        "unexpected",
        "/files/returns/",
        "operator: It has a dent.",
    ):
        assert words in shown
    refused = run("return", "discard", number, "--org", "acme", check=False)
    assert "returns.not_discardable" in refused.stderr
