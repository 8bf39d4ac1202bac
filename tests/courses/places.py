"""Every place where a course, its items or its media could show, and what somebody finds there."""

from collections.abc import Callable

from django.test import Client

from tests.courses.school import COURSES, FILMS, School, word_of
from tests.media_library.fetching import address

Look = Callable[[Client, School], list[str]]
API = "/api/v1/harbor"


def cards(client: Client, path: str) -> list[str]:
    answer = client.get(path)
    return sorted(word_of(card.title) for card in answer.context["cards"]) if answer.status_code == 200 else []


def opened(client: Client, address: Callable[[str], str], words: tuple[str, ...] = COURSES) -> list[str]:
    return sorted(word for word in words if _status(client, address(word)) == 200)


def _status(client: Client, path: str) -> int:
    """Read to the end, as a server does: files are then closed."""
    answer = client.get(path)
    _ = b"".join(answer)
    return answer.status_code


def results(client: Client, path: str) -> list[str]:
    answer = client.get(f"{API}/{path}")
    return sorted(word_of(row["title"]) for row in answer.json()["results"]) if answer.status_code == 200 else []


def counted(client: Client, path: str) -> int:
    answer = client.get(f"{API}/{path}")
    return int(answer.json()["count"]) if answer.status_code == 200 else 0


def moments(client: Client) -> list[str]:
    answer = client.get(f"{API}/search/?q=heron")
    found = answer.json()["moments"] if answer.status_code == 200 else []
    return sorted(word_of(moment["title"]) for moment in found)


def moments_of_the_page(client: Client) -> list[str]:
    answer = client.get("/harbor/search/?q=heron")
    shelves = answer.context["shelves"] if answer.status_code == 200 else []
    return sorted(word_of(card.found.media.title) for shelf in shelves for card in shelf.cards)


def watched(client: Client, school: School) -> list[str]:
    def start(word: str) -> int:
        body = {"media": str(school.films[word].pk)}
        return client.post(f"{API}/watch/sessions/", body, content_type="application/json").status_code

    return sorted(word for word in FILMS if start(word) == 201)


def course(client: Client, school: School, page: str) -> list[str]:
    return opened(client, lambda word: f"{API}/courses/{school.courses[word].pk}/{page}")


def film(client: Client, school: School, page: str) -> list[str]:
    return opened(client, lambda word: f"/harbor/media/{school.films[word].pk}/{page}", FILMS)


COURSE_PAGES: dict[str, Look] = {
    "catalog": lambda client, school: cards(client, "/harbor/"),
    "catalog by words": lambda client, school: [
        word for word in sorted(COURSES) if cards(client, f"/harbor/?q=course+{word}&level=beginner") == [word]
    ],
    "course page": lambda client, school: opened(client, lambda word: f"/harbor/courses/{word}/"),
    "cover": lambda client, school: opened(client, lambda word: f"/harbor/courses/{word}/cover.jpg"),
}
COURSE_DOORS: dict[str, Look] = {
    "list": lambda client, school: results(client, "courses/"),
    "course": lambda client, school: course(client, school, ""),
    "structure": lambda client, school: course(client, school, "structure/"),
    "chapters": lambda client, school: course(client, school, "chapters/"),
}
OWN: dict[str, Look] = {
    "my courses": lambda client, school: cards(client, "/harbor/my/"),
    "progress": lambda client, school: course(client, school, "progress/"),
}
ITEMS: dict[str, Look] = {
    "lesson": lambda client, school: opened(
        client, lambda word: f"/harbor/courses/{word}/learn/{school.items[word].pk}/"
    ),
    "text": lambda client, school: opened(
        client, lambda word: f"/harbor/courses/{word}/learn/{school.texts[word].pk}/"
    ),
    "API item": lambda client, school: opened(client, lambda word: f"{API}/items/{school.items[word].pk}/"),
    "API items": lambda client, school: sorted(
        word for word in COURSES if counted(client, f"chapters/{school.items[word].chapter_id}/items/")
    ),
}
MEDIA: dict[str, Look] = {
    "watch page": lambda client, school: film(client, school, ""),
    "thumbnail": lambda client, school: film(client, school, "thumbnail.jpg"),
    "captions": lambda client, school: film(client, school, "captions.vtt"),
    "cues": lambda client, school: film(client, school, "cues.json"),
    "stream": lambda client, school: opened(
        client, lambda word: address(school.films[word], client, "master.m3u8"), FILMS
    ),
    "watching": watched,
    "API list": lambda client, school: results(client, "media/"),
    "API film": lambda client, school: opened(client, lambda word: f"{API}/media/{school.films[word].pk}/", FILMS),
    "search": lambda client, school: moments(client),
    "search page": lambda client, school: moments_of_the_page(client),
}


def seen(places: dict[str, Look], client: Client, school: School) -> dict[str, list[str]]:
    """What is found at each of these places."""
    return {name: look(client, school) for name, look in places.items()}
