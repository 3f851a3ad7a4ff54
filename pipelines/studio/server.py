"""The page's server: answers on 127.0.0.1 to the page alone (``guard``)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic import Field as Limited
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from pipelines import settings as configuration
from pipelines.planning.sizes import MAX_SIZE, Uniform
from pipelines.settings import InvalidError, Problem, Settings
from pipelines.studio import accuracy, edits, file, form, rules
from pipelines.studio.guard import HOST, Access, Guard
from pipelines.studio.preview import Preview
from transforms.detect.policy import Policy
from transforms.errors import UsageError, VeilbeamError
from transforms.verify.risk.settings import Action
from transforms.version import VERSION

ASSETS = {"studio.css": "text/css", "studio.js": "text/javascript"}

Json = dict[str, Any]
Text = Annotated[str, StringConstraints(max_length=500)]
Scalar = bool | int | float | Text


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Change(_Asked):
    """One edit, as the page sends it."""

    at: Annotated[list[int | Text], Limited(min_length=1, max_length=8)]
    value: Scalar | dict[Text, Scalar] | None


class Sizes(_Asked):
    """How large groups are expected to be."""

    rows: Annotated[int, Limited(ge=1, lt=MAX_SIZE)] = 200
    subjects: Annotated[int, Limited(ge=1, lt=MAX_SIZE)] = 90
    groups: Annotated[int, Limited(ge=1, le=10_000)] = 10


class Asked(_Asked):
    """What the page sends: which state of the file it was made of, and what it would change."""

    digest: Text
    changes: Annotated[list[Change], Limited(max_length=2000)] = []
    sizes: Sizes = Sizes()
    originals: bool = False
    proposed: Text = ""
    """Digest of the text whose comparison was shown: only that is saved."""


@dataclass
class Studio:
    """The page of one configuration file."""

    path: Path
    preview: Preview
    restricted: Path | None = None
    ledger: str | None = None
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _spent: accuracy.Spent | None = None

    def page(self) -> str:
        """The page's HTML, of the file as it is now. Raises UsageError if that is not valid."""
        content = file.read(self.path)
        settings = self._parse(content.text)
        self._spent = accuracy.spent(settings.aggregate, self.restricted, self.ledger)
        aggregate = settings.aggregate
        return _TEMPLATES.get_template("studio.html.j2").render(
            path=self.path,
            digest=content.digest,
            version=VERSION,
            settings=settings,
            fields=form.fields(settings),
            budget=[] if aggregate is None else form.budget(aggregate),
            releases=[] if aggregate is None else form.releases(aggregate),
            form=form,
            policies=[policy.value for policy in Policy],
            actions=[action.value for action in Action],
            sizes=Sizes(),
            made_up=not self.preview.sample,
            sample=", ".join(self.preview.sample),
        )

    def look(self, asked: Asked) -> Json:
        """What the changes come to: problems, warnings, errors of the tables, budget, diff."""
        text = file.require(self.path, asked.digest)
        saved = self._parse(text)
        answer: Json = {"problems": [], "warnings": [], "proposed": asked.digest, "diff": []}
        try:
            changed = _changed(text, asked)
            answer["proposed"] = file.digest_of(changed)
            answer["diff"] = [line._asdict() for line in edits.diff(text, changed)]
            settings = self._parse(changed)
        except InvalidError as invalid:
            return answer | {"problems": [_json(problem) for problem in invalid.problems]}
        except edits.NotEditableError as problem:
            return answer | {"problems": [{"at": [], "what": str(problem)}]}
        spent = self._spent or accuracy.spent(settings.aggregate, self.restricted, self.ledger)
        sizes = asked.sizes
        uniform = Uniform(sizes.rows, min(sizes.subjects, sizes.rows), sizes.groups)
        return answer | {
            "warnings": [_json(one) for one in rules.warnings(saved, settings, spent)],
            "tables": accuracy.tables(settings, uniform),
            "saved_tables": accuracy.tables(saved, uniform),
            "budget": accuracy.budget(settings.aggregate, spent),
        }

    def show(self, asked: Asked) -> Json:
        """What records become under the changes. Raises UsageError as ``Preview.look`` does."""
        settings = self._parse(_changed(file.require(self.path, asked.digest), asked))
        # Made-up records are nobody's; those of a file are shown on demand alone.
        originals = asked.originals or not self.preview.sample
        with self._one_at_a_time:
            return self.preview.look(settings, originals)

    def save(self, asked: Asked) -> Json:
        """Write the file. Raises ChangedError, InvalidError, NotEditableError, VeilbeamError."""
        with self._one_at_a_time:
            changed = _changed(file.require(self.path, asked.digest), asked)
            if file.digest_of(changed) != asked.proposed:
                raise UsageError("This is not the change that was shown: look at it again.")
            self._parse(changed)
            file.write(self.path, changed, asked.digest)
        return {"saved": str(self.path), "digest": asked.proposed}

    def _parse(self, text: str) -> Settings:
        return configuration.parse(text, str(self.path))


