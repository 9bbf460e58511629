"""Databases that several tests share."""

import contextlib
import os

import asyncpg


@contextlib.asynccontextmanager
async def shared_database(cluster, template, name):
    """The URL of a migrated database of its own name, for as long as it is needed."""
    own = f"{name}_{os.getpid()}"
    admin = await asyncpg.connect(cluster.dsn("postgres"))
    try:
        await admin.execute(f"CREATE DATABASE {own} TEMPLATE {template}")
        try:
            yield cluster.dsn(own)
        finally:
            await admin.execute(f"DROP DATABASE {own} WITH (FORCE)")
    finally:
        await admin.close()
