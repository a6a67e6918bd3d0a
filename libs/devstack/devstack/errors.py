"""What can go wrong, said to the person at the keyboard."""


class StackError(Exception):
    """Something keeps the stack from running; the message says what, and what to do about it."""


class GivenUpError(StackError):
    """This step was stopped because another one failed, or the user asked for it."""
