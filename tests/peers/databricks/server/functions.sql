-- What Databricks' SQL has and Spark's lacks, as functions of every session. Run in each new server.
CREATE FUNCTION is_account_group_member(wanted STRING) RETURNS BOOLEAN
  RETURN EXISTS (SELECT 1 FROM system.metastore.group_members WHERE group_name = wanted AND member = current_user());
CREATE FUNCTION current_metastore() RETURNS STRING RETURN 'aws:test-region:11111111-2222-3333-4444-555555555555';
