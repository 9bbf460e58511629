"""Passwords at rest: Argon2id (RFC 9106, second recommended option), computed beside the event loop."""

import asyncio

from argon2 import PasswordHasher

from backhaul.kernel.errors import FieldProblem, InvalidInput

MIN_LENGTH = 12
MAX_LENGTH = 1024  # longer ones would only cost memory

_HASHER = PasswordHasher()  # Argon2id; the cost is written into each hash, so it can grow later


async def hash_password(password: str) -> str:
    """Return what to store for a password; refuses lengths outside 12 to 1024. Takes tens of milliseconds."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        text = f"must have {MIN_LENGTH} to {MAX_LENGTH} characters"
        raise InvalidInput([FieldProblem("password", "identity.password_length", text)])
    return await asyncio.to_thread(_HASHER.hash, password)
