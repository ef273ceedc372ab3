"""みちしるべ: an advisor bot for small businesses in Tokyo."""
