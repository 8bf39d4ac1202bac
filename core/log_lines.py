"""What a line of the log never says: tokens that stand in addresses."""

import logging
import re

#: `/<organization>/feeds/<token>/…`
TOKEN = re.compile(r"(/feeds/)[\w-]{20,}")


class WithoutTokens(logging.Filter):
    """An error names the address it happened at, and the address of a private feed opens it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = TOKEN.sub(r"\1…", record.getMessage()), ()
        return True
