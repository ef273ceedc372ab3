"""The vocabulary that channels, core and store share: turns, replies, what is remembered, what an utterance means. No logic."""
