"""A server that costs next to nothing: `python -m benchmarks.replay`.

It asks another server, whose URL is the first line of standard input, once for each different request, and from then on
gives the same reply, byte for byte, after as many seconds as its argument says. It says its own URL when it is ready,
and answers each further line with the number of requests since the last.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from http.client import HTTPConnection
from urllib.parse import urlsplit

HOP = {"connection", "content-length", "date", "transfer-encoding"}


class Replay:
    """The replies that are known, and how many were given."""

    def __init__(self, url: str, latency: float) -> None:
        self._latency = latency
        self._behind = urlsplit(url).netloc
        self._known: dict[tuple[str, str, bytes], bytes] = {}
        self.count = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                lines = head.decode("latin-1").split("\r\n")
                fields = (line.split(": ", 1) for line in lines[1:] if line)
                headers = {name.lower(): value for name, value in fields}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                self.count += 1
                asked = lines[0], headers.get("range", ""), body
                reply = self._known.get(asked)
                if reply is None:
                    reply = await asyncio.to_thread(self._fetch, lines[0], headers, body)
                    self._known[asked] = reply
                if self._latency:
                    await asyncio.sleep(self._latency)
                writer.write(reply)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _fetch(self, first_line: str, headers: dict[str, str], body: bytes) -> bytes:
        method, target, _ = first_line.split()
        connection = HTTPConnection(self._behind)
        # Not compressed, since the embedded server does not compress for its own machine either. It gives addresses of
        # files on the host that it is asked as, so these lead here, too.
        own = {name: value for name, value in headers.items() if name not in HOP}
        connection.request(method, target, body, own)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        kept = [f"{name}: {value}" for name, value in response.getheaders() if name.lower() not in HOP]
        head = [f"HTTP/1.1 {response.status} {response.reason}", *kept, f"content-length: {len(content)}", "", ""]
        return "\r\n".join(head).encode("latin-1") + content

    def answer(self) -> None:
        for _ in sys.stdin:
            count, self.count = self.count, 0
            print(count, flush=True)


async def main() -> None:
    replay = Replay(sys.stdin.readline().strip(), float(sys.argv[1]) if sys.argv[1:] else 0.0)
    server = await asyncio.start_server(replay.serve, "127.0.0.1", 0, limit=2**26)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    threading.Thread(target=replay.answer, daemon=True).start()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
