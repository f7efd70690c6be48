"""What stock fakesnow does not know of its own objects, modelled after Snowflake's documentation.

Stock fakesnow shows every object as a base table of 1970, has no views in INFORMATION_SCHEMA.TABLES, ignores the
clauses of SHOW and refuses some statements. This keeps one row for each object that a statement made or changed:
 - INFORMATION_SCHEMA.TABLES and SCHEMATA with type, owner, comment and times;
 - SHOW DATABASES and SHOW SCHEMAS with IN DATABASE, STARTS WITH and LIMIT ... FROM, at most 10,000 rows at once;
 - EVENT, EXTERNAL and HYBRID tables, DROP DATABASE, names with quotes and dots; roles and warehouses succeed without an effect;
 - privileges granted to roles, which SHOW GRANTS tells (grants.py).
It shows that our statements run and are read right through the real driver, not that an account answers the same.
"""

import logging
import re
from string import Template

import fakesnow.cursor
import fakesnow.info_schema
import fakesnow.instance
import sqlglot
from fakesnow.cursor import FakeSnowflakeCursor

from grants import Grants

# Kind by database name, for databases that cannot be made here: IMPORTED DATABASE, PERSONAL DATABASE.
database_kinds = {}
grants = Grants()
SHOW_ROWS = 10_000

HOME = "_fs_global._fs_information_schema"
NOTES = f"{HOME}._notes"
OBJECTS = f"{HOME}._objects"
SCHEMAS = f"{HOME}._schemas"
OWN_DATABASES = "('memory', 'system', 'temp', '_fs_global')"

SETUP = f"""
create table if not exists {NOTES} (db varchar, sch varchar, name varchar, kind varchar, flags varchar,
  created timestamptz, altered timestamptz, owner varchar, comment varchar);
create or replace view {OBJECTS} as
select o.db, o.sch, o.name, coalesce(n.kind, o.kind) as kind, coalesce(n.flags, '') as flags,
  coalesce(n.created, to_timestamp(0)) as created, coalesce(n.altered, to_timestamp(0)) as altered,
  coalesce(n.owner, 'SYSADMIN') as owner, coalesce(nullif(c.comment, 'None'), n.comment) as comment
from (select database_name as db, schema_name as sch, table_name as name, 'BASE TABLE' as kind from duckdb_tables()
      union all select database_name, schema_name, view_name, 'VIEW' from duckdb_views() where not internal) o
left join {NOTES} n on n.db = o.db and n.sch = o.sch and n.name = o.name
left join {HOME}._fs_tables_ext c on c.ext_table_catalog = o.db and c.ext_table_schema = o.sch and c.ext_table_name = o.name
where o.db not in {OWN_DATABASES} and o.sch <> '_fs_information_schema';
create or replace view {SCHEMAS} as
select s.database_name as db, if(s.schema_name = '_fs_information_schema', 'INFORMATION_SCHEMA', s.schema_name) as name,
  coalesce(n.created, to_timestamp(0)) as created, coalesce(n.altered, to_timestamp(0)) as altered,
  coalesce(n.owner, 'SYSADMIN') as owner, n.comment
from duckdb_schemas() s left join {NOTES} n on n.db = s.database_name and n.sch = s.schema_name and n.kind = 'SCHEMA'
where s.database_name not in {OWN_DATABASES} and s.schema_name not in ('pg_catalog', 'information_schema')
  -- DuckDB makes a schema of this name in every database.
  and (s.schema_name <> 'main' or exists (select 1 from {NOTES} m where m.db = s.database_name and m.sch = 'main'));
attach if not exists ':memory:' as "SNOWFLAKE";
"""

