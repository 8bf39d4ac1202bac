from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from core.ai.errors import AiError
from knowledge.services.embedding import configured_embedder
from knowledge.services.switching import AlreadySwitching, clean_retired, estimate, switch_to


class Command(BaseCommand):
    help = "Make the configured model the one that search asks. Safe to repeat and to interrupt; search goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--estimate", action="store_true", help="only say what it will cost")
        parser.add_argument("--clean", action="store_true", help="remove at once what search does not ask any more")

    def handle(self, *args: Any, **options: Any) -> None:
        if (embedder := configured_embedder()) is None:
            raise CommandError("No embedder is configured, or the site wants no AI.")
        left = estimate(embedder)
        price = f"about ${left.cost:.2f}" if left.cost is not None else "at a price that nobody knows"
        self.stdout.write(f"{embedder.model}: {left.passages} passages, about {left.tokens} tokens, {price}.")
        if options["estimate"]:
            return
        try:
            with tqdm(total=left.passages, unit="passage", disable=None) as bar:
                switched = switch_to(embedder, advance=bar.update)
        except AlreadySwitching as error:
            raise CommandError("Another process is switching already.") from error
        except AiError as error:
            raise CommandError(f"Search asks the old model. Run this again to go on: {error.message}") from error
        if not switched.is_live:
            raise CommandError(f"Search asks the old model, for a ceiling is reached: {', '.join(switched.waiting)}.")
        self.stdout.write(f"Search asks {embedder.model}.")
        if options["clean"]:
            self.stdout.write(f"{clean_retired()} old embeddings are removed.")
