"""Reads values out of what people write: yen, people, periods, dates. Everything works on folded text."""
