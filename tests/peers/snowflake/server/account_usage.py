"""SNOWFLAKE.ACCOUNT_USAGE, which stock fakesnow does not have: its views as empty tables that tests fill.

Of the columns that Snowflake documents, those that are read here and those that a test needs to say what a row is.
"""

import re

DATABASE = "SNOWFLAKE"
IS_READ = re.compile(r"\bSNOWFLAKE\.ACCOUNT_USAGE\.")

VIEWS = {
    "TAG_REFERENCES": """tag_database varchar, tag_schema varchar, tag_id bigint, tag_name varchar, tag_value varchar,
        object_database varchar, object_schema varchar, object_id bigint, object_name varchar, object_deleted timestamptz,
        domain varchar, column_id bigint, column_name varchar""",
    "OBJECT_DEPENDENCIES": """referenced_database varchar, referenced_schema varchar, referenced_object_name varchar,
        referenced_object_id bigint, referenced_object_domain varchar, referencing_database varchar, referencing_schema varchar,
        referencing_object_name varchar, referencing_object_id bigint, referencing_object_domain varchar, dependency_type varchar""",
    "QUERY_HISTORY": """query_id varchar, query_text varchar, query_type varchar, user_name varchar, role_name varchar,
        execution_status varchar, start_time timestamptz, end_time timestamptz, query_hash varchar,
        query_parameterized_hash varchar""",
    "ACCESS_HISTORY": """query_id varchar, query_start_time timestamptz, user_name varchar, direct_objects_accessed json,
        base_objects_accessed json, objects_modified json, object_modified_by_ddl json""",
}


def create(duck):
    duck.execute(f"create schema if not exists {DATABASE}.ACCOUNT_USAGE")
    for name, columns in VIEWS.items():
        duck.execute(f"create table if not exists {DATABASE}.ACCOUNT_USAGE.{name} ({columns})")
