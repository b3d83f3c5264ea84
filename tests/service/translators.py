"""Translation engines at loopback, in the shapes of OpenAI's, DeepL's and LibreTranslate's; they may misbehave.

Each fault is a word: a status ("429", "500", "456"), "html" (an error page with status 200), "cut" (the
connection closes halfway), "truncated" (finish_reason length), "declined", "short" (one text too few),
"long" (one too many), "swapped" (the first two texts in each other's place), "empty", "chatter" (notes around
the translation), "untranslated", "numbers" (one digit another).
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from typing import Any

from tests.service.phrases import translated


class Translators:
    """A running server: its address, the faults still to come, and what it was asked."""

    def __init__(self, faults: Sequence[str], *, every: int = 1) -> None:
        """Every `every`-th answer is the next of `faults`, again and again; without any all is well."""
        self._faults = cycle(faults) if faults else None
        self._every = every
        self._lock = threading.Lock()
        self.requests = 0
        self.segments: Counter[str] = Counter()
        self.keys: set[str] = set()
        self.url = ""

    def next_fault(self, segments: Sequence[str]) -> str:
        with self._lock:
            self.requests += 1
            self.segments.update(segments)
            return next(self._faults) if self._faults and self.requests % self._every == 0 else "ok"


@contextmanager
def running(faults: Sequence[str] = (), *, every: int = 1) -> Iterator[Translators]:
    """The engines on a port of the loopback, in a thread."""
    state = Translators(faults, every=every)
    handler = type("Handler", (_Handler,), {"state": state})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        state.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    state: Translators
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.state.keys.add(self.headers.get("Authorization") or asked.get("api_key") or "")
        segments = _segments(self.path, asked)
        word = self.state.next_fault(segments)
        if word.isdigit():
            self._send(int(word), {"error": {"message": "no"}, "message": "no"})
        elif word == "html":
            self._send_raw(200, b"<html><body>Bad gateway</body></html>", "text/html")
        else:
            said = _answer(self.path, _spoilt(word, segments), word, is_single=len(segments) == 1)
            self._send(200, said, is_cut=word == "cut")

    def _send(self, status: int, said: dict[str, Any], *, is_cut: bool = False) -> None:
        self._send_raw(
            status, json.dumps(said, ensure_ascii=False).encode(), "application/json", is_cut=is_cut
        )

    def _send_raw(self, status: int, body: bytes, kind: str, *, is_cut: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if is_cut else body)
        self.close_connection = self.close_connection or is_cut


def _segments(path: str, asked: dict[str, Any]) -> list[str]:
    if path.endswith("/chat/completions"):
        content = asked["messages"][-1]["content"]
        return list(json.loads(content).values()) if content.startswith("{") else [content]
    return list(asked["text"] if path.endswith("/v2/translate") else asked["q"])


def _spoilt(word: str, segments: Sequence[str]) -> list[str]:
    texts = [translated(one) for one in segments]
    if word == "swapped":
        texts[:2] = texts[1::-1] if len(texts) > 1 else texts[:1]
    elif word == "short":
        texts = texts[:-1]
    elif word == "long":
        texts = [*texts, texts[-1]]
    elif word == "empty":
        texts[0] = ""
    elif word == "chatter":
        texts = [f"好的，以下是翻译：\n\n{one}\n\n希望对您有帮助！" for one in texts]
    elif word == "untranslated":
        texts = list(segments)
    elif word == "numbers":
        texts = [re.sub("[0-9]", lambda digit: str(9 - int(digit[0])), one) for one in texts]
    return texts


def _answer(path: str, texts: Sequence[str], word: str, *, is_single: bool) -> dict[str, Any]:
    if path.endswith("/v2/translate"):
        return {"translations": [{"detected_source_language": "EN", "text": one} for one in texts]}
    if path.endswith("/translate"):
        return {"translatedText": list(texts)}
    numbered = {str(number): one for number, one in enumerate(texts, start=1)}
    content = "".join(texts) if is_single else json.dumps(numbered, ensure_ascii=False)
    told: dict[str, Any] = {"role": "assistant", "content": content}
    if word == "declined":
        told = {"role": "assistant", "content": None, "refusal": "I cannot help with that."}
    reason = "length" if word == "truncated" else "stop"
    return {"object": "chat.completion", "choices": [{"index": 0, "message": told, "finish_reason": reason}]}
