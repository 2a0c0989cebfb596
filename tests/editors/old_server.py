"""A server of an old version that refuses, knows no index yet, and dies: what plugins must bear."""

import json
import sys

STATUS = {
    "version": "0.0.9",
    "state": "indexing",
    "health": "ok",
    "folders": [{"root": "/", "progress": {"phase": "reading", "share": 0.37}}],
}


def send(message: dict[str, object]) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    sys.stdout.buffer.flush()


def receive() -> dict[str, object]:
    length = 0
    while line := sys.stdin.buffer.readline().strip():
        if line.lower().startswith(b"content-length"):
            length = int(line.partition(b":")[2])
    return json.loads(sys.stdin.buffer.read(length) or b'{"method": "exit"}')


def answer(message: dict[str, object]) -> dict[str, object]:
    if message["method"] == "initialize":
        return {
            "result": {"capabilities": {}, "serverInfo": {"name": "codearch", "version": "0.0.9"}}
        }
    if message["method"] == "workspace/executeCommand":
        command = message["params"]["command"]
        if command == "codearch.search":
            send({"method": "codearch/status", "params": STATUS})
            return {"result": {"results": [], "complete": False, "tookMs": 0, "generation": 0}}
        if command == "codearch.index.pause":
            sys.exit(7)
        return {"error": {"code": -32803, "message": "Not \u202e\ntoday."}}
    return {"result": None}


while (asked := receive())["method"] != "exit":
    if "id" in asked:
        send({"id": asked["id"], **answer(asked)})
