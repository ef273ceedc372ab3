"""The administrators' password: made into a hash once, and compared with it at each login."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200

_hasher = PasswordHasher()
_one = threading.Lock()


def hash_of(password: str) -> str:
    """What goes into the settings."""
    return _hasher.hash(password)


def matches(password: str, hashed: str) -> bool:
    """Whether it is the password; takes a while by design. One at a time: each takes 64 MiB."""
    with _one:
        try:
            return _hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False
