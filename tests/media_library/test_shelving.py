"""Categories inside categories, tags, credits."""

import pytest

from accounts.models import Membership
from core.errors import Refused
from core.tenancy import organization_scope
from media_library.models import Category, Credit, Media, Source, Tag
from media_library.services.crediting import CreditLine, credit_people
from media_library.services.editing import edit_media
from media_library.services.shelving import (
    delete_category,
    put_in_categories,
    save_category,
    save_tag,
    split_names,
    tag_media,
)
from media_library.tree import branches, with_all_inside

pytestmark = pytest.mark.usefixtures("scope")


def category(name, parent=None):
    return save_category(Category(name=name, parent=parent), by=None)


def talk(title="Tides"):
    return Media.objects.create(source=Source.UPLOAD, source_path=f"{title}.mp4", title=title)


def paths():
    return [branch.words for branch in branches()]


def refusal(verb, *arguments):
    with pytest.raises(Refused) as refused:
        verb(*arguments, by=None)
    return refused.value.code, sorted(refused.value.fields)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Sea & Sky", "sea-sky"), ("Океан", "океан"), ("🌊", "category"), (" Two\u2028words ", "two-words")],
)
def test_slug_is_made_of_the_name(name, slug):
    assert category(name).slug == slug


def test_slugs_of_one_name_are_told_apart():
    ocean, coast = category("Ocean"), category("Coast")

    assert [category("Basics", ocean).slug, category("Basics", coast).slug] == ["basics", "basics-2"]


def test_renamed_category_keeps_its_address():
    sea = category("Sea")
    sea.name = "Ocean"

    assert (save_category(sea, by=None).slug, Category.objects.get().name) == ("sea", "Ocean")


def test_two_of_one_name_cannot_stand_side_by_side():
    category("Sea")

    assert refusal(save_category, Category(name=" SEA ")) == ("name_taken", ["name"])


def test_category_needs_a_name():
    assert refusal(save_category, Category(name=" \u200b ")) == ("name_missing", ["name"])


def test_category_cannot_stand_inside_itself():
    sea = category("Sea")
    tides = category("Tides", sea)
    sea.parent = category("Spring", tides)

    assert refusal(save_category, sea) == ("inside_itself", ["parent"])
    assert paths() == ["Sea", "Sea › Tides", "Sea › Tides › Spring"]


def test_category_of_another_organization_is_no_parent(other_organization):
    with organization_scope(other_organization):
        foreign = category("Summits")

    assert refusal(save_category, Category(name="Sea", parent_id=foreign.pk)) == ("unknown_category", ["parent"])


def test_deleted_category_keeps_its_media_and_what_stood_inside():
    sea = category("Sea")
    tides = category("Tides", sea)
    category("Spring tides", tides)
    film = talk()
    put_in_categories(film, [tides.pk, sea.pk], by=None)

    delete_category(tides, by=None)

    assert paths() == ["Sea", "Sea › Spring tides"]
    assert list(Media.objects.get().categories.values_list("name", flat=True)) == ["Sea"]


def test_branches_come_in_the_order_of_the_tree_in_one_statement(django_assert_num_queries):
    sea, coast = category("Sea"), category("Coast")
    for name, parent in (("Waves", sea), ("Tides", sea), ("Dunes", coast)):
        category(name, parent)

    with django_assert_num_queries(1):
        found = [(branch.depth, branch.row.name) for branch in branches()]

    assert found == [(0, "Coast"), (1, "Dunes"), (0, "Sea"), (1, "Tides"), (1, "Waves")]


def test_media_of_a_category_are_those_of_all_inside():
    sea, coast = category("Sea"), category("Coast")
    spring = category("Spring", category("Tides", sea))
    films = {name: talk(name) for name in ("Tides", "Dunes")}
    put_in_categories(films["Tides"], [spring.pk], by=None)
    put_in_categories(films["Dunes"], [coast.pk], by=None)

    found = [[media.title for media in Media.objects.in_categories(with_all_inside(one.pk))] for one in (sea, coast)]

    assert found == [["Tides"], ["Dunes"]]


def test_foreign_categories_are_refused_and_nothing_changes(other_organization):
    film, sea = talk(), category("Sea")
    put_in_categories(film, [sea.pk], by=None)
    with organization_scope(other_organization):
        foreign = category("Summits")

    assert refusal(put_in_categories, film, [foreign.pk]) == ("unknown_category", ["categories"])
    assert list(film.categories.values_list("name", flat=True)) == ["Sea"]


# Tags


def test_tags_are_made_as_they_are_needed():
    film, other = talk(), talk("Waves")
    tag_media(other, ["Sea"], by=None)

    tag_media(film, ["sea", "Moon ", "moon", "", "C++", "C#"], by=None)

    assert sorted(film.tags.values_list("name", "slug")) == [
        ("C#", "c-2"),
        ("C++", "c"),
        ("Moon", "moon"),
        ("Sea", "sea"),
    ]
    assert Tag.objects.count() == 4


