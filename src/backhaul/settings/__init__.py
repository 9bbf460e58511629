"""Every setting, grouped; units are in the names. Read from the environment and, below it, a TOML file.

`BACKHAUL_SHIPPING__DAY_SECONDS=2` sets `shipping.day_seconds`; `BACKHAUL_CONFIG` names the file. An unknown name
is refused: a misspelt setting that is silently ignored costs an afternoon. docs/settings.md lists them all.
"""

import math
import os
import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from backhaul.kernel.errors import DomainError, Kind
from backhaul.settings.groups import (
    BillingSettings,
    BoxcSettings,
    ConsoleSettings,
    DatabaseSettings,
    FileSettings,
    HttpSettings,
    IdentitySettings,
    JobSettings,
    LogSettings,
    MailSettings,
    OidcSettings,
    RadarSettings,
    RecoverySettings,
    RereadySettings,
    ReshippingSettings,
    ReturnSettings,
    Settings,
    ShippingSettings,
    StripeSettings,
    TextingSettings,
    TransferSettings,
    UnduitSettings,
    WebhookSettings,
)

__all__ = [
    "BillingSettings",
    "BoxcSettings",
    "ConsoleSettings",
    "DatabaseSettings",
    "FileSettings",
    "HttpSettings",
    "IdentitySettings",
    "JobSettings",
    "LogSettings",
    "MailSettings",
    "OidcSettings",
    "RadarSettings",
    "RecoverySettings",
    "RereadySettings",
    "ReshippingSettings",
    "ReturnSettings",
    "SettingRefused",
    "Settings",
    "ShippingSettings",
    "StripeSettings",
    "TextingSettings",
    "TransferSettings",
    "UnduitSettings",
    "WebhookSettings",
    "load",
]

PREFIX = "BACKHAUL_"
_GROUP = "__"
_ON_THIS_MACHINE = {("http", "127.0.0.1"), ("http", "localhost")}
# Read elsewhere, before or beside the settings.
_OURS_ELSEWHERE = {"BACKHAUL_CONFIG", "BACKHAUL_DATABASE_URL", "BACKHAUL_DATA_DIR"}


class SettingRefused(DomainError):
    """A setting has an unknown name or a wrong value."""

    code = "settings.refused"
    kind = Kind.INVALID
    message = "The setting {name} was refused: {reason}"


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings, or refuse naming the first wrong one."""
    env = os.environ if environment is None else environment
    values = _from_file(env.get("BACKHAUL_CONFIG"))
    if env.get("BACKHAUL_DATABASE_URL"):
        _group_in(values, "database")["url"] = env["BACKHAUL_DATABASE_URL"]
    if env.get("BACKHAUL_DATA_DIR"):
        values["data_dir"] = env["BACKHAUL_DATA_DIR"]
    for name, text in sorted(env.items()):
        if name.startswith(PREFIX) and name not in _OURS_ELSEWHERE:
            _place(values, name, text)
    try:
        settings = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingRefused(name=_where(str(error)), reason=str(error).split(" - at ")[0]) from error
    _check(settings)
    return settings


def _from_file(path: str | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingRefused(name="BACKHAUL_CONFIG", reason=str(error)) from error


def _group_in(values: dict[str, Any], name: str) -> dict[str, Any]:
    group = values.setdefault(name, {})
    if not isinstance(group, dict):
        raise SettingRefused(name=name, reason="it is a group of settings, not a value")
    return group


def _place(values: dict[str, Any], name: str, text: str) -> None:
    group, separator, setting = name.removeprefix(PREFIX).lower().partition(_GROUP)
    kinds = {field.name: field.type for field in msgspec.structs.fields(Settings) if field.name != "data_dir"}
    if not separator or group not in kinds:
        raise SettingRefused(name=name, reason="there is no such setting; see docs/settings.md")
    fields = {field.name: field.type for field in msgspec.structs.fields(kinds[group])}
    if setting not in fields:
        known = ", ".join(sorted(fields))
        raise SettingRefused(name=name, reason=f"{group} has the settings {known}")
    is_plain = fields[setting] in (str, str | None)
    _group_in(values, group)[setting] = text if is_plain else _parsed(text)


def _parsed(text: str) -> Any:
    """Return a list or table written as JSON; anything else is converted by the setting's own type."""
    if text[:1] in "[{":
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError:
            return text
    return text


def _where(text: str) -> str:
    return text.rsplit("`$.", 1)[-1].rstrip("`") if "`$." in text else "settings"


def _check(settings: Settings) -> None:
    """Refuse values that have the right type and make no sense."""
    _check_numbers(settings)
    _check_days(settings.transfers)
    _check_choices(settings)
    _check_stripe(settings)
    _check_oidc(settings.oidc)
    _check_files(settings.files)
    _check_networks("http.trusted_proxies", settings.http.trusted_proxies)
    _check_networks("webhooks.allowed_private_networks", settings.webhooks.allowed_private_networks)
    if any(seconds <= 0 for seconds in settings.webhooks.retry_seconds):
        raise SettingRefused(name="webhooks.retry_seconds", reason="every pause must be more than zero")


def _check_networks(name: str, texts: tuple[str, ...]) -> None:
    for text in texts:
        try:
            ip_network(text)
        except ValueError as error:
            raise SettingRefused(name=name, reason=str(error)) from error


