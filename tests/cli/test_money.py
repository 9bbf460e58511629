"""backhaul wallet, invoice and ledger export: from a top-up to the file that tells of it."""

import time

HEADINGS = "at,transaction,kind,subject_kind,subject,reverses,account,currency,amount_minor,text"


def test_a_wallet_from_its_credit_limit_to_the_ledgers_file(installation, tmp_path):
    def run(*arguments, **options):
        return installation.run(*arguments, "--org", "maas", **options)

    installation.run("org", "create", "Maas")
    assert run("wallet", "credit-limit", "5000").stdout == "50.00 USD can be spent.\n"
    assert run("wallet", "show").stdout.splitlines() == [
        "available\theld\tcredit limit\tcurrency",
        "0.00\t0.00\t50.00\tUSD",
    ]
    topped_up = run("wallet", "top-up", "12000", "--key", "friday").stdout
    assert topped_up.endswith("  The top-up is pending.\n")
    assert run("wallet", "top-up", "12000", "--key", "friday").stdout.split()[0] == topped_up.split()[0]
    refused = run("wallet", "top-up", "1", "--key", "friday", check=False)
    assert refused.returncode == 1
    assert "billing.once_key_reused" in refused.stderr
    mistaken = run("wallet", "top-up", "700", "--key", "monday").stdout.split()[0]
    elsewhere = installation.run(
        "ledger", "refund", mistaken, "a mistake", "--org", "operator", check=False
    ).stderr
    assert "billing.charge_unknown" in elsewhere
    told = run("ledger", "refund", mistaken, "a mistake").stdout
    assert told == "The charge is cancelled; 0 cents are given back in all.\n"
    worker = installation.start("work")
    deadline = time.monotonic() + 60
    while "120.00\t0.00" not in run("wallet", "show").stdout:
        assert time.monotonic() < deadline, worker.log.read_text()
    installation.stop(worker)
    assert run("wallet", "holds").stdout == "placed\tamount\tcaptured\tstatus\texpires\tfor\tid\n"
    rows = run("ledger", "export").stdout.splitlines()
    assert rows[0] == HEADINGS
    assert [row.split(",")[6:9] for row in rows[1:]] == [
        ["gateway_clearing", "USD", "12000"],
        ["wallet_available", "USD", "-12000"],
    ]
    file = tmp_path / "ledger.csv"
    assert run("ledger", "export", "--out", str(file)).stderr.endswith("2 entries written.\n")
    assert file.read_text().splitlines() == rows
    assert "wallet_available" in run("ledger", "balance").stdout
    assert run("invoice", "list").stdout.splitlines()[0].startswith("name\tfrom\tto\ttotal")
    unknown = run("invoice", "pdf", "7", "--out", str(tmp_path / "none.pdf"), check=False)
    assert unknown.returncode == 1
    assert "billing.invoice_unknown" in unknown.stderr
    assert not (tmp_path / "none.pdf").exists()
    assert "wallets: 1, 0 of their balances disagree with the ledger" in installation.run("doctor").stdout
