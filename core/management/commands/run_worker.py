import signal
from typing import Any

from django.core.management.base import BaseCommand

from core.database.start import refuse_bypassing_role
from core.jobs.supervisor import Supervisor


class Command(BaseCommand):
    help = "Work on jobs: one cluster of workers a lane, watched over, with the schedule. Ends on Ctrl-C and SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_bypassing_role()
        supervisor = Supervisor()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: supervisor.stop())
        supervisor.run()
