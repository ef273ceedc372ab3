"""Lines about entries as people read them: whom to call, and where a fact comes from and how old it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.build import as_of_label
from bot.knowledge.entries import Entry, Municipality, Source
from bot.knowledge.freshness import CLOSED, past_review

BRANCH_BY_WARD = "信用保証協会の担当支店（区市町村名を送ると、番号をご案内します）"


def branch_lines(kb: KnowledgeBase, municipality: Municipality | None) -> list[str]:
    """The guarantee corporation's branch for the user, or how to learn it."""
    branch = kb.branch(municipality) if municipality else None
    if municipality is None or branch is None or branch.desk is None:
        return [BRANCH_BY_WARD]
    return [f"{branch.name}（{municipality.name}の担当）", *_phones(branch)]


def desk_lines(desk: Entry) -> list[str]:
    """One contact in at most two lines."""
    phones = _phones(desk)
    if not phones:
        return [desk.name] if desk.desk and (desk.desk.address or desk.desk.serves) else [f"{desk.name}（{desk.summary}）"]
    return [desk.name, *phones]


def _phones(desk: Entry) -> list[str]:
    details = desk.desk
    if details is None or not details.phones:
        return []
    hours = f"（{details.hours}）" if any(sign.isdigit() for sign in details.hours) else ""
    return ["TEL " + "、".join(f"{line.text}（{line.label}）" if line.label else line.text for line in details.phones) + hours]


def cited(source: Source) -> str:
    """A source with its age; of a public page the publisher too, and that it is one."""
    if source.is_page:
        return f"出典：{_page_name(source)}（{age((source,))}）"
    return f"出典：{source.title}（{source.as_of_label}）"


def age(pages: Sequence[Source]) -> str:
    """How old what stands on public pages is; every answer that rests on them says it.

    Of several dated ones it is the time from the oldest to the newest.
    """
    dated = sorted((one for one in pages if one.as_of), key=lambda one: one.as_of)
    if not dated:
        return "日付のない公式ページによります"
    span = dict.fromkeys((dated[0].as_of_label, dated[-1].as_of_label))
    mixed = "" if len(dated) == len(pages) else "（一部は日付なし）"
    return f"公式ページの{'～'.join(span)}時点の内容です{mixed}"


def summary_line(entry: Entry) -> str:
    """An entry's summary where it stands without its source: what rests on public pages still says how old it is."""
    return f"{entry.summary}（{age(entry.pages)}）" if entry.pages else entry.summary


def source_lines(entry: Entry, kb: KnowledgeBase, today: date) -> list[str]:
    """Source with its date, and a word about age where the review period is over."""
    lines = []
    for citation in entry.sources[:3]:
        source = citation.source
        if source.is_page:
            continue
        date = source.as_of_label if entry.as_of == source.as_of or citation is not entry.sources[0] else as_of_label(entry.as_of)
        note = "" if source.official else "。民間の解説記事"
        lines.append(f"出典：{source.title}（{date}{note}）" if source.title.find(date) < 0 else f"出典：{source.title}{note}")
    if entry.pages:
        lines.append(_page_line(entry, _where_to_check(entry, kb)))
    elif entry.sources and past_review(entry, today) and entry.status != CLOSED:
        lines.append(f"※{_when(entry)}の情報です。最新の内容は{_where_to_check(entry, kb)}へお確かめください。")
    elif entry.status == "要確認":
        lines.append(f"※要確認：今も使えるかは{_where_to_check(entry, kb)}へお確かめください。")
    return lines


def _page_line(entry: Entry, desk: str) -> str:
    """The public pages in one line: the first by name, how old they are, and the desk that confirms."""
    others = "ほか" if len(entry.pages) > 1 else ""
    return f"出典：{_page_name(entry.pages[0])}{others}。{age(entry.pages)}。確認は{desk}へ"


def _page_name(page: Source) -> str:
    return f"{page.publisher}「{page.title}」"


def _when(entry: Entry) -> str:
    source = entry.sources[0].source
    if entry.as_of == source.as_of:
        return source.as_of_label if "ごろ" in source.as_of_label else f"{source.as_of_label}時点"
    return f"{as_of_label(entry.as_of)}時点"


def _where_to_check(entry: Entry, kb: KnowledgeBase) -> str:
    desks = [desk for contact in entry.contacts if (desk := kb.entry(contact)) is not None]
    if desks:
        return desks[0].name
    return kb.content.organisations.get(entry.organisation) or (
        entry.sources[0].source.publisher if entry.sources[0].source.official else "窓口"
    )


def source_line(entry: Entry, kb: KnowledgeBase, today: date) -> str:
    """The source, its date and its age in one line, to stand below the desk; what is past review says where to check it."""
    source = entry.sources[0].source if entry.sources else None
    if source is None:
        return ""
    if source.is_page:
        return _page_line(entry, "窓口")
    said = source.as_of_label if entry.as_of == source.as_of else as_of_label(entry.as_of)
    old = past_review(entry, today) and entry.status != CLOSED
    kind = "" if source.official else "民間の解説。"
    where = "窓口" if kb.entries(entry.contacts) else _where_to_check(entry, kb)
    check = f"時点。{kind}最新は{where}へ" if old else f"。{kind}要確認" if entry.status == "要確認" else ""
    dated = "" if said in source.title and not check else f"（{said}{check}）"
    others = "ほか" if any(one.source.title != source.title for one in entry.sources) else ""
    of_pages = f"。{age(entry.pages)}" if entry.pages else ""
    return f"出典：{source.title}{others}{dated}{of_pages}"
