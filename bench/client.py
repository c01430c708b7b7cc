"""The client: requests as a browser sends them, over keep-alive sockets, and how long each answer took."""

import asyncio
import gzip
import re
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter
from urllib.parse import urlencode

ITEMS = 20
_WORDS = "A dependency that yields runs its exit code after the response was sent, unless its scope says otherwise. "
# Somebody types on and takes a word back: were the whole text to change at each save, the old one would be kept aside.
TEXTS = tuple((_WORDS * 6)[:590] + word for word in (" finally", " always"))
# What htmx and the room's script send with a request, besides what every browser does.
_BROWSER = "\r\n".join(
    (
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Accept: */*",
        "Accept-Language: en-US,en;q=0.5",
        "Accept-Encoding: gzip, deflate",
        "Sec-Fetch-Site: same-origin",
    )
)
_PARTIAL = "HX-Request: true\r\nHX-Request-Type: partial\r\nHX-Target: #room\r\n"
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """One request; a body makes it a POST of a form."""

    path: str
    form: dict[str, str | list[str]] = field(default_factory=dict)
    partial: bool = False

    @property
    def method(self) -> str:
        return "POST" if self.form else "GET"

    def encoded(self, cookie: str) -> bytes:
        body = urlencode(self.form, doseq=True).encode()
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: greenroom.test\r\n{_BROWSER}\r\n"
        head += f"Cookie: {cookie}\r\n" if cookie else ""
        head += _PARTIAL if self.partial else ""
        if self.form:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        return head.encode() + b"\r\n" + body


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, its body as it came over the wire."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        found = re.search(rb"\r\n" + name.encode() + rb": *([^\r]*)", self.head, re.IGNORECASE)
        return found[1].decode() if found else ""

    @property
    def text(self) -> bytes:
        return gzip.decompress(self.body) if self.header("content-encoding") == "gzip" else self.body


class Connection:
    """A socket that is kept open. asyncio streams, because one thread then serves 64 of them without lock-switching."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, request: bytes) -> Answer:
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await self._reader.readexactly(int(length[1])) if length else b""
        return Answer(int(head[9:12]), head, body)

    def close(self) -> None:
        self._writer.close()


@dataclass
class Browser:
    """What a browser knows about one server: its cookie, its interviews and the revision each draft is at."""

    port: int = 0
    cookie: str = ""
    drafts: list[str] = field(default_factory=list)  # interviews whose first question is typed at, one per connection
    fresh: list[tuple[str, int]] = field(default_factory=list)  # questions that have not been answered, last one first
    half_done: str = ""  # the interview that is shown: half of its questions are answered
    revisions: dict[str, int] = field(default_factory=dict)

    def draft(self, connection: int) -> Request:
        """Type on: another text than the last, on the revision that the last save led to."""
        interview = self.drafts[connection]
        revision = self.revisions.get(interview, 0)
        self.revisions[interview] = revision + 1
        form = {"text": TEXTS[revision % 2], "revision": str(revision), "confidence": "unsure"}
        return Request(f"/interviews/{interview}/questions/1/draft", form, partial=True)

    def answer(self, _connection: int) -> Request | None:
        """Answer a question that was blank and ask for the next one; None when there is none left."""
        return _answer(*self.fresh.pop()) if self.fresh else None

    def room(self, _connection: int) -> Request:
        """Open the room of an interview that is half done."""
        return Request(f"/interviews/{self.half_done}")


def _answer(interview: str, number: int) -> Request:
    form = {"text": TEXTS[number % 2], "revision": "0", "number": str(number), "confidence": "unsure", "go": "next"}
    return Request(f"/interviews/{interview}/questions/{number}/answer", form, partial=True)


async def prepare(port: int, drafts: int, answers: int) -> Browser:
    """A guest at Greenroom with interviews for that many connections that draft and that many answers."""
    browser = Browser(port)
    connection = await Connection.open(port)
    form = {"scope": "all", "level": ["intro", "core", "advanced"], "preset": "own", "mode": "relaxed"}
    start = Request("/interviews", form | {"count": str(ITEMS), "minutes": "240"})

    async def begin() -> str:
        answer = await connection.send(start.encoded(browser.cookie))
        if answer.status != 303:
            raise RuntimeError(f"no interview could be started: {answer.status}")
        browser.cookie = answer.header("set-cookie").partition(";")[0] or browser.cookie
        return answer.header("location").rpartition("/")[2]

    browser.half_done = await begin()
    for number in range(1, ITEMS // 2):
        await connection.send(_answer(browser.half_done, number).encoded(browser.cookie))
    browser.drafts = [await begin() for _ in range(drafts)]
    while len(browser.fresh) < answers:
        interview = await begin()
        browser.fresh += [(interview, number) for number in range(ITEMS - 1, 0, -1)]
    connection.close()
    return browser


async def sample(browser: Browser, work: str) -> Answer:
    """One answer of the server, to look at."""
    connection = await Connection.open(browser.port)
    answer = await connection.send(getattr(browser, work)(0).encoded(browser.cookie))
    connection.close()
    return answer


async def load(browser: Browser, work: str, connections: int, most: int, seconds: float) -> list[float]:
    """Do the work on so many connections at once until `most` requests are sent or time is up; seconds of each.

    Raise RuntimeError for any answer but 200: a failure is quickly served and would look like speed.
    """
    make = getattr(browser, work)
    sockets = [await Connection.open(browser.port) for _ in range(connections)]
    taken: list[float] = []
    numbers = count(1)
    end = perf_counter() + seconds

    async def drive(index: int) -> None:
        while perf_counter() < end and next(numbers) <= most and (request := make(index)) is not None:
            encoded = request.encoded(browser.cookie)
            before = perf_counter()
            answer = await sockets[index].send(encoded)
            taken.append(perf_counter() - before)
            if answer.status != 200:
                raise RuntimeError(f"{request.method} {request.path} gave {answer.status}")

    await asyncio.gather(*(drive(index) for index in range(connections)))
    for socket in sockets:
        socket.close()
    return taken
