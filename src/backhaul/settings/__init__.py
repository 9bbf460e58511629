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

import msgspec

from backhaul.kernel.errors import DomainError, Kind
from backhaul.settings.groups import (
    BillingSettings,
    DatabaseSettings,
    HttpSettings,
    IdentitySettings,
    JobSettings,
    LogSettings,
    MailSettings,
    RadarSettings,
    RecoverySettings,
    RereadySettings,
    Settings,
    ShippingSettings,
    TextingSettings,
    TransferSettings,
    UnduitSettings,
    WebhookSettings,
)

__all__ = [
    "BillingSettings",
    "DatabaseSettings",
    "HttpSettings",
    "IdentitySettings",
    "JobSettings",
    "LogSettings",
    "MailSettings",
    "RadarSettings",
    "RecoverySettings",
    "RereadySettings",
    "SettingRefused",
    "Settings",
    "ShippingSettings",
    "TextingSettings",
    "TransferSettings",
    "UnduitSettings",
    "WebhookSettings",
    "load",
]

PREFIX = "BACKHAUL_"
_GROUP = "__"
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
        **{
            f"recovery.{name}": getattr(settings.recovery, name)
            for name in RecoverySettings.__struct_fields__
        },
        **{f"radar.{name}": getattr(settings.radar, name) for name in RadarSettings.__struct_fields__},
        "http.workers": settings.http.workers,
        "http.max_body_bytes": settings.http.max_body_bytes,
        "identity.token_seconds": settings.identity.token_seconds,
        "database.app_connections": settings.database.app_connections,
        "database.worker_connections": settings.database.worker_connections,
    }
    for name, value in positive.items():
        if not 0 < value < math.inf:  # not a number compares as neither
            raise SettingRefused(name=name, reason="it must be more than zero")
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


def _check_choices(settings: Settings) -> None:
    choices = {
        "mail.transport": (settings.mail.transport, ("folder", "smtp")),
        "texting.transport": (settings.texting.transport, ("folder",)),
        "mail.smtp_tls": (settings.mail.smtp_tls, ("starttls", "tls", "none")),
        "log.form": (settings.log.form, ("auto", "json", "text")),
        "log.level": (settings.log.level, ("debug", "info", "warning", "error")),
    }
    for name, (chosen, allowed) in choices.items():
        if chosen not in allowed:
            raise SettingRefused(name=name, reason=f"it must be one of {', '.join(allowed)}")
