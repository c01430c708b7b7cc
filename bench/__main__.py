"""Runs the benchmark and prints its table: `make bench`, or `python -m bench --quick`."""

import argparse
import asyncio
import os
import platform
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from time import monotonic

from bench import client, servers
from bench.servers import Server


@dataclass
class Row:
    """One line of the table: a work, the budget it has, and what was measured, a value per round."""

    title: str
    work: str
    connections: int
    most_statements: int
    over_floor: float
    over_limit: float
    most_bytes: int = 0
    cpu: dict[str, list[float]] = field(default_factory=dict)
    taken: dict[str, list[float]] = field(default_factory=dict)

    def ratio(self, name: str) -> float:
        """The median over the rounds of Greenroom's CPU in that of the floor: the rounds stand side by side."""
        return median(ours / theirs for ours, theirs in zip(self.cpu["Greenroom"], self.cpu[name], strict=True))


@dataclass(frozen=True)
class Pace:
    """How long to measure."""

    rounds: int
    crowd_seconds: float
    altogether: float  # no round begins later


FULL = Pace(rounds=15, crowd_seconds=4, altogether=72)
QUICK = Pace(rounds=4, crowd_seconds=1, altogether=16)
# One work on one server. Short, so that the three servers meet the same moods of a machine that others use too; long
# enough that the kernel's tick of 10 ms is a few percent of it, which the median over the rounds evens out.
SLOT_SECONDS, SLOT_REQUESTS = 0.4, 150
WARM_UP = 40
STUCK_SECONDS = 180  # a server that has stopped answering must not hold the benchmark for ever
CROWD, CROWD_TAIL = 64, 10  # connections that save at once; the budget of their p99, in p50
NAMES = ("Greenroom", "floor", "limit")


def rows() -> list[Row]:
    return [
        Row("save draft, 1 connection", "draft", 1, 4, 1.2, 3.0, most_bytes=400),
        Row("save draft, 16 connections", "draft", 16, 4, 1.2, 3.0, most_bytes=400),
        Row("answer + next question", "answer", 1, 6, 1.3, 3.5),
        Row("show room", "room", 1, 6, 1.3, 3.5),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about 20 s instead of 90, and noisier")
    chosen = parser.parse_args()
    if not Path("/proc/self/stat").exists():
        print("The benchmark reads CPU time from /proc, so it runs on Linux only.")
        return
    with tempfile.TemporaryDirectory(prefix="greenroom-bench-") as folder:
        asyncio.run(asyncio.wait_for(_bench(Path(folder), QUICK if chosen.quick else FULL), STUCK_SECONDS))


async def _bench(folder: Path, pace: Pace) -> None:
    begun = monotonic()
    table = rows()
    works = {row.work: 0 for row in table}
    data_dir = folder / "greenroom"
    with ExitStack() as running:
        ours = running.enter_context(servers.greenroom(data_dir))
        browser = await client.prepare(
            ours.browser.port,
            drafts=CROWD,
            answers=pace.rounds * SLOT_REQUESTS + WARM_UP + 10,
        )
        samples = {work: await client.sample(browser, work) for work in works}
        sizes = {work: len(answer.text) for work, answer in samples.items()}
        contestants = [ours]
        counts = {}
        for name in NAMES:
            counts[name] = servers.statements(name, servers.copy(data_dir, folder / f"count-{name}"), browser, sizes)
        for name in NAMES[1:]:
            database = servers.copy(data_dir, folder / name)
            contestants.append(running.enter_context(servers.floor(name, database, sizes)))
        for server in contestants:
            server.know(browser)
            for work in works:
                await client.load(server.browser, work, 1, WARM_UP, 5)
        done = 0
        while done < pace.rounds and (done == 0 or monotonic() - begun < pace.altogether):
            for row in table:
                for server in contestants:
                    await _slot(row, server)
            done += 1
        crowd = await client.load(ours.browser, "draft", CROWD, 5000, pace.crowd_seconds)
    _print(table, counts, samples, done, monotonic() - begun)
    p50, p99 = _percentiles(crowd)
    verdict = "within" if p99 <= CROWD_TAIL * p50 else "over"
    print(
        f"\nSave draft on {CROWD} connections at once, Greenroom alone: p50 {p50:.0f} ms, p99 {p99:.0f} ms, "
        f"{p99 / p50:.1f} times as long ({CROWD_TAIL}): {verdict}"
    )


async def _slot(row: Row, server: Server) -> None:
    """Measure one work on one server once."""
    before = server.cpu()
    taken = await client.load(server.browser, row.work, row.connections, SLOT_REQUESTS, SLOT_SECONDS)
    row.cpu.setdefault(server.name, []).append((server.cpu() - before) / len(taken) * 1000)
    row.taken.setdefault(server.name, []).extend(taken)


def _print(
    table: list[Row], counts: dict[str, dict[str, int]], samples: dict[str, client.Answer], rounds: int, took: float
) -> None:
    load = os.getloadavg()[0]
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}, {rounds} rounds in {took:.0f} s."
    )
    print(
        "Medians over the rounds; a budget stands in brackets. floor: FastAPI def + SQLAlchemy Core; limit: async def"
    )
    print("+ raw sqlite3, both without compression. Bytes: the body over the wire / unpacked.\n")
    head = f"{'':27}{'CPU ms a request':^24} {'CPU against':^26} {'p50 / p99 ms':^45}"
    print(head.rstrip())
    print(
        f"{'work':27}{'Greenroom':>10}{'floor':>7}{'limit':>7} {'floor':>13}{'limit':>13} "
        f"{'Greenroom':>15}{'floor':>15}{'limit':>15} {'statements':>11} {'bytes':>15}  verdict"
    )
    for row in table:
        ours, floor, limit = (median(row.cpu[name]) for name in NAMES)
        over_floor = f"{row.ratio('floor'):.2f} ({row.over_floor})"
        over_limit = f"{row.ratio('limit'):.2f} ({row.over_limit})"
        times = "".join(f"{'{:.1f} / {:.1f}'.format(*_percentiles(row.taken[name])):>15}" for name in NAMES)
        answer, sent = samples[row.work], counts["Greenroom"][row.work]
        size = f"{len(answer.body)} / {len(answer.text)}" if answer.text != answer.body else str(len(answer.body))
        size += f" ({row.most_bytes})" if row.most_bytes else ""
        print(
            f"{row.title:27}{ours:10.2f}{floor:7.2f}{limit:7.2f} {over_floor:>13}{over_limit:>13} "
            f"{times} {f'{sent} ({row.most_statements})':>11} {size:>15}  {_verdict(row, sent, len(answer.body))}"
        )
    for name in NAMES[1:]:
        if counts[name] != counts["Greenroom"]:
            print(f"\nNot the same work: {name} sends {counts[name]} statements, Greenroom {counts['Greenroom']}.")


def _percentiles(taken: list[float]) -> tuple[float, float]:
    """p50 and p99 in milliseconds."""
    cuts = quantiles(taken, n=100)
    return cuts[49] * 1000, cuts[98] * 1000


def _verdict(row: Row, sent: int, size: int) -> str:
    over = {
        "floor": row.ratio("floor") > row.over_floor,
        "limit": row.ratio("limit") > row.over_limit,
        "statements": sent > row.most_statements,
        "bytes": row.most_bytes and size > row.most_bytes,
    }
    wrong = [name for name, is_over in over.items() if is_over]
    return f"over: {', '.join(wrong)}" if wrong else "within"


if __name__ == "__main__":
    sys.exit(main())
