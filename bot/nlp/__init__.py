"""Japanese text: normal forms, tokens, rankings, sentence vectors, names."""
