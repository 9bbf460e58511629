"""Settings: from the environment over a file, refused by name when they make no sense."""

import msgspec
import pytest

from backhaul.settings import SettingRefused, Settings, load


def refused(environment):
    with pytest.raises(SettingRefused) as refusal:
        load(environment)
    return refusal.value.data["name"], refusal.value.data["reason"]


@pytest.fixture
def file(tmp_path):
    """Write a settings file and return the environment that names it."""

    def write(text, **environment):
        path = tmp_path / "backhaul.toml"
        path.write_text(text, encoding="utf-8")
        return {"BACKHAUL_CONFIG": str(path), **environment}

    return write


def test_without_anything_the_defaults_hold():
    assert load({}) == Settings()
    assert load({"PATH": "/bin", "BACKHAULER": "x"}) == Settings()


@pytest.mark.parametrize(
    ("name", "text", "group", "setting", "value"),
    [
        ("BACKHAUL_SHIPPING__DAY_SECONDS", "2", "shipping", "day_seconds", 2.0),
        ("BACKHAUL_SHIPPING__DAY_SECONDS", "0.5", "shipping", "day_seconds", 0.5),
        ("BACKHAUL_HTTP__PORT", "9000", "http", "port", 9000),
        ("BACKHAUL_REREADY__STATE_FOLLOWS_EXAMPLE", "true", "reready", "state_follows_example", True),
        ("BACKHAUL_REREADY__STATE_FOLLOWS_EXAMPLE", "1", "reready", "state_follows_example", True),
        ("BACKHAUL_TRANSFERS__REMINDER_DAYS", "[1, 2]", "transfers", "reminder_days", (1, 2)),
        ("BACKHAUL_TRANSFERS__REMINDER_DAYS", "[]", "transfers", "reminder_days", ()),
        ("BACKHAUL_HTTP__TRUSTED_PROXIES", '["10.0.0.0/8"]', "http", "trusted_proxies", ("10.0.0.0/8",)),
        ("BACKHAUL_SHIPPING__CARRIERS", '{"USPS": "manual"}', "shipping", "carriers", {"USPS": "manual"}),
        ("BACKHAUL_MAIL__SMTP_PASSWORD", "[secret}", "mail", "smtp_password", "[secret}"),
        ("BACKHAUL_MAIL__SMTP_PASSWORD", "12345", "mail", "smtp_password", "12345"),
        ("BACKHAUL_MAIL__SMTP_PASSWORD", "", "mail", "smtp_password", ""),
        ("BACKHAUL_DATABASE__URL", "postgresql://x", "database", "url", "postgresql://x"),
        ("BACKHAUL_DATABASE_URL", "postgresql://x", "database", "url", "postgresql://x"),
    ],
)
def test_a_name_in_the_environment_sets_its_setting_and_no_other(name, text, group, setting, value):
    settings = load({name: text})
    assert getattr(getattr(settings, group), setting) == value
    defaults = Settings()
    changed = msgspec.structs.replace(
        defaults, **{group: msgspec.structs.replace(getattr(defaults, group), **{setting: value})}
    )
    assert settings == changed


def test_the_data_directory_has_a_name_of_its_own():
    assert load({"BACKHAUL_DATA_DIR": "/srv/backhaul"}).data_dir == "/srv/backhaul"


def test_empty_short_names_count_as_absent():
    assert load({"BACKHAUL_DATA_DIR": "", "BACKHAUL_DATABASE_URL": ""}) == Settings()


@pytest.mark.parametrize(
    "name",
    [
        "BACKHAUL_NONSENSE",
        "BACKHAUL_SHIPPING",
        "BACKHAUL_SHIPPING_DAY_SECONDS",
        "BACKHAUL_NOBODY__DAY_SECONDS",
        "BACKHAUL_DATA_DIR__X",
        "BACKHAUL__DAY_SECONDS",
    ],
)
def test_an_unknown_name_is_refused(name):
    assert refused({name: "1"}) == (name, "there is no such setting; see docs/settings.md")


