"""Fits the server's OpenAPI document to what a generator needs, without changing what it promises.

An object path is one to four elements, each percent-encoded on its own, where OpenAPI's path parameters are one: each such
path is taken as paths of one, two, three and four parameters. Names that exist are among those that are tried, so that calls
get past "there is no such object". Connection information is DuckDB's or of no platform, so that no other host is asked.
"""

import os

import schemathesis

OBJECT = ["shop", "sales", "main", "orders"]
PLACE = "{objectPath}"
LEVELS = ["connection", "database", "schema", "table"]
KNOWN = {"connectionKey": "shop", "bulkId": os.environ["CONNECTIONS_TEST_BULK_ID"]}
FILES = ["sales.duckdb", "missing.duckdb"]

CONNECTION = {
    "anyOf": [
        {
            "type": "object",
            "properties": {
                "technology": {"const": "DuckDB"},
                "databases": {
                    "type": "object",
                    "propertyNames": {"enum": ["sales", "odd/na.me", "T é 😀", "100 %", "\u0000"]},
                    "minProperties": 1,
                    "additionalProperties": {"enum": FILES},
                },
            },
            "required": ["technology", "databases"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"technology": {"enum": ["", "None", "DuckDB\u0000"]}},
            "required": ["technology"],
        },
    ]
}


INTEGRATION = {
    "host": "acme.example.com",
    "warehouse": "W",
    "authenticationType": "userPassword",
    "username": "u",
    "password": "p",
}


def name_or(known):
    return {"anyOf": [{"enum": [known]}, {"type": "string", "minLength": 1}]}


@schemathesis.hook
def before_load_schema(ctx, raw_schema):
    paths = raw_schema["paths"]
    raw_schema["paths"] = {}
    for path, operations in paths.items():
        if not path.endswith(PLACE):
            raw_schema["paths"][path] = operations
            continue
        for count in range(1, len(LEVELS) + 1):
            elements = "/".join(f"{{{level}}}" for level in LEVELS[:count])
            raw_schema["paths"][path.replace(PLACE, elements)] = {
                method: with_elements(operation, count) for method, operation in operations.items()
            }
    for operations in raw_schema["paths"].values():
        for operation in operations.values():
            operation["parameters"] = [with_known_value(one, operation) for one in operation["parameters"]]
            restrict_connection(operation)
    statuses = raw_schema["paths"]["/jobs/statuses"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    statuses["properties"]["jobIds"]["items"] = name_or(os.environ["CONNECTIONS_TEST_JOB_ID"])


def with_elements(operation, count):
    elements = [
        {"name": level, "in": "path", "required": True, "schema": name_or(OBJECT[index])}
        for index, level in enumerate(LEVELS[:count])
    ]
    others = [one for one in operation["parameters"] if one["in"] != "path"]
    return {**operation, "operationId": f"{operation['operationId']}_{count}", "parameters": elements + others}


def with_known_value(parameter, operation):
    known = KNOWN.get(parameter["name"])
    if "api_connections" in operation["operationId"] and parameter["name"] == "connectionKey":
        # What they answer depends on the connection's state, which the test sets.
        return {**parameter, "schema": {"enum": [known]}}
    return parameter if known is None else {**parameter, "schema": name_or(known)}


def restrict_connection(operation):
    if "/components/schemas/" in str(operation.get("requestBody", {})):
        raise ValueError("bodies are described in place; this needs to follow references")
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None or operation["tags"] != ["connections"]:
        return
    schema = content["schema"]
    if "clientConfiguration" in schema["properties"]:
        files = CONNECTION["anyOf"][0]["properties"]["databases"]
        changes = {"type": "object", "properties": {"databases": files}, "additionalProperties": False}
        schema["properties"]["clientConfiguration"] = changes
        schema["properties"]["technology"] = {"enum": ["DuckDB", ""]}
    if "scripts_create" in operation["operationId"]:
        # Nobody is asked: the script is written from the request alone.
        schema["properties"]["type"] = {"enum": ["Snowflake"]}
        schema["properties"]["config"] = {"enum": [INTEGRATION]}
    if "connection" not in schema["properties"]:
        return
    content["schema"] = {**schema, "properties": {**schema["properties"], "connection": CONNECTION}}
    if "connectionKey" in schema["properties"]:
        content["schema"]["properties"]["connectionKey"] = name_or("shop")


@schemathesis.hook
def filter_body(ctx, body):
    """Nothing that another platform would take, however it was generated."""
    connection = body.get("connection") if isinstance(body, dict) else None
    technology = connection.get("technology") if isinstance(connection, dict) else None
    databases = connection.get("databases") if isinstance(connection, dict) else None
    files = databases.values() if isinstance(databases, dict) else []
    return technology not in ("Snowflake", "Databricks") and not any(isinstance(file, str) and "://" in file for file in files)
