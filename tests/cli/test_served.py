"""Where links of commands lead: to the server of their data directory, unless a setting says otherwise."""

import msgspec

from backhaul.cli import served
from backhaul.settings import Settings
from backhaul.settings.groups import HttpSettings
from tests.cli.conftest import wait_until_ready
from tests.domain.returns.depot import picture


def settings(**http):
    return msgspec.structs.replace(Settings(), http=HttpSettings(**http))


def test_the_last_servers_address_is_used_unless_one_is_set(tmp_path):
    assert served.with_noted(settings(), tmp_path) == settings()
    served.note(settings(port=18555), tmp_path)
    assert served.with_noted(settings(), tmp_path).http.base_url == "http://127.0.0.1:18555"
    served.note(settings(base_url="https://devices.example"), tmp_path)
    assert served.with_noted(settings(), tmp_path).http.base_url == "https://devices.example"
    own = settings(base_url="https://own.example")
    assert served.with_noted(own, tmp_path) == own
    assert [path.name for path in tmp_path.iterdir()] == ["base-url"]


def test_a_picture_is_shown_by_the_server_that_runs(installation, port, tmp_path):
    run = installation.run
    run("org", "create", "Acme")
    run(
        "warehouse", "add", "WH0CVG01", "--name", "Cincinnati", "--line-1", "1 Dock Road", "--city", "Hebron",
        "--country", "US", "--entry-point", "CVG001",
    )  # fmt: skip
    number = run("warehouse", "receive", "1Z999", "--at", "WH0CVG01", "--unannounced").stdout.split()[0]
    run("warehouse", "identify", number, "--org", "acme")
    run("warehouse", "process", number, "--weight-grams", "900")
    (tmp_path / "a.png").write_bytes(picture("PNG"))
    run("warehouse", "photo", number, str(tmp_path / "a.png"))
    serving = installation.start("up", "--port", str(port))
    wait_until_ready(port, serving)
    shown = run("return", "show", number, "--org", "acme").stdout
    installation.stop(serving)
    assert f"http://127.0.0.1:{port}/files/returns/" in shown
