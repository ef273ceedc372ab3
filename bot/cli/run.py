"""``run``, ``ingress`` and ``worker``: the processes that serve."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import time
from collections.abc import Callable, Coroutine
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from typing import Literal

from starlette.routing import BaseRoute
from starlette.types import ASGIApp
from threadpoolctl import threadpool_limits

from bot.channels.telegram.errors import TokenRefused
from bot.channels.web.app import chat_routes, make_app
from bot.channels.web.connections import Door
from bot.channels.web.health import health_routes
from bot.channels.web.serve import CannotListen, listen, serve
from bot.channels.web.sessions import Sessions, secret_in
from bot.cli import logs
from bot.cli.descriptors import connections, raise_limit
from bot.cli.problems import OperatorError
from bot.cli.staff import links, require_a_way_in, staff_of
from bot.clock import steady
from bot.digest import Weekly
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.live import Library
from bot.metrics import Metrics
from bot.notifying import Notifier
from bot.reloading import Reloader
from bot.roles import Roles
from bot.settings import Settings
from bot.staff.app import make_staff_app
from bot.staff.keeping import Keeper
from bot.staffroom import StaffCommands
from bot.stewards import Stewards
from bot.store.database import FAILURES, StoreError
from bot.store.gates import Rate
from bot.store.store import NO_LIMITS, Store
from bot.threads import beside, share_fairly
from bot.worker import Channel, Reception, Steward, Worker

log = logging.getLogger(__name__)

Role = Literal["run", "ingress", "worker"]

_TURN_BURST = 20
_HOUR = 3600.0
_LOOK_SECONDS = 5.0


def run(options: Settings, load: Callable[[], Library], role: Role) -> int:
    """Serve until SIGINT or SIGTERM. Raises :class:`OperatorError`.

    ``run`` does everything; ``ingress`` only takes deliveries in and needs no knowledge base; ``worker``
    only handles and sends. The knowledge base is loaded when the settings are known to be right.
    """
    logs.set_up()
    share_fairly()
    if role != "run" and options.token is None:
        raise OperatorError(f"{role} works for Telegram: set BOT_TOKEN.")
    if role == "ingress" and not options.uses_webhook:
        raise OperatorError("ingress takes webhook deliveries: set BOT_WEBHOOK_URL and BOT_WEBHOOK_SECRET.")
    if role == "run":
        require_a_way_in(options)
    secret = _session_secret(options) if role == "run" else ""
    library = load() if role != "ingress" else None
    try:
        # One question is too little work to share among cores: threads that wait for it busily take them from other processes.
        with threadpool_limits(1), ExitStack() as stack:
            listening = [stack.enter_context(listen(options.host, options.port))]
            if role == "run" and options.staff_port is not None:
                listening.append(stack.enter_context(listen(options.staff_host, options.staff_port, "BOT_STAFF")))
            asyncio.run(_run(options, library, role, listening, secret))
    except (CannotListen, StoreError, TokenRefused) as error:
        raise OperatorError(str(error)) from None
    return 0


async def _run(options: Settings, library: Library | None, role: Role, listening: list[socket.socket], secret: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    turns = Rate.per_minute(options.turns_per_minute, _TURN_BURST)
    rates = NO_LIMITS
    if options.token is not None:
        from bot.channels.telegram.service import rates as telegram_rates  # a third of a second that the web chat need not wait

        rates = telegram_rates(options)
    store = await Store.open(options.database_url, role, rates, turns)
    try:
        with suppress(*FAILURES):  # before anybody writes: afterwards nothing tells of a clock that is ahead
            await store.retention.doubtful(datetime.now(UTC))
        metrics = Metrics()
        worker = reloader = steward = None
        pages: list[ASGIApp] = []
        if library is not None:
            channel = _channel(options)
            reception = Reception(options.desk, channel) if options.desk is not None and channel is not None else None
            worker = Worker(library, store, metrics, reception=reception)
            roles = Roles(store.members, options.admin_ids)
            reloader = Reloader(library, store, metrics, roles, channel)
            steward = _steward(options, roles, worker, reloader)
        routes: list[BaseRoute] = [*health_routes(store, metrics, worker)]
        services: list[Coroutine[object, object, None]] = []
        if library is not None and worker is not None and reloader is not None and role == "run":
            routes += chat_routes(worker, Sessions(secret), turns, steward)
            if options.staff_port is not None:
                pages.append(make_staff_app(staff_of(options, worker, Keeper(library, reloader), roles)))
                log.info("pages of the staff: http://%s:%d/", _in_url(options.staff_host), options.staff_port)
        if options.token is None:
            log.info("BOT_TOKEN is not set: no Telegram, only the web chat")
        else:
            services += _telegram(options, store, metrics, worker, steward, role, routes)
        background = [store.roster.run(), store.signals.listen(), _retire(store, options.retention_days)]
        if worker is not None and reloader is not None:
            kb = worker.kb
            background.append(reloader.run())
            if worker.reception is not None:
                background.append(Weekly(worker, worker.reception).run())
            if options.token is None:
                background += [_warm(kb), Notifier(worker, None, _LOOK_SECONDS).run()]
            log.info("ready with %d entries; http://%s:%d/", len(kb.content.entries), _in_url(options.host), options.port)
        else:
            log.info("ready to take updates in; http://%s:%d/", _in_url(options.host), options.port)
        apps: list[ASGIApp] = [make_app(routes), *pages]
        most = connections(raise_limit(), len(listening))
        serving = [serve(app, on, stop, Door(most)) for app, on in zip(apps, listening, strict=True)]
        await _until_stopped(serving, services, background, stop)
    finally:
        await _leave(store)


def _session_secret(options: Settings) -> str:
    if options.session_secret is not None:
        return options.session_secret.get_secret_value()
    try:
        return secret_in(options.cache_dir)
    except OSError as error:
        raise OperatorError(
            f"Cannot keep the key of the web chat's cookies in {options.cache_dir} ({error.strerror}). "
            "Set BOT_SESSION_SECRET, or BOT_CACHE_DIR to a folder that can be written."
        ) from None


def _channel(options: Settings) -> Channel | None:
    """Where the administrators are told something."""
    if options.token is None:
        return None
    from bot.channels.telegram.service import Compose

    return Compose()


def _steward(options: Settings, roles: Roles, worker: Worker, reloader: Reloader) -> Steward:
    """Whoever answers what is not the core's."""
    staff_chat = options.desk.chat if options.desk is not None else ""
    commands = StaffCommands(roles, worker.store, lambda: worker.kb, worker.now, staff_chat)
    return Stewards((reloader, commands, *([links(options, roles)] if options.staff_port is not None else [])))


