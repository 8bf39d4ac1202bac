"""What workers are given to do."""

import subprocess

import pytest


@pytest.fixture
def film(tmp_path, ffmpeg_binary):
    """Two minutes of moving picture: long enough to be killed in the middle."""
    path = tmp_path / "film.mp4"
    command = f"{ffmpeg_binary} -v error -f lavfi -i testsrc2=s=640x360:r=25 -f lavfi -i sine -t 120 -c:v libx264"
    subprocess.run([*command.split(), "-preset", "ultrafast", "-c:a", "aac", str(path)], check=True)
    return path
