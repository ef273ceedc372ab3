"""Bots as processes that are killed, on a server that counts what is lost."""