TABLES = f"""
create or replace view "${{catalog}}"._fs_information_schema._fs_tables as
select db as "TABLE_CATALOG", sch as "TABLE_SCHEMA", name as "TABLE_NAME", owner as "TABLE_OWNER", kind as "TABLE_TYPE",
  if(contains(flags, 'TRANSIENT'), 'YES', 'NO') as "IS_TRANSIENT", null::bigint as "ROW_COUNT", null::bigint as "BYTES",
  created as "CREATED", altered as "LAST_ALTERED", altered as "LAST_DDL", owner as "LAST_DDL_BY", comment as "COMMENT",
  'NO' as "IS_TEMPORARY", if(contains(flags, 'ICEBERG'), 'YES', 'NO') as "IS_ICEBERG",
  if(contains(flags, 'DYNAMIC'), 'YES', 'NO') as "IS_DYNAMIC", if(contains(flags, 'HYBRID'), 'YES', 'NO') as "IS_HYBRID"
from {OBJECTS} where db = '${{catalog}}'"""
SCHEMATA = f"""
create or replace view "${{catalog}}"._fs_information_schema._fs_schemata as
select db as "CATALOG_NAME", name as "SCHEMA_NAME", owner as "SCHEMA_OWNER", created as "CREATED",
  altered as "LAST_ALTERED", comment as "COMMENT"
from {SCHEMAS} where db = '${{catalog}}'"""

TIME_DIGITS = "if(starts_with(columns.data_type, 'TIME'), 9, null)"

