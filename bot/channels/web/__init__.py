"""The web chat, and the addresses that tell how the process is."""
