class JobError(Exception):
    """Work failed for a reason that can be told.

    `code` is stable, `message` is for the person waiting, `detail` for operators. A `permanent` failure is not tried
    again.
    """

    def __init__(self, code: str, message: str, *, detail: str = "", permanent: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.detail, self.permanent = code, message, detail, permanent


class JobPostponed(Exception):
    """Work cannot be done now and is not to blame: it waits for `delay` seconds, and no attempt is charged.

    `code` is stable, `message` says what it waits for, `detail` is for operators. However often that happens, it goes
    on waiting; people see the words meanwhile, and may cancel it.
    """

    def __init__(self, code: str, message: str, *, delay: float, detail: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.delay, self.detail = code, message, delay, detail


class LeaseLost(Exception):
    """Another worker may own the job by now: stop, touch nothing, report nothing."""
