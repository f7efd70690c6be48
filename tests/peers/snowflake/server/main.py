"""fakesnow's server for snowflake-sdk: JSON results, checked logins, a fuller catalog. fakesnow itself is unchanged.

  python main.py [--port N] [--db-path FOLDER] [--accounts JSON]

Prints `listening on PORT` when it is ready, and ends when its standard input does: no server outlives its test.
`--accounts` is {users, tokens, expiredTokens, roles, warehouses, databaseKinds, accountUsage}, see logins.py and catalog.py;
without `accountUsage`, there is of SNOWFLAKE.ACCOUNT_USAGE what a role without privileges sees: nothing.
`GET /statements` answers the texts of the statements since the last such question.
"""

import argparse
import asyncio
import gzip
import json
import os
import pathlib
import re
import socket
import sys
import threading
import warnings
from urllib.parse import parse_qs

warnings.filterwarnings("ignore", category=UserWarning, module="fakesnow")

import catalog

catalog.install()

import fakesnow.server
import uvicorn
from fakesnow.instance import FakeSnow

import account_usage
from logins import Logins
from results import Results

USE_WAREHOUSE = re.compile(r'\s*USE\s+WAREHOUSE\s+"?([^"]+?)"?\s*;?\s*$', re.I)
LOGIN = "/session/v1/login-request"
QUERY = "/queries/v1/query-request"


class Server:
    """An ASGI application around fakesnow's."""

    def __init__(self, app, logins, warehouses, shows_account_usage, chunk_rows):
        self.app = app
        self.logins = logins
        self.warehouses = warehouses
        self.shows_account_usage = shows_account_usage
        self.results = Results(chunk_rows)
        self.statements = []
        self.turns = {}

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        path = scope["path"]
        if path.startswith("/chunk/"):
            chunk = self.results.chunks.get(path.rsplit("/", 1)[1])
            # Any type but JSON: the driver would parse that itself.
            headers = [(b"content-type", b"binary/octet-stream"), (b"content-encoding", b"gzip")]
            return await reply(send, chunk or b"", 200 if chunk else 404, headers if chunk else headers[:1])
        if path == "/telemetry/send":
            return await reply(send, {"success": True, "data": None})
        if path == "/statements":
            said, self.statements = self.statements, []
            return await reply(send, said)
        if path == LOGIN:
            return await self.login(scope, receive, send)
        if path == QUERY:
            return await self.query(scope, receive, send)
        return await self.app(scope, receive, send)

    async def login(self, scope, receive, send):
        body = await whole(receive)
        data = parsed(scope, body).get("data", {})
        refused = self.logins.refusal(data, parameter(scope, "roleName"))
        if refused:
            code, message = refused
            return await reply(send, {"success": False, "code": code, "message": message, "data": {}})
        await self.app(scope, again(body), send)

    async def query(self, scope, receive, send):
        body = await whole(receive)
        text = parsed(scope, body)["sqlText"]
        self.statements.append(text)
        used = USE_WAREHOUSE.match(text)
        if used and self.warehouses is not None and used[1] not in self.warehouses:
            message = "SQL compilation error:\nObject does not exist, or operation cannot be performed."
            data = {"errorCode": "002043", "sqlState": "02000"}
            return await reply(send, {"success": False, "code": "002043", "message": message, "data": data})
        if not self.shows_account_usage and account_usage.IS_READ.search(text):
            message = "SQL compilation error:\nSchema 'SNOWFLAKE.ACCOUNT_USAGE' does not exist or not authorized."
            data = {"errorCode": "002003", "sqlState": "02000"}
            return await reply(send, {"success": False, "code": "002003", "message": message, "data": data})
        answer = Answer()
        # A session of fakesnow is one DuckDB connection, which runs one statement at a time.
        async with self.turns.setdefault(header(scope, b"authorization"), asyncio.Lock()):
            await self.app(scope, again(body), answer)
        # Chunks are fetched where the query was sent: through a proxy, if there is one.
        address = f"http://{header(scope, b'host').decode()}"
        encoded = await asyncio.to_thread(lambda: self.results.encode(json.loads(answer.body), address))
        # fakesnow's 500 means "unsupported"; the driver would try a 500 again for most of a minute.
        await reply(send, encoded, 200 if answer.status == 500 else answer.status)


class Answer:
    """Takes fakesnow's answer instead of sending it."""

    def __init__(self):
        self.status = 0
        self.body = b""

    async def __call__(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.body += message.get("body", b"")


async def whole(receive):
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body


def again(body):
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive():
        return next(messages, {"type": "http.disconnect"})

    return receive


def header(scope, name):
    return dict(scope["headers"]).get(name)


def parsed(scope, body):
    return json.loads(gzip.decompress(body) if header(scope, b"content-encoding") == b"gzip" else body)


def parameter(scope, name):
    return parse_qs(scope["query_string"].decode()).get(name, [None])[0]


async def reply(send, body, status=200, headers=((b"content-type", b"application/json"),)):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    length = (b"content-length", str(len(data)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": data})


def end_with_input():
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--db-path", help="a folder of DuckDB files, one for each database")
    options.add_argument("--accounts", type=json.loads, default={})
    options.add_argument("--chunk-rows", type=int, default=5_000)
    chosen = options.parse_args()
    if chosen.db_path:
        fakesnow.server.shared_fs = FakeSnow(db_path=chosen.db_path)
        for file in sorted(pathlib.Path(chosen.db_path).glob("*.db")):
            # fakesnow attaches a file only when a session names it.
            fakesnow.server.shared_fs.connect(file.stem)
    accounts = chosen.accounts
    catalog.database_kinds.update(accounts.get("databaseKinds", {}))
    if accounts.get("accountUsage"):
        account_usage.create(fakesnow.server.shared_fs.duck_conn)
    listening = socket.create_server(("127.0.0.1", chosen.port))
    port = listening.getsockname()[1]
    logins = Logins(
        accounts.get("users", {}), accounts.get("tokens", []), accounts.get("expiredTokens", []), accounts.get("roles")
    )
    shows_account_usage = accounts.get("accountUsage", False)
    server = Server(fakesnow.server.app, logins, accounts.get("warehouses"), shows_account_usage, chosen.chunk_rows)
    threading.Thread(target=end_with_input, daemon=True).start()
    print(f"listening on {port}", flush=True)
    uvicorn.Server(uvicorn.Config(server, log_level="warning", access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    main()
