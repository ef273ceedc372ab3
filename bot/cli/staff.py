"""The staff's pages as part of ``run``, and ``password``, which makes the hash of a password for them."""

from __future__ import annotations

import sys
from getpass import getpass

from bot.cli.problems import OperatorError
from bot.roles import Roles
from bot.settings import Settings
from bot.staff.keeping import Keeper
from bot.staff.links import LoginLinks
from bot.staff.passwords import LONGEST, SHORTEST, hash_of
from bot.staff.shell import Staff
from bot.worker import Worker


def password() -> int:
    """Ask for a password, or read it from a pipe, and print its hash. Raises :class:`OperatorError`."""
    if sys.stdin.isatty():
        given = getpass("Password: ")
        if getpass("Again: ") != given:
            raise OperatorError("The two are different. Nothing was made.")
    else:
        given = sys.stdin.readline().rstrip("\n")
    if not SHORTEST <= len(given) <= LONGEST:
        raise OperatorError(f"A password has {SHORTEST} to {LONGEST} characters.")
    print(hash_of(given))
    return 0


def require_a_way_in(options: Settings) -> None:
    """Raise :class:`OperatorError` where there are pages that nobody could open."""
    by_telegram = options.token is not None and options.admin_ids
    if options.staff_port is not None and options.staff_password_hash is None and not by_telegram:
        raise OperatorError(
            "BOT_STAFF_PORT is set, but nobody could log in. Set BOT_STAFF_PASSWORD_HASH to what `python -m bot password` "
            "prints, or BOT_TOKEN and BOT_ADMIN_IDS for links by Telegram."
        )


def staff_of(options: Settings, worker: Worker, keeper: Keeper, roles: Roles) -> Staff:
    """What the pages work with."""
    hashed = options.staff_password_hash
    password = hashed.get_secret_value() if hashed is not None else ""
    return Staff(worker, keeper, roles, password, options.staff_address, worker.now())


def links(options: Settings, roles: Roles) -> LoginLinks:
    """What answers ``/login``."""
    return LoginLinks(roles, options.staff_address)
