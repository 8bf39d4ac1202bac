import argparse
import signal
import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demo.data import make_demo
from config.demo.people import PEOPLE
from config.demo.site import Site, port_is_free


def port(text: str) -> int:
    """An argument's type."""
    if not text.isdigit() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; choose a number from 1024 to 65535.")
    return int(text)


class Command(BaseCommand):
    help = "Lectern with sample content: one address, everything behind it. Ends on Ctrl-C and keeps the data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=port, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        number = options["port"]
        if not port_is_free(number):
            raise CommandError(f"Port {number} is taken. Choose another one: ./run demo --port {number + 1}")
        # A shell's background job starts with SIGINT ignored; both must end in the `finally` below.
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, lambda *_: sys.exit(0))
        self.say("Preparing the database …")
        call_command("set_up", verbosity=0)
        site = Site(number)
        try:
            site.start()
            make_demo(say=self.say)
            site.wait_until_open()
            self.introduce(site)
            site.wait()
        finally:
            self.say("\nStopping …")
            site.stop()

    def introduce(self, site: Site) -> None:
        head = f"  {'e-mail':<20} {'password':<13}   role\n"
        rows = head + "\n".join(f"  {person.email:<20} {person.password}   {person.role.label}" for person in PEOPLE)
        self.say(f"\nLectern is running:  {site.url}\n\n{rows}\n\nCtrl-C stops it and keeps the data.")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
