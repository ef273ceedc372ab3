"""Telegram: updates become turns, replies become messages.

python-telegram-bot does the calls; the loop is our own, because the stock one tells Telegram that an
update is done before it is handled, so that a crash in between loses it.
"""
