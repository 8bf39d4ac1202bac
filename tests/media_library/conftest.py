"""Small real recordings, made by FFmpeg when a test first asks for one and kept for the session."""

import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
H264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p"
SUBTITLES = "1\n00:00:00,500 --> 00:00:01,500\n{}\n"


def moving(size: str, seconds: float, *, rate: int = 10) -> str:
    return f"-f lavfi -i testsrc2=s={size}:r={rate}:d={seconds}"


def tone(seconds: float) -> str:
    return f"-f lavfi -i sine=d={seconds}"


# File name -> arguments between the program and the file name; {folder} holds the subtitle files.
RECIPES = {
    "talk.mp4": f"{moving('640x360', 6)} {tone(6)} {H264} -c:a aac -movflags +faststart",
    "table_last.mp4": f"{moving('640x360', 6)} {tone(6)} {H264} -c:a aac",
    "wide.mp4": f"{moving('854x480', 8)} {tone(8)} {H264} -c:a aac",
    "portrait.mp4": f"{moving('360x640', 3)} {tone(3)} {H264} -c:a aac",
    "odd.mp4": f"{moving('322x182', 2)} -vf format=yuv444p,crop=321:181 -c:v libx264 -preset ultrafast",
    "silent.mp4": f"{moving('320x180', 3)} {H264}",
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