def _telegram(
    options: Settings,
    store: Store,
    metrics: Metrics,
    worker: Worker | None,
    steward: Steward | None,
    role: Role,
    routes: list[BaseRoute],
) -> list[Coroutine[object, object, None]]:
    """What a role does for Telegram; adds the route that is delivered to."""
    from bot.channels.telegram.service import take_in, work
    from bot.channels.telegram.webhook import Webhook

    services = []
    if role != "worker":
        webhook = Webhook(options.webhook_secret.get_secret_value()) if options.webhook_secret else None
        if webhook is not None:
            routes.append(webhook.route)

        def named(name: str) -> None:
            if worker is not None:
                worker.bot_name = name

        services.append(take_in(store, metrics, options, webhook, named=named))
    if worker is not None:

        async def warm_then_work() -> None:
            await _warm(worker.kb)  # not with updates in hand: others could answer them meanwhile
            await work(worker, options, steward=steward)

        services.append(warm_then_work())
    return services


async def _until_stopped(
    serving: list[Coroutine[object, object, None]],
    services: list[Coroutine[object, object, None]],
    background: list[Coroutine[object, object, None]],
    stop: asyncio.Event,
) -> None:
    """Run everything until told to stop, or until a service ends, whose error is raised."""
    main = [asyncio.create_task(one) for one in (*serving, *services)]
    beside = [asyncio.create_task(one) for one in background]
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([*main, stopped], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    log.info("stopping: nothing new is taken, what is in hand is finished")
    for task in main[len(serving) :]:
        task.cancel()
    results = await asyncio.gather(*main, return_exceptions=True)
    for task in beside:
        task.cancel()
    await asyncio.gather(*beside, stopped, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _leave(store: Store) -> None:
    try:
        async with asyncio.timeout(2):
            await store.roster.leave()
    except FAILURES as error:
        log.warning("this process could not be taken off the list (%s); others notice soon", type(error).__name__)
    await store.close()


async def _warm(kb: KnowledgeBase) -> None:
    """The encoder reads its model at the first search. That search need not be a user's."""
    await beside(kb.search, "保証料")


async def _retire(store: Store, days: int) -> None:
    """Delete what nobody has used for so many days, a step a day. A clock that was set is mistrusted for a day."""
    ahead = time.time() - steady()
    while True:
        now = datetime.now(UTC)
        try:
            if abs(now.timestamp() - steady() - ahead) > _HOUR:
                log.warning("the clock was set by more than an hour: nothing old is deleted for a day")
                await store.retention.doubt(now)
                ahead = now.timestamp() - steady()
            gone = await store.retention.retire(now - timedelta(days=days), now)
            if gone is not None and gone.conversations:
                log.info(
                    "%d conversations were idle for %d days and are deleted; %d more follow", gone.conversations, days, gone.left
                )
        except FAILURES as error:
            log.warning("old conversations could not be deleted (%s)", type(error).__name__)
        await asyncio.sleep(_HOUR)


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
