"""Logs: one line an event; JSON for machines, coloured text for people."""

import logging
import sys

import structlog
from structlog.typing import Processor

from backhaul.settings import LogSettings


def configure(settings: LogSettings, *, for_terminal: bool = False) -> None:
    """Set structlog and the standard library's loggers up. Commands that answer a person log warnings only."""
    level = logging.WARNING if for_terminal else getattr(logging, settings.level.upper())
    is_json = settings.form == "json" or (settings.form == "auto" and not sys.stderr.isatty())
    # Without local variables: a traceback must not print what a request or a job carried.
    last: list[Processor] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    if not is_json:
        last = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)
    # While PostgreSQL restarts, asyncpg prints a traceback for every connection it keeps warm.
    logging.getLogger("asyncpg").setLevel(logging.CRITICAL)
