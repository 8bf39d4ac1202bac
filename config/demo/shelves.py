"""How the demo's library is put in order."""

from accounts.models import User
from config.demo.people import OWNER
from media_library.models import Category, Contribution, Media
from media_library.services.crediting import CreditLine
from media_library.services.editing import edit_media
from media_library.services.shelving import save_category

OUTER, INNER = "Earth science", "Oceans"
#: By the order of the talks.
TAGS = (["tides", "moon"], ["waves", "wind"], ["currents", "climate"])


def shelve(films: list[Media], *, by: User) -> None:
    """Two categories, one inside the other, tags and credits for each talk; made once."""
    if Category.objects.exists():
        return
    outer = save_category(Category(name=OUTER), by=by)
    inner = save_category(Category(name=INNER, parent=outer), by=by)
    for film, tags in zip(films, TAGS, strict=True):
        edit_media(film, categories=[inner.pk], tags=["sea", *tags], credits=_credits(by), by=by)


def _credits(creator: User) -> list[CreditLine]:
    owner = User.objects.get(email=OWNER.email)
    return [
        CreditLine(Contribution.CREATOR, user_id=creator.pk),
        CreditLine(Contribution.PRODUCER, user_id=owner.pk),
        CreditLine(Contribution.EDITOR, name="Ines Duarte"),
    ]