def test_tagging_replaces_what_was_there():
    film = talk()
    tag_media(film, ["sea", "moon"], by=None)

    tag_media(film, ["moon", "sun"], by=None)

    assert sorted(film.tags.values_list("name", flat=True)) == ["moon", "sun"]


@pytest.mark.parametrize(
    ("names", "code"), [(["x" * 61], "name_too_long"), ([f"tag {n}" for n in range(51)], "too_many_tags")]
)
def test_too_much_is_refused(names, code):
    assert refusal(tag_media, talk(), names) == (code, ["tags"])
    assert Tag.objects.count() == 0


def test_tags_between_commas():
    assert split_names(" sea,, two  words ,\n") == ["sea", "two words"]


def test_tag_takes_no_name_of_another_one():
    save_tag(Tag(name="Sea"), by=None)

    assert refusal(save_tag, Tag(name="sea")) == ("name_taken", ["name"])


def test_tag_is_found_by_its_slug_and_by_its_name():
    film = talk()
    tag_media(film, ["Deep sea", "deep"], by=None)

    assert [list(Media.objects.tagged(name)) for name in ("deep-sea", "DEEP SEA", "sea")] == [[film], [film], []]


def test_search_finds_every_word_somewhere():
    film = talk()
    tag_media(film, ["Moon", "Sea"], by=None)
    talk("Tides again")

    assert list(Media.objects.search("moon tides")) == [film]


# Credits


def credits_of(media):
    return [(one.contribution, one.name, one.user_id) for one in Credit.objects.filter(media=media)]


def test_people_are_credited_in_order(alice):
    film = talk()

    credit_people(
        film,
        [
            CreditLine("producer", name="Ada  Lovelace"),
            CreditLine("creator", user_id=alice.pk),
            CreditLine("editor", alice.pk, "A."),
        ],
        by=alice,
    )

    assert credits_of(film) == [
        ("producer", "Ada Lovelace", None), ("creator", "Alice", alice.pk), ("editor", "A.", alice.pk),
    ]  # fmt: skip


def test_name_in_a_credit_stays_as_it_was_given(alice):
    film = talk()
    credit_people(film, [CreditLine("creator", user_id=alice.pk)], by=alice)
    alice.name = "Alice Married"
    alice.save()

    assert credits_of(film) == [("creator", "Alice", alice.pk)]


def test_whoever_left_stays_credited_and_nobody_else_is_taken(alice, bob):
    film = talk()
    credit_people(film, [CreditLine("editor", user_id=bob.pk)], by=alice)
    Membership.objects.filter(user=bob).update(is_active=False)

    credit_people(film, [CreditLine("editor", user_id=bob.pk, name="Bob"), CreditLine("creator", alice.pk)], by=alice)

    assert [name for _, name, _ in credits_of(film)] == ["Bob", "Alice"]
    assert refusal(credit_people, talk("Waves"), [CreditLine("editor", user_id=bob.pk)]) == ("no_member", ["credits"])


def test_people_of_another_organization_are_no_members(charlie):
    assert refusal(credit_people, talk(), [CreditLine("editor", user_id=charlie.pk)]) == ("no_member", ["credits"])


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([CreditLine("editor", name=" ")], "name_missing"),
        ([CreditLine("editor", name="Ada"), CreditLine("editor", name="Ada ")], "credited_twice"),
        ([CreditLine("editor", name=f"N{n}") for n in range(101)], "too_many_credits"),
    ],
)
def test_credits_that_cannot_be_are_refused(lines, code):
    assert refusal(credit_people, talk(), lines) == (code, ["credits"])


def test_address_of_a_member_without_a_name_is_not_told(organization, alice):
    alice.name = ""
    alice.save()

    assert refusal(credit_people, talk(), [CreditLine("editor", user_id=alice.pk)]) == ("name_missing", ["credits"])


def test_edit_is_all_or_nothing(alice, other_organization):
    film, sea = talk(), category("Sea")

    with pytest.raises(Refused):
        edit_media(
            film, title="New", tags=["sea"], categories=[sea.pk], credits=[CreditLine("editor", name="")], by=alice
        )

    assert (Tag.objects.count(), film.categories.count(), Media.objects.get().title) == (0, 0, "Tides")


def test_edit_leaves_what_is_not_given(alice):
    film = talk()
    edit_media(film, tags=["sea"], credits=[CreditLine("editor", name="Ada")], by=alice)
    Media.objects.update(description="Written meanwhile")

    edit_media(film, title="High tide", by=alice)

    written = Media.objects.get()
    assert (written.title, written.description) == ("High tide", "Written meanwhile")
    assert (list(film.tags.values_list("name", flat=True)), Credit.objects.get().name) == (["sea"], "Ada")
