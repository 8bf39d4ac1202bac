import signal
import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demo.data import make_demo
from config.demo.people import PEOPLE
from config.demo.site import Site, port_is_free


class Command(BaseCommand):
    help = "Lectern with sample content: one address, everything behind it. Ends on Ctrl-C and keeps the data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        port = options["port"]
        if not port_is_free(port):
            raise CommandError(f"Port {port} is taken. Choose another one: ./run demo --port {port + 1}")
        # A shell's background job starts with SIGINT ignored; both must end in the `finally` below.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: sys.exit(0))
        self.say("Preparing the database …")
        call_command("set_up", verbosity=0)
        site = Site(port)
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
        rows = "\n".join(f"  {person.email:<20} {person.password}   {person.role.label}" for person in PEOPLE)
        self.say(f"\nLectern is running:  {site.url}\n\n{rows}\n\nCtrl-C stops it and keeps the data.")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
