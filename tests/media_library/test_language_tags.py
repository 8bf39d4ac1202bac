"""Tags of languages as people write them."""

import pytest

from core.errors import Refused
from media_library.services.caption_language import checked_language


@pytest.mark.parametrize("tag", ["de", "pt-BR", "zh-Hans-CN", "es-419", "zh-yue", "sl-rozaj", "de-1996"])
def test_tag_of_a_language_stays(tag):
    assert checked_language(tag) == tag


@pytest.mark.parametrize("tag", ["xx-yy-zz-nonsense", "english", "de-", "de-DE-AT"])
def test_what_has_no_shape_of_a_tag_is_refused(tag):
    with pytest.raises(Refused, match="no language tag"):
        checked_language(tag)
