"""The core: one pure step from a turn to replies. Knows nothing of Telegram, SQL or HTTP."""