def test_a_misspelt_setting_is_refused_with_those_there_are():
    name, reason = refused({"BACKHAUL_SHIPPING__DAYSECONDS": "1"})
    assert name == "BACKHAUL_SHIPPING__DAYSECONDS"
    assert reason == "shipping has the settings carriers, day_seconds"


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("BACKHAUL_HTTP__PORT", "eighty", "http.port"),
        ("BACKHAUL_HTTP__PORT", "80.5", "http.port"),
        ("BACKHAUL_HTTP__PORT", "", "http.port"),
        ("BACKHAUL_SHIPPING__DAY_SECONDS", "soon", "shipping.day_seconds"),
        ("BACKHAUL_SHIPPING__DAY_SECONDS", "0", "shipping.day_seconds"),
        ("BACKHAUL_SHIPPING__DAY_SECONDS", "-1", "shipping.day_seconds"),
        ("BACKHAUL_SHIPPING__DAY_SECONDS", "nan", "shipping.day_seconds"),
        ("BACKHAUL_SHIPPING__DAY_SECONDS", "inf", "shipping.day_seconds"),
        ("BACKHAUL_TRANSFERS__DAY_SECONDS", "0", "transfers.day_seconds"),
        ("BACKHAUL_TRANSFERS__REMINDER_DAYS", "1, 2", "transfers.reminder_days"),
        ("BACKHAUL_TRANSFERS__REMINDER_DAYS", "[1, 2", "transfers.reminder_days"),
        ("BACKHAUL_TRANSFERS__REMINDER_DAYS", '["x"]', "transfers.reminder_days[0]"),
        ("BACKHAUL_REREADY__STATE_FOLLOWS_EXAMPLE", "maybe", "reready.state_follows_example"),
        ("BACKHAUL_IDENTITY__CLIENT_TOKEN_SECONDS", "0", "identity.client_token_seconds"),
        ("BACKHAUL_IDENTITY__CODE_SECONDS", "0", "identity.code_seconds"),
        ("BACKHAUL_IDENTITY__CLIENTS_PER_ACCOUNT", "0", "identity.clients_per_account"),
        ("BACKHAUL_BOXC__RATE_LIMIT_REQUESTS", "0", "boxc.rate_limit_requests"),
        ("BACKHAUL_BOXC__RATE_LIMIT_PER_SECOND", "0", "boxc.rate_limit_per_second"),
        ("BACKHAUL_DATABASE__APP_CONNECTIONS", "0", "database.app_connections"),
        ("BACKHAUL_HTTP__MAX_BODY_BYTES", "0", "http.max_body_bytes"),
        ("BACKHAUL_HTTP__TRUSTED_PROXIES", '["everybody"]', "http.trusted_proxies"),
        ("BACKHAUL_FILES__STORAGE", "shelf", "files.storage"),
        ("BACKHAUL_FILES__STORAGE", "s3", "files.bucket"),
        ("BACKHAUL_FILES__ENDPOINT_URL", "store.example", "files.endpoint_url"),
        ("BACKHAUL_FILES__ENDPOINT_URL", "file:///store", "files.endpoint_url"),
        ("BACKHAUL_FILES__TIMEOUT_SECONDS", "0", "files.timeout_seconds"),
        ("BACKHAUL_MAIL__TRANSPORT", "pigeon", "mail.transport"),
        ("BACKHAUL_TEXTING__TRANSPORT", "pigeon", "texting.transport"),
        ("BACKHAUL_MAIL__SMTP_TLS", "perhaps", "mail.smtp_tls"),
        ("BACKHAUL_LOG__FORM", "verse", "log.form"),
        ("BACKHAUL_LOG__LEVEL", "loud", "log.level"),
        ("BACKHAUL_IDENTITY__HELD_SECONDS", "0", "identity.held_seconds"),
        ("BACKHAUL_IDENTITY__HELD_SECONDS", "30.5", "identity.held_seconds"),
        ("BACKHAUL_IDENTITY__TOKEN_SECONDS", "0", "identity.token_seconds"),
        ("BACKHAUL_IDENTITY__REFRESH_GRACE_SECONDS", "-1", "identity.refresh_grace_seconds"),
    ],
)
def test_a_wrong_value_is_refused_by_the_settings_own_name(name, text, where):
    assert refused({name: text})[0] == where


