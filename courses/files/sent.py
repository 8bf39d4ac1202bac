"""Files that are made for one answer."""

import tempfile
from collections.abc import Callable
from typing import BinaryIO, cast

from django.http import FileResponse


def sent_file(write: Callable[[BinaryIO], None], *, name: str) -> FileResponse:
    """A zip that `write` fills, to be saved as `name`. It lies in a file without a name, which goes when it was sent.

    Raises what `write` raises.
    """
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115
    write(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
