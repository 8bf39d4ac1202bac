"""Speaks a talk sentence by sentence with espeak-ng, and knows when each one begins and ends.

Every sentence is synthesized and measured alone, so the cues of the subtitle track are exact rather than guessed.
"""

import shutil
import subprocess
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path

from media_library.demo.talks import Talk

FRAME_RATE = 25
SAMPLE_RATE = 22_050  # espeak-ng's own
FRAME_SAMPLES = SAMPLE_RATE // FRAME_RATE
VOICE = ("-v", "en-us", "-s", "150", "-g", "1")

LEAD_FRAMES = 20
PAUSE_FRAMES = 11
TAIL_FRAMES = 10
CLOSING_FRAMES = 25
AUDIBLE = 200  # of 32767; quieter samples at either end of a sentence are silence


class SynthesizerMissingError(RuntimeError):
    """The program espeak-ng is not installed on the machine that makes the talks."""


@dataclass(frozen=True)
class Cue:
    """One sentence and when it is heard, in milliseconds from the start of the film."""

    start: int
    end: int
    text: str


class Narration:
    """The sound of a talk as it grows; each slide ends on a whole frame of the film."""

    def __init__(self) -> None:
        self.samples = array("h")
        self.cues: list[Cue] = []
        self.slide_frames: list[int] = []

    def say(self, sentence: str, sound: "array[int]") -> None:
        """Append a sentence; its cue covers exactly the audible part."""
        start = self._now()
        self.samples.extend(sound)
        self.cues.append(Cue(start, self._now(), sentence))

    def rest(self, frames: int) -> None:
        """Append silence of at least this many frames, up to the next whole frame."""
        unfinished = -len(self.samples) % FRAME_SAMPLES
        self.samples.extend(array("h", bytes(2 * (frames * FRAME_SAMPLES + unfinished))))

    def turn_slide(self) -> None:
        """Let the slide end here."""
        self.slide_frames.append(len(self.samples) // FRAME_SAMPLES - sum(self.slide_frames))

    def write_wav(self, path: Path) -> None:
        """Write the sound as 16-bit mono."""
        with wave.open(str(path), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(SAMPLE_RATE)
            sound.writeframes(self.samples.tobytes())

    def _now(self) -> int:
        return round(len(self.samples) * 1000 / SAMPLE_RATE)


def narrate(talk: Talk, *, folder: Path) -> Narration:
    """Speak the whole talk, with pauses between sentences and slides; `folder` takes temporary files.

    Raises SynthesizerMissingError if espeak-ng is not installed.
    """
    narration = Narration()
    for slide in talk.slides:
        narration.rest(LEAD_FRAMES)
        for sentence in slide.sentences:
            narration.say(sentence, speak(sentence, path=folder / "sentence.wav"))
            narration.rest(PAUSE_FRAMES)
        narration.rest(CLOSING_FRAMES if slide is talk.slides[-1] else TAIL_FRAMES)
        narration.turn_slide()
    return narration


def speak(sentence: str, *, path: Path) -> "array[int]":
    """The samples of one spoken sentence without silence around it; `path` takes the synthesizer's file.

    Raises SynthesizerMissingError if espeak-ng is not installed.
    """
    synthesizer = shutil.which("espeak-ng")
    if synthesizer is None:
        raise SynthesizerMissingError("The talks are spoken by espeak-ng, which is not installed (package espeak-ng).")
    subprocess.run([synthesizer, *VOICE, "-w", str(path), sentence], check=True)
    with wave.open(str(path), "rb") as sound:
        return _audible_part(array("h", sound.readframes(sound.getnframes())))


def _audible_part(samples: "array[int]") -> "array[int]":
    audible = [index for index, sample in enumerate(samples) if abs(sample) > AUDIBLE]
    return samples[audible[0] : audible[-1] + 1]
