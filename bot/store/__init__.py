"""Keeps conversations and unanswered questions. SQLAlchemy core over aiosqlite."""
