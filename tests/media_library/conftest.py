"""Small real recordings, made by FFmpeg when a test first asks for one and kept for the session."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import Organization, User
from core.tenancy import organization_scope
from media_library.captions import TimedText
from media_library.models import Media, Publication, Rendition, Source
from media_library.services.transcripts import publish_transcript

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
H264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p"
COMPLIANT = "-c:v libx264 -preset veryfast -g 50 -pix_fmt yuv420p"
HDR = (
    "-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -color_primaries bt2020 -color_trc {0} -colorspace bt2020nc "
    "-x265-params log-level=none:colorprim=bt2020:transfer={0}:colormatrix=bt2020nc -tag:v hvc1"
)
SUBTITLES = "1\n00:00:00,500 --> 00:00:01,500\n{}\n"


def moving(size: str, seconds: float, *, rate: int = 10) -> str:
    return f"-f lavfi -i testsrc2=s={size}:r={rate}:d={seconds}"


def tone(seconds: float) -> str:
    return f"-f lavfi -i sine=d={seconds}"


def voice(seconds: float, *, decibels: int, channels: int = 2) -> str:
    """Something whose loudness no codec changes: noise in the band of speech."""
    band = f"highpass=200,lowpass=5000,volume={decibels}dB"
    return f"-f lavfi -i anoisesrc=c=pink:a=0.6:seed=1:d={seconds} -af {band} -ac {channels}"


# File name -> arguments between the program and the file name; {folder} holds the subtitle files.
RECIPES = {
    "talk.mp4": f"{moving('640x360', 6)} {tone(6)} {H264} -c:a aac -movflags +faststart",
    "table_last.mp4": f"{moving('640x360', 6)} {tone(6)} {H264} -c:a aac",
    "wide.mp4": f"{moving('854x480', 8)} {tone(8)} {H264} -c:a aac",
    "portrait.mp4": f"{moving('360x640', 3)} {tone(3)} {H264} -c:a aac",
    "odd.mp4": f"{moving('322x182', 2)} -vf format=yuv444p,crop=321:181 -c:v libx264 -preset ultrafast",
    "silent.mp4": f"{moving('320x180', 3)} {H264}",
    # Plays as it is: a keyframe every two seconds, a bit rate for its size.
    "compliant.mp4": f"{moving('640x360', 7, rate=25)} {tone(7)} {COMPLIANT} -c:a aac -ac 2",
    "compliant.m4a": f"{tone(4)} -c:a aac -ac 2",
    "all_keyframes.mp4": f"{moving('320x180', 2, rate=25)} {COMPLIANT} -g 1 -crf 40",
    "open_groups.mp4": f"{moving('320x180', 6, rate=25)} {COMPLIANT} -x264-params open-gop=1:keyint=50",
    "uneven.mp4": (
        f"{moving('320x180', 6, rate=30)} {tone(6)} -vf select='lt(mod(n\\,60)\\,30)+not(mod(n\\,7))' "
        f"-fps_mode vfr {COMPLIANT} -c:a aac -ac 2"
    ),
    "two_languages.mkv": (
        f"{moving('320x180', 4, rate=25)} {tone(4)} {tone(4)} -map 0 -map 1 -map 2 {COMPLIANT} -c:a aac -ac 2 "
        "-metadata:s:a:0 language=ger -metadata:s:a:1 language=eng -disposition:a:0 0 -disposition:a:1 default"
    ),
    "surround.mp4": f"{moving('320x180', 4, rate=25)} {tone(4)} {COMPLIANT} -c:a aac -ac 6",
    "ten_bits.mp4": f"{moving('320x180', 4, rate=25)} -c:v libx264 -preset ultrafast -pix_fmt yuv420p10le",
    "bright_pq.mp4": f"{moving('320x180', 4, rate=25)} {HDR.format('smpte2084')}",
    "bright_hlg.mp4": f"{moving('320x180', 4, rate=25)} {HDR.format('arib-std-b67')}",
    "sideways.mp4": "-display_rotation 90 -i {folder}/silent.mp4 -c copy",
    "anamorphic.mp4": f"{moving('360x288', 2)} -vf setsar=64/45 {H264}",
    "interlaced.mp4": f"{moving('320x240', 2, rate=50)} -vf interlace -flags +ildct+ilme {H264}",
    "short_picture.mp4": f"{moving('320x180', 2)} {tone(6)} {H264} -c:a aac",
    "talk.webm": f"{moving('320x180', 4)} {tone(4)} -c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus",
    "talk.mkv": f"{moving('320x180', 6)} {tone(6)} {H264} -c:a aac",
    "talk.avi": f"{moving('320x180', 6)} {tone(6)} -c:v mpeg4 -c:a libmp3lame",
    "tone.mp3": f"{tone(6)} -c:a libmp3lame",
    "tone.wav": tone(6),
    "tone.flac": tone(6),
    "tone.ogg": f"{tone(6)} -c:a libvorbis",
    "tone.m4a": f"{tone(6)} -c:a aac",
    "quiet.wav": voice(4, decibels=-30),
    "loud.wav": voice(4, decibels=12),
    "mono.wav": voice(4, decibels=-12, channels=1),
    "surround.wav": voice(4, decibels=-12, channels=6),
    "mute.wav": "-f lavfi -i anullsrc=d=2",
    "blip.wav": tone(0.3),
    # A click a second over a murmur: one gain for all would lift the clicks over the edge.
    "clicks.wav": "-f lavfi -i aevalsrc='0.01*(random(0)-0.5)+if(lt(mod(t\\,1)\\,0.002)\\,0.9\\,0)':d=6:s=48000 -ac 2",
    # Every second brighter than the one before.
    "steps.mp4": f"-f lavfi -i color=s=320x180:r=10:d=6 -vf geq=lum='16+36*floor(T)':cb=128:cr=128 -g 20 {H264}",
    "captioned.mkv": (
        f"{moving('320x180', 2)} -i {{folder}}/english.srt -i {{folder}}/german.srt -map 0 -map 1 -map 2 "
        f"{H264} -c:s srt -metadata:s:s:0 language=eng -metadata:s:s:1 language=ger"
    ),
    "captioned.mp4": f"{moving('320x180', 2)} -i {{folder}}/english.srt {H264} -c:s mov_text",
    "captions_only.mp4": "-i {folder}/english.srt -c:s mov_text",
    "fragmented.mp4": f"{moving('320x180', 2)} {H264} -movflags +frag_keyframe+empty_moov",
    "many_frames.mp4": f"{moving('64x36', 0.5, rate=240)} {H264}",
    "huge_picture.mkv": "-f lavfi -i color=s=9000x5000:r=1:d=1 -c:v mjpeg -q:v 31 -pix_fmt yuvj420p",
}


class Samples:
    """The recordings by file name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for language, words in (("english", "Good morning"), ("german", "Guten Morgen")):
            (folder / f"{language}.srt").write_text(SUBTITLES.format(words))
        self.make("silent.mp4")  # another one is made from it

    def __getitem__(self, name: str) -> Path:
        if not (self.folder / name).exists():
            self.make(name)
        return self.folder / name

    def make(self, name: str) -> None:
        arguments = RECIPES[name].format(folder=self.folder).split()
        subprocess.run([FFMPEG, "-v", "error", "-nostdin", *arguments, str(self.folder / name)], check=True)


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return Samples(tmp_path_factory.mktemp("samples"))


SEGMENT = bytes(range(256)) * 40


@pytest.fixture
def stored_talk(organization: Organization, alice: User) -> Media:
    """Published media with a segment, a playlist, a thumbnail and two cues."""
    with organization_scope(organization):
        media = Media.objects.create(
            source=Source.UPLOAD, source_path="s", title="Talk", creator=alice, publication=Publication.PUBLISHED
        )
        folder = f"{organization.pk}/{media.pk}/renditions/one"
        for name, content in (("240p_00000.m4s", SEGMENT), ("master.m3u8", b"#EXTM3U\n"), ("thumbnail.jpg", b"jpeg")):
            default_storage.save(f"{folder}/{name}", ContentFile(content))
        media.rendition = Rendition.objects.create(media=media, folder=folder)
        media.thumbnail_path = f"{folder}/thumbnail.jpg"
        media.save()
        cues = [TimedText(0.5, 2.0, "Good evening", "Ada"), TimedText(2.0, 3.25, "Tea & cake")]
        publish_transcript(media, cues, language="en", method="sidecar")
    return media


@pytest.fixture
def move_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Python's clock goes on by so many seconds; the database's does not."""
    here = time.time

    def move(seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: here() + seconds)

    return move
