"""What all pages do that change the knowledge base: save, note it with the diff, tell what went wrong."""

from __future__ import annotations

import hashlib
from datetime import date

from bot.business_days import TOKYO
from bot.knowledge.editing import Proposal
from bot.knowledge.entries import Entry
from bot.knowledge.saving import Conflict
from bot.knowledge.yaml_edit import EditError
from bot.staff.forms import Refused
from bot.staff.shell import Visit


def today(visit: Visit) -> date:
    """The day in Japan."""
    return visit.staff.worker.now().astimezone(TOKYO).date()


async def save(visit: Visit, proposal: Proposal, action: str) -> str:
    """Save a proposal and note it with each entry's diff; returns what to tell. Raises :class:`EditError`."""
    told = await visit.staff.keeper.save(proposal)
    for entry_id, diff in proposal.diffs.items():
        if diff:
            await visit.staff.store.staffing.note(visit.who, action, entry_id, diff)
    return told


def refused(error: EditError) -> Refused:
    """How a page answers where it cannot show the error in place."""
    return Refused(409 if isinstance(error, Conflict) else 422, f"{error}。")


def seen(entry: Entry) -> str:
    """Changes when what an entry says does."""
    return hashlib.blake2b(repr(entry).encode(), digest_size=8).hexdigest()
