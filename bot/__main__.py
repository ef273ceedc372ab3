"""``python -m bot``: run, ask, chat, check, schema."""

from bot.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
