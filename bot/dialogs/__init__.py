"""Slot-filling dialogs: declared in :mod:`bot.dialogs.catalog`, run by one engine.

A dialog is its answers, keyed by slot. The next question is worked out anew from the answers at every
turn, so that a correction is nothing but another answer. Policy lives in pure functions beside each
declaration, and in the rule tables under ``knowledge_base/rules/``.
"""