def _changed(text: str, asked: Asked) -> str:
    wanted = [edits.Edit(tuple(change.at), change.value) for change in asked.changes]
    for edit in wanted:
        if not form.is_editable(edit.at):
            raise UsageError(f"{'.'.join(map(str, edit.at))} cannot be changed on this page.")
    return edits.apply(text, wanted)


def _json(problem: Problem) -> Json:
    return {"at": list(problem.at), "what": problem.what}


def application(studio: Studio, access: Access) -> Guard:
    """The ASGI application."""
    root = f"/{access.token}"

    async def page(request: Request) -> Response:
        try:
            return HTMLResponse(await run_in_threadpool(studio.page))
        except VeilbeamError as problem:
            return HTMLResponse(_problem_page(studio.path, problem), 409)

    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in ASSETS:
            return Response(status_code=404)
        content = files("pipelines.studio").joinpath("page", name).read_bytes()
        return Response(content, media_type=ASSETS[name])

    app = Starlette(
        routes=[
            Route(f"{root}/", page),
            Route(f"{root}/{{name}}", asset),
            Route(f"{root}/look", _answering(studio.look), methods=["POST"]),
            Route(f"{root}/preview", _answering(studio.show), methods=["POST"]),
            Route(f"{root}/save", _answering(studio.save), methods=["POST"]),
        ]
    )
    return Guard(app, access)


def _problem_page(path: Path, problem: VeilbeamError) -> str:
    return _TEMPLATES.get_template("problem.html.j2").render(problem=str(problem), path=path)


def _answering(answer: Callable[[Asked], Json]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        try:
            asked = Asked.model_validate_json(await request.body())
        except ValidationError as error:
            wrong = ".".join(map(str, error.errors()[0]["loc"]))
            return JSONResponse({"message": f"The request is not valid: {wrong}."}, 400)
        try:
            return JSONResponse(await run_in_threadpool(answer, asked))
        except file.ChangedError as problem:
            return JSONResponse({"message": str(problem)}, 409)
        except VeilbeamError as problem:
            return JSONResponse({"message": str(problem)}, 422)
        except Exception as error:
            # Its text may hold what it failed on.
            what = f"This failed ({type(error).__name__}). It is a fault of Veilbeam: report it."
            return JSONResponse({"message": what}, 500)

    return endpoint


def listen(port: int) -> socket.socket:
    """A socket on this machine's own address; ``port`` 0 takes a free one.

    Raises UsageError if the port is taken.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        # At once: whoever is told the address may come before the server is ready.
        listening.listen()
    except OSError as error:
        listening.close()
        raise UsageError(f"--port {port}: cannot be opened ({error.strerror})") from None
    return listening


def serve(studio: Studio, access: Access, listening: socket.socket) -> None:
    """Answer until Ctrl-C (or SIGTERM)."""
    server = uvicorn.Server(
        uvicorn.Config(
            application(studio, access),
            # Nothing is logged: the address holds the token.
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            ws="none",
            http="h11",
            loop="asyncio",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )
    server.run(sockets=[listening])


_TEMPLATES = Environment(
    loader=PackageLoader("pipelines.studio", "page"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
