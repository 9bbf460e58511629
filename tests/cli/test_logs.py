import json
import logging

import pytest
import structlog

from backhaul.cli import logs
from backhaul.settings import LogSettings


@pytest.fixture(autouse=True)
def nothing_stays_configured():
    root, driver = logging.getLogger(), logging.getLogger("asyncpg")
    handlers, level, driver_level = root.handlers[:], root.level, driver.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    driver.setLevel(driver_level)
    structlog.reset_defaults()


def fail(secret):
    return len(secret) / 0


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize("kind", ["ours", "standard library's"])
def test_an_exception_is_logged_with_its_traceback_and_without_local_variables(capsys, form, kind):
    logs.configure(LogSettings(form=form))
    logger = structlog.get_logger() if kind == "ours" else logging.getLogger("somebody.elses")
    secret = "hush" * 2
    try:
        fail(secret)
    except ZeroDivisionError:
        logger.exception("it_failed")
    said = capsys.readouterr().err
    if form == "json":
        line = json.loads(said)  # one line
        assert line["event"] == "it_failed"
        assert "exc_info" not in line
        said = line["exception"]
    assert "Traceback (most recent call last)" in said
    assert "ZeroDivisionError: division by zero" in said
    assert secret not in said
