"""Databases that several tests share."""

import contextlib
import os

import asyncpg


@contextlib.asynccontextmanager
async def database(cluster, template, name):
    """The URL of a copy of a template, for as long as it is needed."""
    admin = await asyncpg.connect(cluster.dsn("postgres"))
    try:
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield cluster.dsn(name)
        finally:
            await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await admin.close()


def shared_database(cluster, template, name):
    """The URL of a migrated database of its own name in this process, for as long as it is needed."""
    return database(cluster, template, f"{name}_{os.getpid()}")