def test_the_file_sets_whole_groups(file):
    environment = file('data_dir = "/srv"\n[transfers]\nreminder_days = [2, 4]\ngive_up_days = 9\n')
    settings = load(environment)
    assert settings.data_dir == "/srv"
    assert (settings.transfers.reminder_days, settings.transfers.give_up_days) == ((2, 4), 9)
    assert settings.http == Settings().http


def test_the_environment_stands_over_the_file(file):
    environment = file(
        'data_dir = "/srv"\n[database]\nurl = "postgresql://file"\n[http]\nport = 1\nhost = "::1"\n',
        BACKHAUL_HTTP__PORT="2",
        BACKHAUL_DATABASE_URL="postgresql://environment",
        BACKHAUL_DATA_DIR="/other",
    )
    settings = load(environment)
    assert (settings.http.port, settings.http.host) == (2, "::1")
    assert settings.database.url == "postgresql://environment"
    assert settings.data_dir == "/other"


def test_the_long_name_stands_over_the_short_one():
    environment = {
        "BACKHAUL_DATABASE_URL": "postgresql://short",
        "BACKHAUL_DATABASE__URL": "postgresql://long",
    }
    assert load(environment).database.url == "postgresql://long"


@pytest.mark.parametrize(
    ("text", "reason"),
    [("[nobody]\n", "unknown field `nobody`"), ("[http]\nprot = 1\n", "unknown field `prot`")],
)
def test_an_unknown_name_in_the_file_is_refused(file, text, reason):
    assert reason in refused(file(text))[1]


@pytest.mark.parametrize("text", ["[http\n", "port ="])
def test_a_file_that_cannot_be_read_is_refused(file, text):
    assert refused(file(text))[0] == "BACKHAUL_CONFIG"


def test_a_group_that_is_no_group_is_refused(file):
    assert refused(file("database = 3\n"))[0] == "database"
    assert refused(file("database = 3\n", BACKHAUL_DATABASE_URL="postgresql://x"))[0] == "database"
    assert refused(file("http = 3\n", BACKHAUL_HTTP__PORT="1"))[0] == "http"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    name, reason = refused({"BACKHAUL_CONFIG": str(tmp_path / "missing.toml")})
    assert name == "BACKHAUL_CONFIG"
    assert "missing.toml" in reason


def test_settings_cannot_be_changed():
    with pytest.raises(AttributeError):
        load({}).data_dir = "elsewhere"


def test_stripe_needs_its_key():
    assert refused({"BACKHAUL_BILLING__GATEWAY": "stripe"})[0] == "stripe.secret_key"
    assert refused({"BACKHAUL_BILLING__GATEWAY": "paper"})[0] == "billing.gateway"
    settings = load({
        "BACKHAUL_BILLING__GATEWAY": "stripe",
        "BACKHAUL_STRIPE__SECRET_KEY": "sk_test_1",
        "BACKHAUL_STRIPE__CUSTOMERS": '{"01a2": "cus_1"}',
    })  # fmt: skip
    assert settings.stripe.customers == {"01a2": "cus_1"}


@pytest.mark.parametrize(
    "address", ["http://api.stripe.com", "ftp://x", "api.stripe.com", "http://127.0.0.1.evil.example"]
)
def test_a_secret_key_is_not_sent_in_the_open(address):
    assert refused({"BACKHAUL_STRIPE__API_BASE": address})[0] == "stripe.api_base"


@pytest.mark.parametrize("address", ["https://stripe.example", "http://127.0.0.1:8420", "http://localhost"])
def test_stripe_may_be_on_this_machine(address):
    assert load({"BACKHAUL_STRIPE__API_BASE": address}).stripe.api_base == address
