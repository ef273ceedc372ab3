"""Channels translate between the outside and the core's turns and replies."""
