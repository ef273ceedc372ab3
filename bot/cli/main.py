"""The command line."""

from __future__ import annotations

import argparse
import gc
import io
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from bot.cli.problems import OperatorError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.live import Library
from bot.knowledge.problems import KnowledgeError
from bot.nlp.encoder import UniversalSentenceEncoder
from bot.settings import Settings
from bot.understanding.weights import WeightsError, shipped


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        return int(options.run(options))
    except OperatorError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="start the bot: Telegram with BOT_TOKEN, a local web chat without")
    run.set_defaults(run=_run, role="run")

    ingress = commands.add_parser("ingress", help="only take webhook deliveries in")
    ingress.set_defaults(run=_run, role="ingress")

    worker = commands.add_parser("worker", help="only handle what came in, and send")
    worker.set_defaults(run=_run, role="worker")

    db = commands.add_parser("db", help="upgrade, back up, restore or look into the database")
    actions = db.add_subparsers(required=True, metavar="ACTION", dest="action")
    actions.add_parser("upgrade", help="bring the tables up to date")
    actions.add_parser("stats", help="rows, queues and what was set aside")
    for name, text in (("backup", "write everything to a new FILE"), ("restore", "fill an empty database from FILE")):
        actions.add_parser(name, help=text).add_argument("file", type=Path, metavar="FILE")
    db.set_defaults(run=_db, file=None)

    ask = commands.add_parser("ask", help="answer questions from standard input, one a line")
    ask.add_argument("--json", action="store_true", help="print one JSON object a question")
    ask.set_defaults(run=_ask)

    chat = commands.add_parser("chat", help="talk with the bot in the terminal")
    chat.add_argument("--json", action="store_true", help="read and print JSON objects, one a line")
    chat.set_defaults(run=_chat)

    reads = commands.add_parser("understand", help="tell what utterances mean: objects with task, asked and text, one a line")
    reads.add_argument("--json", action="store_true", help="the only form there is; the flag says so")
    reads.set_defaults(run=_understand)

    gaps = commands.add_parser("gaps", help="list the questions that had no good answer, alike ones together")
    gaps.add_argument("--yaml", action="store_true", help="print the beginning of an entry for each, to be filled in")
    gaps.set_defaults(run=_gaps)

    links = commands.add_parser("links", help="print a link into the bot for every entry")
    links.add_argument("--username", help="the bot's name on Telegram; default: ask the Bot API with BOT_TOKEN")
    links.set_defaults(run=_links)

    check = commands.add_parser("check", help="validate a knowledge base")
    check.add_argument("folder", nargs="?", type=Path, help="default: BOT_KNOWLEDGE_BASE")
    check.add_argument("--sources", type=Path, metavar="DIR", help="compare with the texts of the source documents in DIR")
    check.set_defaults(run=_check)

    password = commands.add_parser("password", help="make the hash of a password for the staff's pages")
    password.set_defaults(run=_password)

    schema = commands.add_parser("schema", help="print the JSON Schema of the YAML files")
    schema.set_defaults(run=_schema)
    return parser


def settings() -> Settings:
    """The settings, or an :class:`OperatorError` that names each wrong variable."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{_setting(one['loc'])}{one['msg']}" for one in error.errors())
        raise OperatorError(f"Settings are wrong: {wrong}. See .env.example.") from None


def _setting(place: tuple[int | str, ...]) -> str:
    return f"BOT_{str(place[0]).upper()}: " if place else ""


def library(options: Settings) -> Library:
    """The knowledge base and its folder, or an :class:`OperatorError` that says what to mend, also in the trained weights."""
    folder = options.knowledge_base
    if not folder.is_dir():
        raise OperatorError(f"There is no knowledge base at {folder.resolve()}. Set BOT_KNOWLEDGE_BASE to its folder.")
    try:
        shipped()
    except WeightsError as error:
        raise OperatorError(str(error)) from None
    gc.disable()  # millions of small objects come and all of them stay: collecting meanwhile only takes time
    try:
        return Library(folder, UniversalSentenceEncoder(), vectors(options))
    except KnowledgeError as error:
        first = error.problems[0]
        raise OperatorError(
            f"The knowledge base has {len(error.problems)} problem(s), first: {first}. "
            f"Run `python -m bot check {folder}` to see all."
        ) from None
    finally:
        gc.freeze()
        gc.enable()


def vectors(options: Settings) -> Path:
    """Where the vectors of the knowledge base that serves are kept."""
    return options.cache_dir / "vectors.npz"


def knowledge(options: Settings) -> KnowledgeBase:
    """The knowledge base as it is now. Raises :class:`OperatorError`."""
    return library(options).kb


def _run(options: argparse.Namespace) -> int:
    from bot.cli.run import run

    configured = settings()
    return run(configured, lambda: library(configured), options.role)


def _db(options: argparse.Namespace) -> int:
    from bot.cli.db import db

    return db(settings(), options.action, options.file)


def _ask(options: argparse.Namespace) -> int:
    from bot.channels.console import lines, terminal

    kb = knowledge(settings())
    now = datetime.now(UTC)
    for line in sys.stdin:
        question = line.rstrip("\n")
        if not question.strip():
            continue
        answer = lines.ask(kb, question, now)
        print(lines.dumps(answer), flush=True) if options.json else terminal.show_answer(answer)
    return 0


def _chat(options: argparse.Namespace) -> int:
    from bot.channels.console import lines, terminal

    kb = knowledge(settings())
    if not options.json:
        return terminal.talk(kb)
    for answer in lines.chat(kb, sys.stdin, datetime.now(UTC)):
        print(lines.dumps(answer), flush=True)
    return 0


def _understand(_: argparse.Namespace) -> int:
    from bot.channels.console import lines

    kb = knowledge(settings())
    now = datetime.now(UTC)
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            read = lines.UnderstandLine.model_validate_json(line)
        except ValidationError as error:
            raise OperatorError(f"Not an object with text, task and asked: {error.errors()[0]['msg']}") from None
        print(lines.dumps(lines.understood(kb, read, now)), flush=True)
    return 0


def _gaps(options: argparse.Namespace) -> int:
    from bot.cli.gaps import gaps

    configured = settings()
    return gaps(configured, knowledge(configured), yaml=options.yaml)


def _links(options: argparse.Namespace) -> int:
    from bot.cli.links import links

    return links(settings(), options.username)


def _check(options: argparse.Namespace) -> int:
    from bot.cli.check import check

    configured = settings()
    folder = options.folder or configured.knowledge_base
    serves = folder.resolve() == configured.knowledge_base.resolve()
    return check(folder, vectors(configured) if serves else configured.cache_dir / "check-vectors.npz", options.sources)


def _schema(_: argparse.Namespace) -> int:
    from bot.knowledge.editor_schema import editor_schema

    print(editor_schema())
    return 0


def _password(_: argparse.Namespace) -> int:
    from bot.cli.staff import password

    return password()
