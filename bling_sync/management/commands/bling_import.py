"""`manage.py bling_import [--shop DOMAIN] [--dry-run] [--yes] [--csv FILE] [--undo]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from bling_sync.catalogue import attended_run, run_report
from bling_sync.catalogue import run as imports
from bling_sync.catalogue.undo_run import NotUndoable, last_written, undo
from bling_sync.management.named_connection import connection_meant, patiently
from bling_sync.models import Connection, ImportRun, RunState
from reservations.management.command import ServiceCommand, add_shop_option

BRAKED = 3
_SHOWN = 20
_BRAKE = (
    "Stopped at the brake. It would cut {run.units_cut} of {run.units_before} units, more than {percent} %, or empty "
    "that many SKUs. Nothing was changed; --yes applies it."
)


class Command(ServiceCommand):
    """Brings Bling's products and quantities in."""

    help = "Import products and quantities from Bling: shows the SKU doctor and the changes, and applies them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add_shop_option(parser)
        parser.add_argument("--dry-run", action="store_true", help="Show what would change, and change nothing.")
        parser.add_argument("--yes", action="store_true", help="Apply even what the brake would ask about.")
        parser.add_argument("--csv", metavar="FILE", help="Write every product and its verdict to FILE (-: here).")
        parser.add_argument("--undo", action="store_true", help="Undo the last import that was applied.")

    def handle(self, *args: Any, shop: str | None, **options: Any) -> None:
        """Run the command."""
        known = connection_meant(shop)
        if options["undo"]:
            self._undo(known)
            return
        run = patiently(lambda: imports.begin(known, dry_run=options["dry_run"], consent=options["yes"]), self.say)
        self._estimate(run)
        attended_run.follow(run, self.say)
        if run.state == RunState.CANCELLED:
            raise CommandError(self._cancelled(run))
        self._show(run)
        if options["csv"]:
            self._csv(run, options["csv"])
        self._conclude(run, known)

    def _estimate(self, run: ImportRun) -> None:
        known = f", {run.based_on.read} products known from import {run.based_on.pk}" if run.based_on else ""
        self.say(f"Import {run.pk}{known}: {attended_run.time_left(run)}. Ctrl-C cancels it.")

    def _cancelled(self, run: ImportRun) -> str:
        why = f" ({run.error})" if run.error else ""
        if not run.applied:
            return f"Cancelled{why}: nothing was written."
        return f"Cancelled{why} after {run.applied} figures, each SKU whole: --undo takes them back."

    def _show(self, run: ImportRun) -> None:
        self.say("SKU doctor:")
        for verdict, number in run_report.counts(run).items():
            self.say(f"  {number:>6}  {verdict.value}: {verdict.label}")
        for number, line in enumerate(run_report.left_out(run)):
            if number == _SHOWN:
                self.say("  ... and more: --csv FILE has them all.")
                break
            resembles = f", resembles {line.resembles!r}" if line.resembles else ""
            whose = line.name or line.bling_id or "only here"
            self.say(f"  left out: {line.sku!r} ({whose}): {line.verdict}{resembles}")
        verb = "Changes" if run.state == RunState.APPLIED else "Would change"
        self.say(f"{verb} (Bling -> shop):")
        for number, line in enumerate(run_report.changes(run)):
            if number == _SHOWN:
                self.say("  ... and more: --csv FILE has them all.")
                break
            self.say(f"  {line.sku}: {'new' if line.before is None else line.before} -> {line.after}")
        if why := run_report.why_nothing(run):
            self.say(f"  {why}")

    def _conclude(self, run: ImportRun, known: Connection) -> None:
        if run.state == RunState.BRAKED:
            raise CommandError(_BRAKE.format(run=run, percent=known.brake_percent), returncode=BRAKED)
        if run.state == RunState.RUNNING:
            reason = Connection.objects.get(pk=known.pk, shop_id=known.shop_id).last_error
            raise CommandError(f"Bling does not answer ({reason or 'no reason given'}): the worker goes on later.")
        if run.state == RunState.FAILED:
            raise CommandError(f"The import failed: {run.error or 'unknown reason'}.")
        if run.state == RunState.REHEARSED:
            self.say(f"Dry run over {run.read} products: nothing was changed.")
        else:
            self.say(f"Imported {run.read} products: {run.applied} figures taken, {run.changed} changed.")

    def _csv(self, run: ImportRun, file: str) -> None:
        if file == "-":
            run_report.write_csv(run, self.stdout)  # type: ignore[arg-type]  # it writes text, as csv needs
            return
        with Path(file).open("w", newline="", encoding="utf-8") as opened:
            self.say(f"Wrote {run_report.write_csv(run, opened)} lines to {file}.")

    def _undo(self, known: Connection) -> None:
        applied = last_written(known.shop_id)
        if applied is None:
            raise CommandError("There is no applied import to undo.")
        try:
            undone = undo(applied)
        except NotUndoable as error:
            raise CommandError(str(error)) from error
        self.say(f"Import {applied.pk} is undone. SKUs as before, but for what was sold since: {undone}.")
        self.say("Readings from Bling pause until the next import is applied.")
