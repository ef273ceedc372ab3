"""The core's one pure step: ``(knowledge base, conversation, turn, now) -> (conversation, replies, events)``."""

from bot.step.step import step

__all__ = ["step"]
