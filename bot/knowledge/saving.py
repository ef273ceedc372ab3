"""Writes files of a knowledge base: only inside its folder, only over what was read, whole or not at all."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.files import knowledge_files
from bot.knowledge.problems import reason
from bot.knowledge.yaml_edit import EditError


class Conflict(EditError):  # noqa: N818  # named for what happened
    """Somebody changed a file after it was read."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file's text as it is to be, in the place of the one with the fingerprint ``based_on``."""

    file: Path
    based_on: str
    before: str
    after: str


def fingerprint_of(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=12).hexdigest()


def write(folder: Path, changes: Sequence[Change]) -> None:
    """Write all the files, one save at a time whoever saves. Raises :class:`EditError`, then nothing is written."""
    try:
        with _alone(folder):
            for change in changes:
                _refuse_outside(folder, change.file)
                if fingerprint_of(change.file.read_bytes()) != change.based_on:
                    raise Conflict(
                        f"{change.file.relative_to(folder)} は、開いたあとにほかの人が変えました。"
                        "新しい内容を確かめて、もう一度保存してください"
                    )
            _replace([(change.file, change.after.encode()) for change in changes])
    except FileNotFoundError:
        raise Conflict("ファイルがなくなっています。ほかの人が動かしたか、消したようです") from None
    except OSError as error:
        raise _unwritable(error) from None


def append(folder: Path, file: Path, line: str) -> int:
    """Put a line at the end of a file of the folder, made where there is none; returns its number.

    Raises :class:`EditError`, then nothing is written; so it does where the very line stands there.
    """
    try:
        with _alone(folder):
            if folder not in file.parents or _is_linked(folder, file):
                raise _outside()
            file.parent.mkdir(parents=True, exist_ok=True)
            before = file.read_bytes() if file.exists() else b""
            before += b"" if before.endswith(b"\n") or not before else b"\n"
            lines = before.split(b"\n")
            if line.encode() in lines:
                raise EditError(f"同じ行が、もうあります（{file.relative_to(folder)}:{lines.index(line.encode()) + 1}）")
            _replace([(file, before + line.encode() + b"\n")])
            return len(lines)
    except OSError as error:
        raise _unwritable(error) from None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No other save while this lasts, in this process or another on the same machine."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _refuse_outside(folder: Path, file: Path) -> None:
    if file not in knowledge_files(folder) or _is_linked(folder, file):
        raise _outside()


def _is_linked(folder: Path, file: Path) -> bool:
    """Whether the way from the folder to a file leads over a link."""
    return any(one.is_symlink() for one in (file, *file.parents) if folder in one.parents)


def _outside() -> EditError:
    return EditError("知識ベースのフォルダの中のファイルだけを保存できます")


def _unwritable(error: OSError) -> EditError:
    return EditError(f"ファイルに書き込めませんでした（{reason(error)}）。管理者にお伝えください")


def _replace(contents: Sequence[tuple[Path, bytes]]) -> None:
    """Everything is on the disk before the first file is exchanged."""
    prepared: list[tuple[Path, Path]] = []
    try:
        for file, content in contents:
            beside = file.with_name(f".{file.name}.{secrets.token_hex(6)}")
            prepared.append((beside, file))
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            beside.chmod(file.stat().st_mode & 0o7777 if file.exists() else 0o644)
        for beside, file in prepared:
            beside.replace(file)
    finally:
        for beside, _ in prepared:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
