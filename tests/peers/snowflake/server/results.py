"""fakesnow's Arrow results as the JSON rows that the Node driver reads.

fakesnow answers every query with one Arrow batch; snowflake-sdk reads `rowset`, lists of texts, and fetches what is
longer from further addresses ("chunks"), as a real account does.
"""

import base64
import datetime
import gzip
import json
import secrets

import pyarrow

EPOCH = datetime.date(1970, 1, 1)
# Session parameters without which the driver cannot format times.
PARAMETERS = {
    "TIMESTAMP_OUTPUT_FORMAT": "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM",
    "TIMESTAMP_NTZ_OUTPUT_FORMAT": "YYYY-MM-DD HH24:MI:SS.FF3",
    "TIMESTAMP_LTZ_OUTPUT_FORMAT": "",
    "TIMESTAMP_TZ_OUTPUT_FORMAT": "",
    "DATE_OUTPUT_FORMAT": "YYYY-MM-DD",
    "TIME_OUTPUT_FORMAT": "HH24:MI:SS",
    "BINARY_OUTPUT_FORMAT": "HEX",
    "CLIENT_RESULT_CHUNK_SIZE": 160,
}
MOST_CHUNKS = 4_000


class Results:
    """Re-encodes results and keeps the chunks that were not fetched yet."""

    def __init__(self, chunk_rows):
        self.chunk_rows = chunk_rows
        self.chunks = {}

    def encode(self, body, address):
        """The body of a query's answer; `address` is where this server is reached."""
        data = body.get("data")
        if not body.get("success") or not data or "rowtype" not in data:
            return body
        if data.get("queryResultFormat") == "arrow":
            rows = rows_of(data.pop("rowsetBase64"), [column["type"] for column in data["rowtype"]])
            data["queryResultFormat"] = "json"
            data["rowset"], rest = rows[: self.chunk_rows], rows[self.chunk_rows :]
            if rest:
                data["chunks"] = [
                    self.keep(rest[at : at + self.chunk_rows], address) for at in range(0, len(rest), self.chunk_rows)
                ]
        data["returned"] = data.get("total", 0)
        data["version"] = 1
        for column in data["rowtype"]:
            if column["type"].startswith("time") and column["scale"] is None:
                column["scale"] = 9
        known = {parameter["name"] for parameter in data.get("parameters", [])}
        added = [{"name": name, "value": value} for name, value in PARAMETERS.items() if name not in known]
        data["parameters"] = [*data.get("parameters", []), *added]
        return body

    def keep(self, rows, address):
        """A chunk holds rows without the brackets around them, zipped."""
        text = json.dumps(rows)[1:-1].encode()
        key = secrets.token_urlsafe(12)
        self.chunks[key] = gzip.compress(text, 1)
        if len(self.chunks) > MOST_CHUNKS:
            self.chunks.pop(next(iter(self.chunks)))
        sizes = {"uncompressedSize": len(text), "compressedSize": len(self.chunks[key])}
        return {"url": f"{address}/chunk/{key}", "rowCount": len(rows), **sizes}


def rows_of(encoded, types):
    raw = base64.b64decode(encoded or b"")
    if not raw:
        return []
    table = pyarrow.ipc.open_stream(raw).read_all()
    columns = [[cell(value, kind) for value in column.to_pylist()] for column, kind in zip(table.columns, types)]
    return [list(row) for row in zip(*columns)]


def cell(value, kind):
    """One value in Snowflake's JSON encoding: a text or null."""
    if value is None:
        return None
    if kind.startswith("timestamp"):
        if value["epoch"] is None:
            return None
        text = f"{value['epoch']}.{value['fraction']:09d}"
        return f"{text} {value['timezone']}" if "timezone" in value else text
    if kind == "date":
        return str((value - EPOCH).days)
    if kind == "time":
        return f"{value // 10**9}.{value % 10**9:09d}"
    if kind == "boolean":
        return "1" if value else "0"
    if kind == "binary":
        return value.hex().upper()
    if kind == "real":
        return repr(value)
    return value if isinstance(value, str) else str(value)
