"""Makes the weights that utterances are understood with out of the labelled examples. Needs the libraries of the group ``train``."""
