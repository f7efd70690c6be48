"""GRANT and REVOKE of privileges, and what SHOW GRANTS and SHOW FUTURE GRANTS tell of them, modelled after Snowflake's documentation.

Grants are noted, not enforced: a role sees every object all the same. Roles are not granted to roles here.
"""

import re

NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)'
ROLE = rf"(?:ROLE\s+)?({NAME})\s*;?\s*$"
GRANT = re.compile(rf"\s*(GRANT|REVOKE)\s+(.+?)\s+ON\s+(.+?)\s+(?:TO|FROM)\s+{ROLE}", re.I | re.S)
BULK = re.compile(r"(ALL|FUTURE)\s+(.+?)\s+IN\s+(DATABASE|SCHEMA)\s+(.+)$", re.I | re.S)
TARGET = re.compile(rf"((?:[A-Z]+\s+)*?[A-Z]+)\s+({NAME}(?:\.{NAME})*)$", re.I | re.S)
SHOW = re.compile(rf"\s*SHOW\s+(FUTURE\s+)?GRANTS\s+TO\s+(DATABASE\s+)?ROLE\s+({NAME}(?:\.{NAME})*)\s*;?\s*$", re.I)


class Grants:
    """What the roles of one account hold: (role, privilege, kind, qualified name)."""

    def __init__(self):
        self.present = {}
        self.future = {}

    def run(self, command, tables):
        """Whether the statement was a GRANT or REVOKE of privileges. `tables(kind, names)` lists the names of a container's objects."""
        found = GRANT.match(command)
        if not found:
            return False
        verb, privileges, target, role = found[1].upper(), found[2].upper(), found[3], name_of(found[4])
        for privilege in re.split(r"\s*,\s*", privileges):
            for where, kind, name in self.targets(target, tables):
                key = (role, privilege, kind, name)
                if verb == "GRANT":
                    where[key] = True
                else:
                    where.pop(key, None)
        return True

    def targets(self, target, tables):
        bulk = BULK.match(target)
        if bulk:
            kind, container = singular(bulk[2].upper()), names_of(bulk[4])
            if bulk[1].upper() == "FUTURE":
                return [(self.future, kind, ".".join(map(written, container)) + f".<{kind}>")]
            return [(self.present, kind, ".".join(map(written, names))) for names in tables(kind, container)]
        single = TARGET.match(target)
        return [(self.present, single[1].upper(), ".".join(map(written, names_of(single[2]))))]

    def show(self, command):
        """The answer's rows as SQL; None for another statement."""
        shown = SHOW.match(command)
        if not shown:
            return None
        on = "grant_on" if shown[1] else "granted_on"
        to = "grant_to" if shown[1] else "granted_to"
        role = name_of(shown[3]) if not shown[2] else shown[3]
        rows = [
            f"(to_timestamp(0), {text(privilege)}, {text(kind.replace(' ', '_'))}, {text(name)}, 'ROLE', {text(role)}, 'false')"
            for grantee, privilege, kind, name in (self.future if shown[1] else self.present)
            if grantee == role
        ]
        values = ", ".join(rows) or "(null, null, null, null, null, null, null)"
        columns = f'"created_on", "privilege", "{on}", "name", "{to}", "grantee_name", "grant_option"'
        return f"select * from (values {values}) as grants({columns}) where privilege is not null"


def singular(plural):
    return re.sub(r"S$", "", plural)


def names_of(qualified):
    return [name_of(part) for part in re.findall(NAME, qualified)]


def name_of(given):
    return given[1:-1].replace('""', '"') if given.startswith('"') else given.upper()


def written(name):
    return name if re.match(r"^[A-Z_][A-Z0-9_$]*$", name) else '"' + name.replace('"', '""') + '"'


def text(value):
    return "'" + value.replace("'", "''") + "'"
