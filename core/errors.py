class Refused(Exception):
    """A verb said no, in words for the person who asked.

    `code` is stable, `message` a sentence, `fields` names what to correct, `status` is what HTTP calls it.
    """

    def __init__(
        self, code: str, message: str, *, fields: dict[str, list[str]] | None = None, status: int = 400
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.fields, self.status = code, message, fields or {}, status