WITHOUT_EFFECT = re.compile(
    r"\s*(GRANT|REVOKE|USE\s+SECONDARY|(CREATE|ALTER|DROP)\s+(OR\s+REPLACE\s+)?(ROLE|WAREHOUSE|USER))\b", re.I
)
NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)'
TEXT = r"'((?:[^'\\]|''|\\.)*)'"
SHOW = re.compile(
    rf"\s*SHOW\s+(DATABASES|SCHEMAS)(?:\s+IN\s+DATABASE\s+({NAME}))?(?:\s+STARTS\s+WITH\s+{TEXT})?"
    rf"(?:\s+LIMIT\s+(\d+)(?:\s+FROM\s+{TEXT})?)?\s*;?\s*$",
    re.I,
)
CREATE = re.compile(r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?((?:\w+\s+)*?)(TABLE|VIEW|SCHEMA|DATABASE)\b", re.I)
CREATE_SCHEMA = re.compile(rf"\s*CREATE\s+SCHEMA\s+({NAME})\.({NAME})(?:\s|;|$)", re.I)
COLUMN_COMMENT = re.compile(rf"\s*COMMENT\s+ON\s+COLUMN\s+({NAME})\.({NAME})\.({NAME})\.{NAME}\s+IS\s", re.I)
DROP_DATABASE = re.compile(rf"\s*DROP\s+DATABASE\s+({NAME})\s*;?\s*$", re.I)
RENAME = re.compile(rf"\bRENAME\s+TO\s+((?:{NAME}\.)*{NAME})\s*;?\s*$", re.I)
COMMENT = re.compile(rf"\bCOMMENT\s*=\s*{TEXT}", re.I)
EVENT_COLUMNS = "(TIMESTAMP TIMESTAMP_NTZ, RECORD_TYPE VARCHAR, RECORD VARIANT, VALUE VARIANT)"
NOTED = ("CREATE", "ALTER", "DROP", "COMMENT")


class QuotedTemplate(Template):
    """For SQL whose values are names inside a text: fakesnow puts them there as they are."""

    def substitute(self, **values):
        return super().substitute({name: str(value).replace("'", "''") for name, value in values.items()})


def install():
    """Takes the place of fakesnow's own views and of its cursor's `execute`."""
    fakesnow.info_schema.SQL_CREATE_INFORMATION_SCHEMA_TABLES_VIEW = Template(TABLES)
    fakesnow.info_schema.SQL_CREATE_INFORMATION_SCHEMA_SCHEMATA_VIEW = Template(SCHEMATA)
    columns = fakesnow.info_schema.SQL_CREATE_GLOBAL_INFORMATION_SCHEMA_COLUMNS_VIEW
    fakesnow.info_schema.SQL_CREATE_GLOBAL_INFORMATION_SCHEMA_COLUMNS_VIEW = columns.replace(
        "COLLATION_NAME,", f"{TIME_DIGITS} as DATETIME_PRECISION, COLLATION_NAME,"
    )
    FakeSnowflakeCursor.execute = execute
    for name, value in vars(fakesnow.cursor).items():
        if name.startswith("SQL_") and isinstance(value, Template):
            setattr(fakesnow.cursor, name, QuotedTemplate(value.template))
    FakeSnow = fakesnow.instance.FakeSnow
    start = FakeSnow.__init__

    def start_with_catalog(self, *arguments, **named):
        start(self, *arguments, **named)
        self.duck_conn.execute(SETUP)

    FakeSnow.__init__ = start_with_catalog


_execute = FakeSnowflakeCursor.execute


def execute(self, command, *arguments, **named):
    duck = self._duck_conn
    if shown := SHOW.match(command):
        return answer(self, show(shown, self._conn))
    if told := grants.show(command):
        return answer(self, told)
    if grants.run(command, lambda kind, container: objects_of(duck, kind, container)) or WITHOUT_EFFECT.match(command):
        return answer(self, "select 'Statement executed successfully.' as status")
    if dropped := DROP_DATABASE.match(command):
        return drop_database(self, name_of(dropped[1]))
    if made := CREATE_SCHEMA.match(command):
        return create_schema(self, command, name_of(made[1]), name_of(made[2]))
    if commented := COLUMN_COMMENT.match(command):
        duck.execute(command)
        table = [name_of(part) for part in commented.groups()]
        duck.execute(f"update {NOTES} set altered = now() where db = ? and sch = ? and name = ?", table)
        return answer(self, "select 'Statement executed successfully.' as status")
    word = command.split(None, 1)[0].upper()
    if word not in NOTED:
        return _execute(self, command, *arguments, **named)
    statement, kind, flags = accepted(command)
    place = (self._conn.database, self._conn.schema)
    result = _execute(self, statement, *arguments, **named)
    note(duck, statement, word, kind, flags, place)
    return result


def objects_of(duck, kind, container):
    """The qualified names of a container's objects of a kind, schemas included."""
    if kind == "SCHEMA":
        return duck.execute(f"select db, name from {SCHEMAS} where db = ?", container).fetchall()
    where = " and ".join(["kind = ?", "db = ?", "sch = ?"][: len(container) + 1])
    found = duck.execute(f"select db, sch, name from {OBJECTS} where {where}", ["BASE TABLE" if kind == "TABLE" else kind, *container])
    return found.fetchall()


def answer(self, sql):
    self._execute(sqlglot.parse_one(sql, read="duckdb"), None)
    return self


def show(shown, session):
    what, database, prefix, limit, after = shown.groups()
    where = []
    if what.upper() == "DATABASES":
        kinds = " ".join(f"when {text(name)} then {text(kind)}" for name, kind in database_kinds.items())
        source = f"""(select d.database_name as name, coalesce(n.created, to_timestamp(0)) as created,
            coalesce(n.owner, 'SYSADMIN') as owner, n.comment,
            case d.database_name when 'SNOWFLAKE' then 'APPLICATION' {kinds} else 'STANDARD' end as kind
          from duckdb_databases() d left join {NOTES} n on n.db = d.database_name and n.kind = 'DATABASE'
          where not d.internal and d.database_name not in {OWN_DATABASES})"""
        columns = """created as "created_on", name as "name", 'N' as "is_default", 'N' as "is_current", '' as "origin",
          owner as "owner", coalesce(comment, '') as "comment", '' as "options", '1' as "retention_time", kind as "kind\""""
    else:
        source = SCHEMAS
        where.append(f"db = {text(name_of(database) if database else session.database)}")
        columns = """created as "created_on", name as "name", 'N' as "is_default", 'N' as "is_current",
          db as "database_name", owner as "owner", coalesce(comment, '') as "comment", '' as "options"
          """
    if prefix is not None:
        where.append(f"starts_with(name, {text(unescaped(prefix))})")
    if after is not None:
        where.append(f"name > {text(unescaped(after))}")
    condition = f" where {' and '.join(where)}" if where else ""
    return f"select {columns} from {source}{condition} order by name limit {min(int(limit or SHOW_ROWS), SHOW_ROWS)}"


def create_schema(self, command, database, name):
    """Past fakesnow, which makes the schema the session's by a statement that quotes and dots in the name break."""
    if name != "main":
        self._duck_conn.execute(f"create schema {identifier(database)}.{identifier(name)}")
    note(self._duck_conn, command, "CREATE", "SCHEMA", "", (database, name))
    return answer(self, f"select {text(f'Schema {name} successfully created.')} as status")


def drop_database(self, name):
    duck, session = self._duck_conn, self._conn
    if session.database == name:
        duck.execute("use memory")
        session.database = session._schema = None
        session.database_set = session.schema_set = False
    duck.execute(f"detach {identifier(name)}")
    duck.execute(f"delete from {NOTES} where db = ?", [name])
    return answer(self, f"select {text(name + ' successfully dropped.')} as status")


def accepted(command):
    """The statement in a form that fakesnow takes, the object's kind and what else its words say."""
    made = CREATE.match(command)
    if not made:
        return command, None, ""
    words, kind = made[1].upper().split(), made[2].upper()
    if kind == "TABLE":
        kind = "BASE TABLE"
    for word in ("EVENT", "EXTERNAL", "HYBRID"):
        if word not in words:
            continue
        command = re.sub(rf"\b{word}\s+TABLE\b", "TABLE", command, count=1, flags=re.I)
        if word == "EVENT":
            command = re.sub(rf"(\bTABLE\s+{NAME}(?:\.{NAME})*).*", rf"\1 {EVENT_COLUMNS}", command, flags=re.I | re.S)
        if word == "EXTERNAL":
            command = re.split(r"\b(?:WITH\s+)?LOCATION\s*=", command, flags=re.I)[0] + " (VALUE VARIANT)"
        if word != "HYBRID":
            kind = f"{word} TABLE"
    if "MATERIALIZED" in words:
        kind = "MATERIALIZED VIEW"
    return command, kind, " ".join(words)


def note(duck, statement, word, kind, flags, place):
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    parsed = sqlglot.parse_one(statement, read="snowflake")
    table = parsed.find(sqlglot.exp.Table)
    if table is None:
        return
    names = [name_of(part.sql(dialect="snowflake")) for part in table.parts]
    what = (kind or str(parsed.args.get("kind") or "TABLE")).upper()
    if what == "DATABASE":
        key = [names[0], "", ""]
    elif what == "SCHEMA":
        key = [*[place[0], *names][-2:], ""]
    else:
        key = [*place, *names][-3:]
    here = "db = ? and sch = ? and name = ?"
    if word in ("CREATE", "DROP"):
        duck.execute(f"delete from {NOTES} where {'db = ? and sch = ?' if what == 'SCHEMA' else here}", key[: 2 if what == "SCHEMA" else 3])
    if word == "CREATE":
        said = COMMENT.search(statement)
        comment = unescaped(said[1]) if said else None
        duck.execute(
            f"insert into {NOTES} values (?, ?, ?, ?, ?, now(), now(), 'ACCOUNTADMIN', ?)", [*key, what, flags, comment]
        )
    elif word != "DROP":
        duck.execute(f"update {NOTES} set altered = now() where {here}", key)
        if renamed := RENAME.search(statement):
            new = [name_of(part) for part in re.findall(NAME, renamed[1])]
            duck.execute(f"update {NOTES} set db = ?, sch = ?, name = ? where {here}", [*key[: 3 - len(new)], *new, *key])


def name_of(written):
    return written[1:-1].replace('""', '"') if written.startswith('"') else written.upper()


def identifier(name):
    return '"' + name.replace('"', '""') + '"'


def text(value):
    return "'" + (value or "").replace("'", "''") + "'"


def unescaped(written):
    """The text of a Snowflake literal, in which a backslash escapes what follows."""
    return re.sub(r"''|\\(.)", lambda found: found[1] or "'", written)
