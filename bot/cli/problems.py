"""What a command says when the operator has to mend something."""

from __future__ import annotations


class OperatorError(Exception):
    """Something the operator can mend; the message says what to do."""
