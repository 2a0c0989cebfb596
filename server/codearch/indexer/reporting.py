"""The status object of a root: what the indexer has, what it waits for, and what is off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codearch import __version__
from codearch.embedding.hub import model_in_use, model_problems
from codearch.indexer.broken_rules import problems_of_rules
from codearch.indexer.kept import size_of
from codearch.indexer.progress import Progress
from codearch.indexer.said_by_rules import problems_said
from codearch.indexer.unresolved import problems_of_names
from codearch.problems import ERROR, NOTE, WARNING, Problem, health_of
from codearch.settings import is_whole_disk

if TYPE_CHECKING:
    from codearch.indexer.arrival import Arrival
    from codearch.indexer.failures import Failures
    from codearch.indexer.workshop import Workshop


class Reporting:
    """Says how a workshop is; it changes nothing of it."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._coming = Progress(costs={"embedding": 1.0})  # of the next model

    def status(self, state: str, failures: Failures) -> dict[str, Any]:
        """Return the status object of the root, as the contract has it."""
        shop = self._shop
        files, symbols = _counts(shop)
        pending = shop.embedder.pending()
        problems = _problems(shop, failures)
        reused = shop.intake.reused + shop.embedder.taken
        embedded = shop.embedder.embedded
        return {
            "root": str(shop.root),
            "version": __version__,
            "state": state,
            "health": health_of(problems),
            "files": files,
            "symbols": symbols,
            "embedded": symbols - pending,
            "pending": pending,
            "generation": shop.writer.generation(),
            "model": _model(shop),
            "store": {"path": str(shop.folder), "bytes": size_of(shop.folder)[0]},
            "cache": {"hitRate": reused / (reused + embedded) if reused + embedded else 0.0},
            "problems": [
                {"severity": one.severity, "message": one.message, "mend": one.mend}
                for one in problems
            ],
            "skipped": shop.intake.left_out.by_reason(),
            "watching": _watching(shop),
            "filesRead": shop.intake.files_read,
            "progress": self._progress(),
        }

    def _progress(self) -> dict[str, Any] | None:
        """Return how far bulk work is, else the next model where somebody waits for it."""
        arrival = self._shop.embedder.arrival
        if self._shop.progress.running or arrival is None or not self._shop.urged:
            self._coming.end()
            return self._shop.progress.report()
        self._coming.note("embedding", arrival.done, arrival.total)
        return self._coming.report()


def _counts(shop: Workshop) -> tuple[int, int]:
    files, symbols = shop.connection.execute(
        "SELECT count(*), coalesce(sum(symbols), 0) FROM files WHERE session = 0"
    ).fetchone()
    return int(files), int(symbols)


def _watching(shop: Workshop) -> dict[str, Any]:
    if shop.watcher is None:
        return {"by": "nothing", "watches": 0, "events": 0, "intervalSeconds": None}
    by, watches, events, interval_s = shop.watcher.seen
    return {"by": by, "watches": watches, "events": events, "intervalSeconds": interval_s}


def _model(shop: Workshop) -> dict[str, Any]:
    answering, arrival = shop.embedder.answering, shop.embedder.arrival
    if answering is None and shop.embedder.awaited:
        name = shop.embedder.known_model or model_in_use(shop.settings)
        return {"name": name, "dimension": 0, "precision": "", "device": "", "next": None}
    if answering is None:
        unknown = {"precision": "none", "device": "none", "next": None}
        return {"name": "none", "dimension": 0, **unknown}
    coming = arrival and {
        "name": arrival.chosen.name,
        "done": arrival.done,
        "total": arrival.total,
    }
    return {
        "name": answering.chosen.name,
        "dimension": answering.encoder.dimension,
        "precision": answering.encoder.precision,
        "device": answering.encoder.device,
        "next": coming,
    }


def _problems(shop: Workshop, failures: Failures) -> list[Problem]:
    problems = [*shop.notes, *shop.loaded.problems, *model_problems(shop.settings)]
    problems += _of_vectors(shop)
    if shop.settings.history.enabled and shop.memory.problem:
        problems.append(Problem(WARNING, shop.memory.problem))
    if shop.settings.history.enabled and shop.memory.note:
        problems.append(Problem(NOTE, shop.memory.note))
    problems += _held(shop)
    problems += problems_of_names(shop.connection)
    problems += problems_of_rules(shop.connection)
    problems += problems_said(shop.connection)
    if shop.intake.problem:
        problems.append(Problem(WARNING, shop.intake.problem, shop.intake.mend))
    if is_whole_disk(shop.root):
        mend = "For more open the folder of a project."
        problems.append(Problem(NOTE, f"Of {shop.root} open files alone are indexed.", mend))
    if shop.watcher is not None and shop.watcher.problem is not None:
        problem = shop.watcher.problem
        problems.append(Problem(WARNING, problem.message, problem.mend))
    if failures.problem:
        known = "The log in the cache folder says more; `codearch index --full` begins anew."
        problems.append(Problem(ERROR, failures.problem, failures.mend or known))
    return problems


def _held(shop: Workshop) -> list[Problem]:
    """Return what waits until the machine has power."""
    held = {"files": shop.intake.held}
    if shop.holds_vectors:
        held["texts' vectors"] = shop.embedder.waiting()
    what = " and ".join(f"{count:,} {name}" for name, count in held.items() if count)
    if not what:
        return []
    mend = "`codearch index` makes them now; so does `indexer.onBattery` set to work."
    return [Problem(NOTE, f"The machine runs on its battery: {what} wait for power.", mend)]


def _of_vectors(shop: Workshop) -> list[Problem]:
    """Return what is off with the encoder, with the next one, and with a team's vectors."""
    embedder = shop.embedder
    problems: list[Problem] = []
    if embedder.problem:
        problems.append(Problem(WARNING, embedder.problem, embedder.mend))
    if shop.chosen is not None and shop.chosen.problem is not None:
        problems.append(shop.chosen.problem)
    if embedder.answering is not None and embedder.answering.encoder.problem:
        problems.append(Problem(WARNING, embedder.answering.encoder.problem))
    if embedder.arrival is not None:
        answering = _model(shop)["name"]
        problems.append(_arriving(embedder.arrival, answering, waits=shop.holds("arrival")))
    if embedder.renewed:
        problems.append(Problem(WARNING, embedder.renewed))
    return problems + embedder.team_problems()


def _arriving(arrival: Arrival, answering: str, *, waits: bool) -> Problem:
    message = (
        f"The embedding model {arrival.chosen.name} has {arrival.done:,} of {arrival.total:,}"
        f" texts; {answering} answers until it has all."
    )
    if waits:
        message += " It goes on when the machine no longer runs on its battery."
        return Problem(NOTE, message, "`indexer.onBattery` set to work has it go on now.")
    return Problem(NOTE, message, "`codearch index` waits for it.")
