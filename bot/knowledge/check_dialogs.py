"""Checks that dialogs refer to what exists, and that their slots can be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from bot.knowledge.dialog_schema import Dialog, Slot
from bot.knowledge.files import LoadedFile
from bot.knowledge.problems import Position, Problem


def check_dialogs(files: Sequence[LoadedFile], known: Collection[str]) -> Iterator[Problem]:
    """Problems of slots, their options, and the dialogs that use them."""
    slots: dict[str, tuple[Slot, Position]] = {}
    for file in files:
        for number, slot in enumerate(file.content.slots):
            at = file.at("slots", number, "id")
            if slot.id in slots:
                yield Problem(at, f"項目「{slot.id}」は {slots[slot.id][1]} でも決められています。一つにしてください")
            slots.setdefault(slot.id, (slot, at))
            yield from _slot(file, number, slot, known)
    taken: dict[str, Position] = {}
    for file in files:
        for number, dialog in enumerate(file.content.dialogs):
            for name in (dialog.id, f"/{dialog.command}"):
                at = file.at("dialogs", number, "command" if name.startswith("/") else "id")
                if name in taken:
                    yield Problem(at, f"「{name}」は {taken[name]} でも使われています。別の名前にしてください")
                taken.setdefault(name, at)
            yield from _dialog(file, number, dialog, {one: slot for one, (slot, _) in slots.items()}, known)


def _slot(file: LoadedFile, number: int, slot: Slot, known: Collection[str]) -> Iterator[Problem]:
    ids = [option.id for option in slot.options]
    for place, one in enumerate(ids):
        if one in ids[:place]:
            yield Problem(file.at("slots", number, "options", place, "id"), f"選択肢「{one}」が二度あります。一つにしてください")
    for place, option in enumerate(slot.options):
        for other in slot.options[:place]:
            for word in sorted(set(option.words) & set(other.words)):
                yield Problem(
                    file.at("slots", number, "options", place, "words"),
                    f"言葉「{word}」は選択肢「{other.id}」にもあります。どちらか一方に書いてください",
                )
    for name in ("yes", "no", "unknown"):
        wanted = getattr(slot, name)
        if wanted and wanted not in ids:
            yield Problem(file.at("slots", number, name), f"「{wanted}」という選択肢はありません。options の id を書いてください")
    if slot.explained_by and slot.explained_by not in known:
        yield Problem(
            file.at("slots", number, "explained_by"),
            f"「{slot.explained_by}」という id の項目はありません。つづりを確かめてください",
        )


def _dialog(file: LoadedFile, number: int, dialog: Dialog, slots: dict[str, Slot], known: Collection[str]) -> Iterator[Problem]:
    used = {*dialog.asks, *dialog.hears}
    for key in ("asks", "hears"):
        for place, one in enumerate(getattr(dialog, key)):
            if one not in slots:
                yield Problem(
                    file.at("dialogs", number, key, place),
                    f"聞き取る項目「{one}」がありません。slots に書くか、つづりを直してください",
                )
    for place, skip in enumerate(dialog.skips):
        for one in (skip.slot, *([skip.told] if skip.told else []), *skip.untold):
            if one not in used:
                yield Problem(
                    file.at("dialogs", number, "skips", place),
                    f"「{one}」はこの聞き取りにありません。asks か hears に書いてください",
                )
    for place, said in enumerate(dialog.wording):
        if said.slot not in used:
            yield Problem(file.at("dialogs", number, "wording", place), f"「{said.slot}」はこの聞き取りにありません")
    for place, near in enumerate(dialog.near):
        if near not in known:
            yield Problem(
                file.at("dialogs", number, "near", place), f"「{near}」という id の項目はありません。つづりを確かめてください"
            )
    if dialog.calculator in ("texts", "sharing") and not dialog.concludes:
        yield Problem(
            file.at("dialogs", number, "calculator"), "結果の文がありません。concludes に、答えごとの文を書いてください"
        )
    for place, conclusion in enumerate(dialog.concludes):
        for slot_id, values in conclusion.when.items():
            options = {option.id for option in slots[slot_id].options} if slot_id in slots else set()
            for value in values:
                if slot_id not in used or (value != "*" and value not in options):
                    yield Problem(
                        file.at("dialogs", number, "concludes", place, "when"),
                        f"「{slot_id}: {value}」という答えはありません。asks の項目と、その選択肢を書いてください",
                    )
        for entry in conclusion.entries:
            if entry not in known:
                yield Problem(
                    file.at("dialogs", number, "concludes", place, "entries"),
                    f"「{entry}」という id の項目はありません。つづりを確かめてください",
                )
