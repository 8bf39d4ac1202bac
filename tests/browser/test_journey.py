"""From a file on a creator's disk to the second in which something was said, in a real browser."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.tenancy import organization_scope
from media_library.models import Media, WatchSession
from tests.browser.conftest import serious_faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

SECONDS = 24
SAID = (
    "The harbor wakes before sunrise",
    "Lanterns swing on every mast",
    "A heron waits for silver fish",
    "Then the whistle calls us home",
)
PREPARING = re.compile(r"Waiting|Processing|Transcribing|Indexing")
QUESTIONS = (
    ("When does the harbor wake?", "before sunrise", "at noon"),
    ("What swings on the masts?", "lanterns", "bells"),
    ("Who waits for fish?", "a heron", "a cat"),
)


@pytest.fixture
def film(tmp_path: Path, ffmpeg_binary: str) -> Path:
    """A short film with a subtitle track of four sentences, six seconds each."""
    subtitles = tmp_path / "said.srt"
    step = SECONDS // len(SAID)
    subtitles.write_text(
        "\n".join(
            f"{n + 1}\n00:00:{n * step:02d},000 --> 00:00:{(n + 1) * step - 1:02d},000\n{said}\n"
            for n, said in enumerate(SAID)
        )
    )
    path = tmp_path / "harbor.mp4"
    picture, sound = "testsrc2=s=1280x720:r=25", "sine=frequency=330"
    command = [
        ffmpeg_binary,
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        picture,
        "-f",
        "lavfi",
        "-i",
        sound,
        "-i",
        str(subtitles),
    ]
    encode = ["-t", str(SECONDS), "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-c:s", "mov_text"]
    subprocess.run([*command, *encode, "-metadata:s:s:0", "language=eng", str(path)], check=True)
    return path


def upload(page: Page, film: Path) -> None:
    """See it go from waiting over a true percentage to ready, without reloading."""
    page.goto("/admin/media_library/media/add/")
    assert serious_faults(page) == []
    page.set_input_files("[data-upload-files]", film)
    page.get_by_label("Title of harbor.mp4").fill("A day at the harbor")
    page.get_by_role("button", name="Start uploading").click()
    page.get_by_role("link", name="Open", exact=True).click(timeout=60_000)
    page.wait_for_url(re.compile("/change/"))
    expect(page.locator("[data-status]")).to_contain_text(PREPARING)
    expect(page.locator("[data-status=completed]")).to_be_visible(timeout=90_000)
    expect(page.locator("main, #content")).to_contain_text("0:24")
    expect(page.locator("[data-transcript]")).to_contain_text(SAID[2])


def build_course(page: Page) -> None:
    """A chapter with the film, a text and a quiz, published when nothing is missing."""
    page.goto("/admin/courses/course/add/")
    page.fill("input[name=title]", "Harbor days")
    page.locator("[name=_save]").click()
    page.get_by_label("New chapter").fill("From night to noon")
    page.get_by_role("button", name="Add chapter").click()
    pick_film(page)
    add_item(page, "Text", "Before you watch again")
    page.fill("[name=text]", "Look at the **lanterns** first.")
    page.select_option("[name=state]", "published")
    page.locator("[name=_save]").click()
    page.wait_for_url(re.compile("/course/.*/change/"))
    outline = page.url
    add_item(page, "Quiz", "Three questions")
    write_questions(page)
    page.goto(outline)
    show(page, "Three questions")
    assert serious_faults(page) == []
    page.get_by_role("link", name="Check and publish").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator("body")).to_contain_text(re.compile("is published", re.IGNORECASE))


def pick_film(page: Page) -> None:
    page.get_by_role("button", name="Add an item").click()
    page.get_by_role("button", name="Videos from the library").click()
    page.get_by_role("checkbox", name="A day at the harbor").check()
    page.get_by_role("button", name="Add to the chapter").click()
    expect(page.locator("[data-said]")).to_have_text("Added 1 item.")


def add_item(page: Page, kind: str, title: str) -> None:
    """Its own form opens then."""
    page.get_by_role("button", name="Add an item").click()
    page.get_by_role("radio", name=kind).check()
    page.get_by_role("dialog", name="Add an item").get_by_label("Title").fill(title)
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(re.compile("/(contentitem|quiz)/"))


def write_questions(page: Page) -> None:
    for number, (prompt, right, wrong) in enumerate(QUESTIONS):
        if page.locator(f"[name=questions-{number}-prompt]").count() == 0:
            page.get_by_role("link", name=re.compile("Add another Question", re.IGNORECASE)).click()
        page.fill(f"[name=questions-{number}-prompt]", prompt)
        page.fill(f"[name=questions-{number}-choices]", f"{wrong}\n*{right}")
    page.locator("[name=_save]").click()
    expect(page.locator("body")).to_contain_text("changed successfully")


def show(page: Page, title: str) -> None:
    """What was a draft while it was made is for learners now."""
    page.locator("[data-outline] li", has_text=title).get_by_role("button", name="More").click()
    page.get_by_label("Shown to learners").check()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.locator("[data-said]")).to_have_text(f"Saved “{title}”.")


def find_and_enroll(page: Page) -> None:
    page.goto("/harbor/")
    assert serious_faults(page) == []
    page.get_by_role("link", name="Harbor days").first.click()
    page.get_by_role("button", name="Enroll and start").wait_for()
    assert serious_faults(page) == []
    page.get_by_role("button", name="Enroll and start").click()
    page.wait_for_url(re.compile("/learn/"))


def playhead(page: Page) -> float:
    return float(page.evaluate("document.querySelector('video').currentTime"))


def play(page: Page, *, speed: float = 1) -> None:
    page.evaluate(f"() => {{ const v = document.querySelector('video'); v.playbackRate = {speed}; return v.play(); }}")


def wait_for_playhead(page: Page, second: float) -> None:
    for _ in range(400):
        if playhead(page) >= second:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never at {second} s, but at {playhead(page)}")


def watch_some_and_leave(page: Page) -> None:
    """Seeking counts for nothing; what was played counts; coming back resumes at the second."""
    lesson = page.url
    expect(page.locator("video")).to_be_visible()
    assert serious_faults(page) == []
    play(page)
    wait_for_playhead(page, 6.5)
    expect(page.locator("[data-transcript] [aria-current]")).to_contain_text(SAID[1])
    page.evaluate("document.querySelector('video').pause()")
    expect(page.locator("[data-media-percent]")).not_to_have_text("0")
    page.goto("/harbor/")
    page.goto(lesson)
    expect(page.locator("video")).to_be_visible()
    wait_for_playhead(page, 6)
    assert playhead(page) < 9


def jump_to_the_end(page: Page) -> None:
    page.locator("[data-transcript] li", has_text=SAID[3]).get_by_role("button").click()
    wait_for_playhead(page, 18)
    page.evaluate("() => { const v = document.querySelector('video'); v.currentTime = v.duration - 0.5; }")
    page.wait_for_timeout(2500)
    assert int(page.locator("[data-media-percent]").first.inner_text()) < 70


def watch_to_the_end(page: Page) -> None:
    page.evaluate("() => { document.querySelector('video').currentTime = 0; }")
    play(page, speed=1.5)
    expect(page.locator("[data-course-completed]")).to_have_text("1", timeout=60_000)


def read_and_answer(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Next")).click()
    expect(page.locator(".prose strong")).to_have_text("lanterns")
    assert serious_faults(page) == []
    page.get_by_role("button", name=re.compile("done", re.IGNORECASE)).click()
    page.get_by_role("link", name=re.compile("Next")).click()
    assert serious_faults(page) == []
    page.get_by_role("button", name="Start").click()
    assert serious_faults(page) == []
    assert "correct" not in page.content().lower()
    for _, right, _wrong in QUESTIONS:
        page.get_by_label(right, exact=True).check()
    page.get_by_role("button", name="Submit answers").click()
    expect(page.locator(".score__value")).to_have_text("100 %")


def search_and_open(page: Page) -> None:
    page.locator("input[type=search][name=q]").first.fill("silver fish")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search/"))
    expect(page.locator(".moment__time").first).to_have_text("0:12")
    assert serious_faults(page) == []
    page.locator(".moment__quote a").first.click()
    expect(page.locator("video")).to_be_visible()
    wait_for_playhead(page, 12)
    assert playhead(page) < 20


def read_figures(page: Page, media: Media) -> None:
    page.goto(f"/admin/media_library/media/{media.pk}/change/")
    figures = page.get_by_label("How it is watched")
    with organization_scope(media.organization_id):
        visits = list(WatchSession.objects.values_list("watched_seconds", flat=True))
    assert SECONDS * 0.9 < sum(visits) < SECONDS * 2.5
    expect(figures).to_contain_text(re.compile(rf"Views\s*{len(visits)}\s*1 learner"))
    expect(figures).to_contain_text(f"{sum(visits)} seconds really played")
    expect(figures).to_contain_text(re.compile(r"Completion rate\s*100 %"))


def test_file_becomes_a_course_that_is_finished_and_asked(
    alice, bob, organization, film, working, new_person, complaints, roll_up_now
):
    creator = new_person(alice.email)
    upload(creator, film)
    build_course(creator)

    learner = new_person(bob.email)
    find_and_enroll(learner)
    watch_some_and_leave(learner)
    jump_to_the_end(learner)
    watch_to_the_end(learner)
    read_and_answer(learner)
    learner.goto("/harbor/my/")
    expect(learner.locator("main")).to_contain_text("Completed on")
    search_and_open(learner)
    learner.goto("/harbor/")

    roll_up_now()
    with organization_scope(organization):
        media = Media.objects.get()
    read_figures(creator, media)
    assert complaints == []
