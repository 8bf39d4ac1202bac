"""The script of the demo course: what each talk shows and says, slide by slide.

Plain data. `make_talks.py` draws and speaks it, the demo command and the tests read it, so that everyone knows
which sentence belongs to which slide. The times are not here: they stand in the subtitle track of each film,
one cue per sentence, in this order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MEDIA_FOLDER = Path(__file__).parent
COURSE_TITLE = "How the Sea Moves"
COURSE_DESCRIPTION = "Three short talks about the tides, the waves and the hidden currents that keep the ocean moving."
COVER_PATH = MEDIA_FOLDER / "cover.jpg"


@dataclass(frozen=True, kw_only=True)
class Slide:
    """One picture and the sentences spoken while it is shown; `picture` names a drawing in `pictures`."""

    headline: str
    picture: str
    sentences: tuple[str, ...]
    points: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Talk:
    """One film of the course. The first slide is its title slide; `height` is that of the film in pixels."""

    slug: str
    title: str
    description: str
    slides: tuple[Slide, ...]
    height: int = 720

    @property
    def path(self) -> Path:
        """The finished film, beside this file."""
        return MEDIA_FOLDER / f"{self.slug}.mp4"

    @property
    def width(self) -> int:
        """Pixels, for a picture of 16:9."""
        return self.height * 16 // 9

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Every sentence in spoken order, with the index of the slide that it is said at."""
        for index, slide in enumerate(self.slides):
            for sentence in slide.sentences:
                yield index, sentence


TIDES = Talk(
    slug="why-the-tide-comes-in-twice",
    title="Why the Tide Comes In Twice",
    description="The Moon stretches the ocean, the Sun helps or hinders, and the coast has the last word.",
    slides=(
        Slide(
            headline="Why the Tide Comes In Twice",
            picture="moonlit_sea",
            sentences=(
                "Twice a day, on most shores, the sea climbs the beach and slips away again.",
                "What is pulling it?",
            ),
        ),
        Slide(
            headline="The Moon pulls unevenly",
            picture="uneven_pull",
            sentences=(
                "The Moon's gravity reaches the whole Earth, but it weakens with distance.",
                "Water on the near side feels a stronger pull than water on the far side.",
            ),
        ),
        Slide(
            headline="The ocean stretches",
            picture="two_bulges",
            sentences=(
                "That small difference stretches the ocean into two bulges.",
                "One faces the Moon, and the other points away from it.",
            ),
        ),
        Slide(
            headline="The Earth turns beneath",
            picture="turning_earth",
            sentences=(
                "Our planet spins beneath both bulges, so a harbor meets each of them in turn.",
                "As the Moon moves on, tides peak every twelve hours and twenty-five minutes.",
            ),
        ),
        Slide(
            headline="The Sun helps, or hinders",
            picture="spring_and_neap",
            sentences=(
                "The Sun pulls too, with a little less than half of the Moon's effect.",
                "In line, at new and full Moon, the two make strong spring tides.",
                "At right angles, they partly cancel, and bring gentle neap tides.",
            ),
        ),
        Slide(
            headline="The coast has the last word",
            picture="tidal_ranges",
            sentences=(
                "Coastlines reshape all of this.",
                "In Canada, the funnel of the Bay of Fundy can lift the sea sixteen meters.",
                "That is as tall as a five-story building.",
                "Next, we meet the waves that ride on top of the tide.",
            ),
        ),
    ),
)

WAVES = Talk(
    slug="how-the-wind-makes-waves",
    title="How the Wind Makes Waves",
    description="From the first ripple to the breaker on the beach: energy travels, the water stays.",
    slides=(
        Slide(
            headline="How the Wind Makes Waves",
            picture="windy_sea",
            sentences=(
                "Watch a wave roll in, and the whole sea seems to be coming toward you.",
                "In truth, hardly any of the water is.",
            ),
        ),
        Slide(
            headline="It starts with a ripple",
            picture="ripples",
            sentences=(
                "It starts with ripples, where wind rubs against a smooth surface.",
                "Each ripple gives the wind more to push against, so it grows.",
            ),
        ),
        Slide(
            headline="What makes a wave big",
            picture="three_causes",
            sentences=(
                "Three things set the final size: wind speed, time, and open distance.",
                "Sailors call that distance the fetch.",
            ),
        ),
        Slide(
            headline="Water goes in circles",
            picture="orbits",
            points=("Energy moves on", "Water returns", "Calm below half a wavelength"),
            sentences=(
                "Below the crest, every drop travels in a circle, almost back to its start.",
                "A gull on the surface bobs, while the energy rolls on beneath it.",
                "The circles shrink with depth, and half a wavelength down the sea is nearly calm.",
            ),
        ),
        Slide(
            headline="Long waves win the race",
            picture="swell",
            sentences=(
                "Beyond the storm, long waves outrun the short ones.",
                "They arrive as swell, smooth and even, from thousands of kilometers away.",
            ),
        ),
        Slide(
            headline="Why waves break",
            picture="breaker",
            sentences=(
                "Near the beach, the shallow seabed slows the wave and makes it steeper.",
                "Its top outruns its base, topples forward, and becomes a breaker.",
                "Last, we dive below the surface, to the slow river of the deep.",
            ),
        ),
    ),
)

CURRENTS = Talk(
    slug="the-slow-river-of-the-deep",
    title="The Slow River of the Deep",
    description="Warm water travels north, cold and salty water sinks, and a thousand years later it is back.",
    height=1080,
    slides=(
        Slide(
            headline="The Slow River of the Deep",
            picture="deep_sea",
            sentences=(
                "Far below the waves runs a current so slow that no swimmer would notice it.",
                "Yet it links all the great oceans of our planet.",
            ),
        ),
        Slide(
            headline="Warm water travels north",
            picture="gulf_stream",
            points=("Driven by wind", "Carries heat from the tropics"),
            sentences=(
                "Its warm part flows near the surface.",
                "The Gulf Stream, driven by steady winds, sends tropical heat toward Europe.",
            ),
        ),
        Slide(
            headline="Cold, salty water sinks",
            picture="sinking_water",
            sentences=(
                "Near Greenland, that water gives its warmth to the air and turns cold.",
                "Around Antarctica, sea ice forms and leaves its salt behind in the water.",
                "Cold, salty water is dense, so it sinks toward the bottom.",
            ),
        ),
        Slide(
            headline="A loop through the deep",
            picture="overturning_loop",
            sentences=(
                "There it creeps along, at a few centimeters a second or even less.",
                "Wind and mixing lift it again, above all in the Southern Ocean.",
                "One round trip takes about a thousand years.",
            ),
        ),
        Slide(
            headline="Rising water feeds life",
            picture="plankton_bloom",
            points=("Nutrients rise", "Plankton bloom", "Fish feed"),
            sentences=("Rising water carries nutrients up to the light, where plankton bloom and fish feed.",),
        ),
        Slide(
            headline="Robots that dive for data",
            picture="argo_float",
            points=("Drift at 1 km", "Dive to 2 km", "Report by satellite"),
            sentences=("Thousands of robot floats named Argo dive two kilometers to take its temperature.",),
        ),
        Slide(
            headline="A very old drop of water",
            picture="thousand_years",
            sentences=("The drop on your hand may last have met the air in the age of castles.",),
        ),
    ),
)

TALKS = (TIDES, WAVES, CURRENTS)
