-- What Databricks' SQL has and Spark's lacks, as functions of every session. Run in each new server.
CREATE FUNCTION is_account_group_member(wanted STRING) RETURNS BOOLEAN
  RETURN EXISTS (SELECT 1 FROM system.metastore.group_members WHERE group_name = wanted AND member = current_user());
CREATE FUNCTION current_metastore() RETURNS STRING RETURN 'aws:test-region:11111111-2222-3333-4444-555555555555';

-- The account's own tables, with the types that the metastore's database lacks. The bridge looks for them here.
CREATE DATABASE access;
CREATE VIEW access.table_lineage AS SELECT * FROM system.access.table_lineage;
CREATE VIEW access.column_lineage AS SELECT * FROM system.access.column_lineage;
CREATE VIEW access.audit AS
  SELECT event_time, event_date, workspace_id, from_json(user_identity, 'email STRING, subject_name STRING') AS user_identity, service_name,
    action_name, from_json(request_params, 'MAP<STRING, STRING>') AS request_params,
    from_json(response, 'status_code INT, error_message STRING, result STRING') AS response, event_id
  FROM system.access.audit;
CREATE DATABASE query;
CREATE VIEW query.history AS SELECT * FROM system.query.history;
