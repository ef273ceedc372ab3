"""The terminal as a channel, for people and for scripts."""