def _check_numbers(settings: Settings) -> None:
    positive = {
        "shipping.day_seconds": settings.shipping.day_seconds,
        "transfers.day_seconds": settings.transfers.day_seconds,
        "webhooks.timeout_seconds": settings.webhooks.timeout_seconds,
        "webhooks.connect_timeout_seconds": settings.webhooks.connect_timeout_seconds,
        "webhooks.at_once": settings.webhooks.at_once,
        "webhooks.at_once_per_host": settings.webhooks.at_once_per_host,
        "webhooks.kept_days": settings.webhooks.kept_days,
        **{
            f"recovery.{name}": getattr(settings.recovery, name)
            for name in RecoverySettings.__struct_fields__
        },
        **{f"radar.{name}": getattr(settings.radar, name) for name in RadarSettings.__struct_fields__},
        "stripe.timeout_seconds": settings.stripe.timeout_seconds,
        "files.timeout_seconds": settings.files.timeout_seconds,
        "http.workers": settings.http.workers,
        "returns.max_photos": settings.returns.max_photos,
        "returns.max_photo_bytes": settings.returns.max_photo_bytes,
        "returns.max_photo_pixels": settings.returns.max_photo_pixels,
        "returns.photo_side": settings.returns.photo_side,
        "reshipping.expiry_days": settings.reshipping.expiry_days,
        "reshipping.hold_days": settings.reshipping.hold_days,
        "http.max_body_bytes": settings.http.max_body_bytes,
        "identity.token_seconds": settings.identity.token_seconds,
        "identity.client_token_seconds": settings.identity.client_token_seconds,
        "identity.code_seconds": settings.identity.code_seconds,
        "identity.clients_per_account": settings.identity.clients_per_account,
        "console.idle_hours": settings.console.idle_hours,
        "console.session_days": settings.console.session_days,
        "boxc.rate_limit_requests": settings.boxc.rate_limit_requests,
        "boxc.rate_limit_per_second": settings.boxc.rate_limit_per_second,
        "database.app_connections": settings.database.app_connections,
        "database.worker_connections": settings.database.worker_connections,
    }
    for name, value in positive.items():
        if not 0 < value < math.inf:  # not a number compares as neither
            raise SettingRefused(name=name, reason="it must be more than zero")
    if not 0 <= settings.reshipping.tolerance_percent <= 100:  # noqa: PLR2004 -- percent
        raise SettingRefused(name="reshipping.tolerance_percent", reason="it must be from 0 to 100")
    if not 1 <= settings.http.port <= 65535:  # noqa: PLR2004 -- TCP's own limits
        raise SettingRefused(name="http.port", reason="it must be from 1 to 65535")
    least = {  # one connection of each of these pools listens all the time
        "database.lookup_connections": (settings.database.lookup_connections, 2),
        "database.worker_connections": (settings.database.worker_connections, 4),
    }
    for name, (given, smallest) in least.items():
        if given < smallest:
            raise SettingRefused(name=name, reason=f"it must be at least {smallest}")
    if settings.identity.refresh_grace_seconds < 0:
        raise SettingRefused(name="identity.refresh_grace_seconds", reason="it must not be below zero")
    if not 0 < settings.identity.held_seconds <= 30:  # noqa: PLR2004 -- the rule's own number
        raise SettingRefused(name="identity.held_seconds", reason="it must be more than 0 and at most 30")


def _check_days(transfers: TransferSettings) -> None:
    days = transfers.reminder_days
    if any(later <= earlier for earlier, later in pairwise((0, *days))):
        raise SettingRefused(name="transfers.reminder_days", reason="they must be above zero and rise")
    if transfers.give_up_days <= max(days, default=0):
        raise SettingRefused(name="transfers.give_up_days", reason="it must come after the last reminder")


def _check_stripe(settings: Settings) -> None:
    if settings.billing.gateway == "stripe" and not settings.stripe.secret_key:
        raise SettingRefused(name="stripe.secret_key", reason="it is needed where Stripe takes the money")
    address = urlsplit(settings.stripe.api_base)
    if address.scheme != "https" and (address.scheme, address.hostname) not in _ON_THIS_MACHINE:
        raise SettingRefused(name="stripe.api_base", reason="it must be an https address")


def _check_oidc(oidc: OidcSettings) -> None:
    if oidc.issuer is None:
        return
    address = urlsplit(oidc.issuer)
    if address.scheme != "https" and (address.scheme, address.hostname) not in _ON_THIS_MACHINE:
        raise SettingRefused(name="oidc.issuer", reason="it must be an https address")
    if not oidc.client_id or not oidc.client_secret:
        raise SettingRefused(name="oidc.client_id", reason="an issuer needs client_id and client_secret")
    if "openid" not in oidc.scopes or "email" not in oidc.scopes:
        raise SettingRefused(name="oidc.scopes", reason="openid and email must be among them")
    _check_networks("oidc.allowed_private_networks", oidc.allowed_private_networks)


def _check_files(files: FileSettings) -> None:
    if files.storage == "s3" and not files.bucket:
        raise SettingRefused(name="files.bucket", reason="it is needed where files lie in a bucket")
    if files.endpoint_url is None:
        return
    address = urlsplit(files.endpoint_url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise SettingRefused(name="files.endpoint_url", reason="it must be an http or https address")


def _check_choices(settings: Settings) -> None:
    choices = {
        "billing.gateway": (settings.billing.gateway, ("simulated", "stripe")),
        "files.storage": (settings.files.storage, ("disk", "s3")),
        "mail.transport": (settings.mail.transport, ("folder", "smtp")),
        "texting.transport": (settings.texting.transport, ("folder",)),
        "mail.smtp_tls": (settings.mail.smtp_tls, ("starttls", "tls", "none")),
        "log.form": (settings.log.form, ("auto", "json", "text")),
        "log.level": (settings.log.level, ("debug", "info", "warning", "error")),
    }
    for name, (chosen, allowed) in choices.items():
        if chosen not in allowed:
            raise SettingRefused(name=name, reason=f"it must be one of {', '.join(allowed)}")
