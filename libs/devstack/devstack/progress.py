"""How far the start of a stack is, for whoever watches."""


class Progress:
    """Hears what happens while a stack starts; this one keeps it to itself."""

    def doing(self, sentence: str) -> None:
        """Something takes a while; the next sentence takes its place."""

    def watching(self, sentence: str) -> None:
        """What is being done gets on; of interest only to someone who looks right now."""

    def done(self, sentence: str) -> None:
        """Something is complete."""
