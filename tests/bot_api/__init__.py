"""A Bot API server on loopback, for tests and benchmarks: it keeps to what is known of the real one."""
