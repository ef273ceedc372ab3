"""What an utterance means: read once, into acts, values and the slots that they belong to. Learned from labelled examples."""
