"""Makes a database of many tables at once, without the wire: seed.py FOLDER DATABASE SCHEMAS TABLES COLUMNS.

For a server started with `--db-path FOLDER`. TABLES are those of each schema; 0 makes schemas alone.
"""

import sys

import duckdb

TYPES = ["DECIMAL(38,0)", "VARCHAR", "TIMESTAMP", "DOUBLE", "BOOLEAN", "DATE", "JSON", "TIMESTAMPTZ", "BLOB", "DECIMAL(12,2)"]


def main(folder, database, schemas, tables, columns):
    connection = duckdb.connect(f"{folder}/{database}.db")
    listed = ", ".join(f"C{index} {TYPES[index % len(TYPES)]}" for index in range(int(columns)))
    connection.execute("BEGIN")
    for schema in range(int(schemas)):
        connection.execute(f"CREATE SCHEMA S{schema:05d}")
        for table in range(int(tables)):
            connection.execute(f"CREATE TABLE S{schema:05d}.T{table:05d} ({listed})")
    connection.execute("COMMIT")
    connection.close()


main(*sys.argv[1:])
