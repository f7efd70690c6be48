-- What a Databricks account tells of its activity: the tags of the metastore, and the tables of `system.access` and `system.query` in
-- the columns that Databricks documents (of the audit, those that are read; what is a map or a struct there is JSON here).
CREATE TABLE information_schema.catalog_tags (catalog_name text NOT NULL, tag_name text NOT NULL, tag_value text NOT NULL);
CREATE TABLE information_schema.schema_tags (catalog_name text NOT NULL, schema_name text NOT NULL, tag_name text NOT NULL, tag_value text NOT NULL);
CREATE TABLE information_schema.table_tags (
  catalog_name text NOT NULL, schema_name text NOT NULL, table_name text NOT NULL, tag_name text NOT NULL, tag_value text NOT NULL
);
CREATE TABLE information_schema.column_tags (
  catalog_name text NOT NULL, schema_name text NOT NULL, table_name text NOT NULL, column_name text NOT NULL,
  tag_name text NOT NULL, tag_value text NOT NULL
);

CREATE SCHEMA access;
CREATE TABLE access.table_lineage (
  account_id text, metastore_id text, workspace_id text, entity_type text, entity_id text, entity_run_id text,
  source_table_full_name text, source_table_catalog text, source_table_schema text, source_table_name text, source_path text, source_type text,
  target_table_full_name text, target_table_catalog text, target_table_schema text, target_table_name text, target_path text, target_type text,
  created_by text, event_time timestamptz, event_date date, record_id text, event_id text, statement_id text
);
CREATE TABLE access.column_lineage (LIKE access.table_lineage, source_column_name text, target_column_name text);
CREATE TABLE access.audit (
  event_time timestamptz, event_date date, workspace_id bigint, user_identity text, service_name text, action_name text, request_params text,
  response text, event_id text
);

CREATE SCHEMA query;
CREATE TABLE query.history (
  account_id text, workspace_id text, statement_id text, session_id text, execution_status text, executed_by_user_id text, executed_by text,
  statement_text text, statement_type text, error_message text, start_time timestamptz, end_time timestamptz, update_time timestamptz,
  executed_as text, executed_as_user_id text
);

-- Rows whose parts are named in an object of JSON by the tables' own columns; the day of an event is that of its time.
CREATE FUNCTION metastore.put_row(place regclass, parts jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  dated jsonb := parts || CASE WHEN parts ? 'event_time'
    THEN jsonb_build_object('event_date', ((parts->>'event_time')::timestamptz AT TIME ZONE 'UTC')::date) ELSE '{}' END;
BEGIN
  EXECUTE format('INSERT INTO %s SELECT * FROM jsonb_populate_record(NULL::%s, $1)', place, place) USING dated;
END
$$;
CREATE FUNCTION metastore.clear_activity() RETURNS void LANGUAGE sql AS $$
  TRUNCATE information_schema.catalog_tags, information_schema.schema_tags, information_schema.table_tags, information_schema.column_tags,
    access.table_lineage, access.column_lineage, access.audit, query.history
$$;
