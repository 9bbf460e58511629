"""What the warehouse took from a wallet: listed, given back once; and the queue that its work waits in."""


def test_a_fee_is_found_and_given_back_at_the_command_line(installation):
    def run(*arguments, **options):
        return installation.run(*arguments, **options)

    def rows(*arguments):
        return [line.split("\t") for line in run(*arguments).stdout.splitlines()]

    run("org", "create", "Globex")
    run("wallet", "credit-limit", "5000", "--org", "globex")
    run(
        "warehouse", "add", "WH0FEE01", "--name", "Cincinnati", "--line-1", "1 Dock Road", "--city", "Hebron",
        "--country", "US", "--entry-point", "CVG001",
    )  # fmt: skip
    got = run("warehouse", "receive", "1Z777", "--at", "WH0FEE01", "--unannounced")
    number = got.stdout.split()[0]
    run("warehouse", "identify", number, "--org", "globex")
    run("warehouse", "scan", number, "sn-7")
    assert [row[0] for row in rows("warehouse", "waiting", "--for", "open")[1:]] == ["Globex"]
    run("warehouse", "process", number, "--weight-grams", "1500")
    run("return", "verify", number, "--org", "globex")
    headings, waiting = rows("warehouse", "waiting", "--for", "verify")
    assert headings == ["of", "warehouse", "tracking number", "devices", "received", "since", "number"]
    assert [*waiting[:4], waiting[6]] == ["Globex", "WH0FEE01", "1Z777", "sn-7", number]
    assert len(rows("return", "list", "--org", "globex", "--status", "verifying")) == 2
    for status in ("received", "discarded"):
        assert run("return", "list", "--org", "globex", "--status", status, check=False).returncode == 2
    headings, verified, processed = rows("wallet", "fees", "--org", "globex")
    assert headings == ["charged", "amount", "kind", "refunded", "for", "text", "id"]
    assert (verified[1:4], processed[1:4]) == (["2.50 USD", "verify", "–"], ["1.00 USD", "process", "–"])
    assert rows("wallet", "fees", "--org", "globex", "--kind", "process")[1:] == [processed]
    foreign = run("wallet", "refund", verified[-1], "Not theirs.", "--org", "operator", check=False)
    assert "billing.fee_unknown" in foreign.stderr
    for _ in range(2):
        back = run("wallet", "refund", verified[-1], "By mistake.", "--org", "globex").stdout
        assert back == "2.50 USD are back in the wallet.\n"
    assert rows("wallet", "show", "--org", "globex")[1][0] == "-1.00"
    assert rows("wallet", "fees", "--org", "globex")[1][3] != "–"


def test_whether_a_wiped_device_is_locked_has_to_be_said(installation):
    unsaid = installation.run(
        "warehouse", "sanitise", "1", "SN-1", "--method", "purge", "--technique", "Crypto erase", "--media", "SSD",
        "--tool", "nvme-cli", "--performed-by", "Ada", "--verified-by", "Grace", check=False,
    )  # fmt: skip
    assert unsaid.returncode == 2
    assert "--lock" in unsaid.stderr
