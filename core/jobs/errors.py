class JobError(Exception):
    """Work failed for a reason that can be told.

    `code` is stable, `message` is for the person waiting, `detail` for operators. A `permanent` failure is not tried
    again.
    """

    def __init__(self, code: str, message: str, *, detail: str = "", permanent: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.detail, self.permanent = code, message, detail, permanent


class LeaseLost(Exception):
    """Another worker may own the job by now: stop, touch nothing, report nothing."""
