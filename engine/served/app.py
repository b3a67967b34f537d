"""The paths that are answered: lists, what was chosen, health, metrics; errors as one sentence."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from engine.errors import DataError, StudioError
from engine.saved.errors import StoreError
from engine.served.answer import Answer
from engine.served.asked import MOST_BODY, Asked, Chosen, read_asked, read_chosen
from engine.served.lists import ListService
from engine.served.shown_log import ShownLog
from engine.served.tallies import Tallies

__all__ = ["make_app"]

Endpoint = Callable[[Request], Awaitable[Response]]


class Desk:
    """What the paths share: the lists, the log, the counts."""

    def __init__(self, service: ListService, log: ShownLog | None) -> None:
        self.service, self.log = service, log
        self.tallies = Tallies()
        self.log_trouble = ""

    async def lists(self, request: Request) -> Response:
        """Answer ``GET /lists/{user}?k=&scenario=&reasons=``."""
        asked = read_asked(request.path_params["user"], request.query_params.multi_items())
        if asked.is_quick:
            content = self._list(asked)
        else:  # a plan to be made, or reasons: nobody else is to wait for it
            content = await to_thread.run_sync(self._list, asked)
        return JSONResponse(content)

    def _list(self, asked: Asked) -> dict[str, Any]:
        answer = self.service.answer(asked.user_id, k=asked.k, scenario=asked.scenario)
        content = self.service.to_json(answer, reasons=asked.reasons)
        self.tallies.served(answer.policy.name)
        if answer.is_split and self.log is not None:
            content["slate"] = self._note(answer, content)
        return content

    def _note(self, answer: Answer, content: dict[str, Any]) -> str | None:
        """Log what is shown; return what names it, None where it could not be written."""
        shown = secrets.token_hex(8)
        rows = [
            {
                "slate": shown,
                "user_id": answer.user_id,
                "item_id": one["item_id"],
                "event": "impression",
                "position": one["rank"] - 1,
                "propensity": one["propensity"],
                "policy": answer.policy.name,
            }
            for one in content["items"]
        ]
        return shown if self._write(rows) else None

    def _write(self, rows: list[dict[str, Any]]) -> bool:
        assert self.log is not None
        try:
            self.log.append(rows)
        except OSError as error:
            self.log_trouble = f"The log cannot be written: {error.strerror or error}."
            self.tallies.wrote(len(rows), is_lost=True)
            return False
        self.log_trouble = ""
        self.tallies.wrote(len(rows))
        return True

    async def chosen(self, request: Request) -> Response:
        """Answer ``POST /chosen`` with ``{"slate": …, "item_id": …, "event": …}``."""
        if self.log is None:
            raise HTTPException(404, "Nothing is logged here: start the server with --log FOLDER.")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise HTTPException(415, "Send what was chosen as application/json.")
        chosen: Chosen = read_chosen(await _body(request))
        if chosen.item_id not in self.service.artifacts.item_index:
            raise DataError(f"No item has the id {chosen.item_id[:80]!r}.")
        if not self._write([vars(chosen)]):
            raise HTTPException(503, self.log_trouble)
        return JSONResponse({"logged": True}, 201)

    async def health(self, _request: Request) -> Response:
        """Answer ``GET /health``: 200 where all is well, 503 with the reason where not."""
        stand = self.service.stand()
        troubles = [one for one in (self.service.trouble, self.log_trouble) if one]
        challenger = stand.challenger
        return JSONResponse(
            {
                "ok": not troubles,
                "data": self.service.data,
                "fit": self.service.artifacts.fit_id,
                "people": self.service.artifacts.n_users,
                "champion": stand.champion.name,
                "challenger": None if challenger is None else challenger.name,
                "challenger_share": 0.0 if challenger is None else stand.share,
                "troubles": troubles,
            },
            503 if troubles else 200,
        )

    async def metrics(self, _request: Request) -> Response:
        """Answer ``GET /metrics`` for Prometheus."""
        return PlainTextResponse(self.tallies.text(), media_type="text/plain; version=0.0.4")

    def counted(self, path: str, endpoint: Endpoint) -> Endpoint:
        """Wrap what answers a path: count it, and say what went wrong in one sentence."""

        async def answer(request: Request) -> Response:
            start, status = time.perf_counter(), 500
            try:
                response = await endpoint(request)
                status = response.status_code
            except (StudioError, HTTPException) as error:
                response = _refusal(error)
                status = response.status_code
            finally:
                self.tallies.answered(path, status, time.perf_counter() - start)
            return response

        return answer


async def _body(request: Request) -> bytes:
    content = b""
    try:
        async for part in request.stream():
            content += part
            if len(content) > MOST_BODY:
                raise HTTPException(413, f"At most {MOST_BODY:,} bytes are read.")
    except ClientDisconnect as error:
        raise HTTPException(400, "The request broke off.") from error
    return content


def _refusal(error: StudioError | HTTPException) -> JSONResponse:
    if isinstance(error, HTTPException):
        return JSONResponse({"error": error.detail}, error.status_code, error.headers)
    kinds = ((DataError, 404), (StoreError, 503))
    status = next((status for kind, status in kinds if isinstance(error, kind)), 400)
    return JSONResponse({"error": " ".join(str(error).split())}, status)


async def _of_starlette(_request: Request, error: Exception) -> Response:
    """Say in one sentence what Starlette itself refuses: a path, a method."""
    assert isinstance(error, HTTPException)
    said = {
        404: "There is no such path: ask for /lists/{user}, /health or /metrics.",
        405: "This path does not take that method.",
    }
    response = _refusal(error)
    content = {"error": said.get(error.status_code, error.detail)}
    return JSONResponse(content, response.status_code, error.headers)


async def _of_ours(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"error": "Something went wrong on our side; the server goes on."}, 500)


def make_app(service: ListService, log: ShownLog | None, hosts: list[str]) -> Starlette:
    """Return the application; ``hosts`` are the names that it answers to (``*``: any)."""
    desk = Desk(service, log)
    paths: tuple[tuple[str, str, Endpoint, str], ...] = (
        ("/lists/{user:path}", "/lists", desk.lists, "GET"),
        ("/chosen", "/chosen", desk.chosen, "POST"),
        ("/health", "/health", desk.health, "GET"),
        ("/metrics", "/metrics", desk.metrics, "GET"),
    )
    return Starlette(
        routes=[
            Route(path, desk.counted(name, endpoint), methods=[method])
            for path, name, endpoint, method in paths
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)],
        exception_handlers={HTTPException: _of_starlette, Exception: _of_ours},
    )
