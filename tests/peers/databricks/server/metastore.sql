-- The metastore of the test server: `system.information_schema` in the columns that Databricks documents, and functions by which
-- tests change it as statements on an account would. Run in the database of the catalog `system`, whose own information_schema
-- PostgreSQL lets one drop.
DROP SCHEMA information_schema CASCADE;
CREATE SCHEMA information_schema;

CREATE TABLE information_schema.catalogs (
  catalog_name text PRIMARY KEY, catalog_owner text NOT NULL, comment text,
  created timestamp NOT NULL, created_by text NOT NULL, last_altered timestamp NOT NULL, last_altered_by text NOT NULL
);
CREATE TABLE information_schema.schemata (
  catalog_name text NOT NULL, schema_name text NOT NULL, schema_owner text NOT NULL, comment text,
  created timestamp NOT NULL, created_by text NOT NULL, last_altered timestamp NOT NULL, last_altered_by text NOT NULL,
  PRIMARY KEY (catalog_name, schema_name)
);
CREATE TABLE information_schema.tables (
  table_catalog text NOT NULL, table_schema text NOT NULL, table_name text NOT NULL, table_type text NOT NULL,
  is_insertable_into text NOT NULL, commit_action text NOT NULL, table_owner text NOT NULL, comment text,
  created timestamp NOT NULL, created_by text NOT NULL, last_altered timestamp NOT NULL, last_altered_by text NOT NULL,
  data_source_format text NOT NULL, storage_path text, storage_sub_directory text,
  PRIMARY KEY (table_catalog, table_schema, table_name)
);
CREATE TABLE information_schema.columns (
  table_catalog text NOT NULL, table_schema text NOT NULL, table_name text NOT NULL, column_name text NOT NULL,
  ordinal_position int NOT NULL, column_default text, is_nullable text NOT NULL, full_data_type text NOT NULL, data_type text NOT NULL,
  character_maximum_length bigint, numeric_precision int, numeric_scale int, comment text,
  PRIMARY KEY (table_catalog, table_schema, table_name, column_name)
);
CREATE TABLE information_schema.volumes (
  volume_catalog text NOT NULL, volume_schema text NOT NULL, volume_name text NOT NULL, volume_type text NOT NULL,
  volume_owner text NOT NULL, comment text,
  created timestamp NOT NULL, created_by text NOT NULL, last_altered timestamp NOT NULL, last_altered_by text NOT NULL,
  storage_location text, PRIMARY KEY (volume_catalog, volume_schema, volume_name)
);
CREATE TABLE information_schema.catalog_privileges (
  grantor text NOT NULL, grantee text NOT NULL, catalog_name text NOT NULL, privilege_type text NOT NULL, is_grantable text NOT NULL,
  inherited_from text NOT NULL
);
CREATE TABLE information_schema.schema_privileges (
  grantor text NOT NULL, grantee text NOT NULL, catalog_name text NOT NULL, schema_name text NOT NULL, privilege_type text NOT NULL,
  is_grantable text NOT NULL, inherited_from text NOT NULL
);
CREATE TABLE information_schema.table_privileges (
  grantor text NOT NULL, grantee text NOT NULL, table_catalog text NOT NULL, table_schema text NOT NULL, table_name text NOT NULL,
  privilege_type text NOT NULL, is_grantable text NOT NULL, inherited_from text NOT NULL
);

CREATE SCHEMA metastore;
CREATE FUNCTION metastore.at() RETURNS timestamp LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() AT TIME ZONE 'UTC' $$;

CREATE FUNCTION metastore.put_catalog(name text, about text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
  INSERT INTO information_schema.catalogs VALUES (name, 'admins', about, metastore.at(), 'admins', metastore.at(), 'admins')
  ON CONFLICT (catalog_name) DO UPDATE SET comment = about, last_altered = metastore.at()
$$;
-- Every catalog has the schema of its own views.
CREATE FUNCTION metastore.put_schema(catalog text, name text, about text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
  SELECT metastore.put_catalog(catalog) WHERE NOT EXISTS (SELECT FROM information_schema.catalogs WHERE catalog_name = catalog);
  INSERT INTO information_schema.schemata
    SELECT catalog, one, 'admins', about, metastore.at(), 'admins', metastore.at(), 'admins' FROM unnest(ARRAY[name, 'information_schema']) AS one
  ON CONFLICT (catalog_name, schema_name) DO NOTHING
$$;
-- Creates or replaces: `columns` is an array of {name, type, nullable?, comment?}.
CREATE FUNCTION metastore.put_table(catalog text, schema text, name text, columns jsonb, type text DEFAULT 'MANAGED', about text DEFAULT NULL)
RETURNS void LANGUAGE sql AS $$
  SELECT metastore.put_schema(catalog, schema)
    WHERE NOT EXISTS (SELECT FROM information_schema.schemata WHERE catalog_name = catalog AND schema_name = schema);
  INSERT INTO information_schema.tables
    VALUES (catalog, schema, name, type, 'YES', 'PRESERVE', 'owners', about, metastore.at(), 'owners', metastore.at(), 'owners', 'DELTA')
  ON CONFLICT (table_catalog, table_schema, table_name)
    DO UPDATE SET table_type = EXCLUDED.table_type, comment = EXCLUDED.comment, last_altered = EXCLUDED.last_altered;
  DELETE FROM information_schema.columns WHERE table_catalog = catalog AND table_schema = schema AND table_name = name;
  INSERT INTO information_schema.columns
    SELECT catalog, schema, name, one->>'name', place - 1, NULL, CASE WHEN (one->>'nullable') = 'false' THEN 'NO' ELSE 'YES' END,
      one->>'type', upper(split_part(one->>'type', '(', 1)), NULL, NULL, NULL, one->>'comment'
    FROM jsonb_array_elements(columns) WITH ORDINALITY AS list(one, place)
$$;
CREATE FUNCTION metastore.drop_table(catalog text, schema text, name text) RETURNS void LANGUAGE sql AS $$
  DELETE FROM information_schema.columns WHERE table_catalog = catalog AND table_schema = schema AND table_name = name;
  DELETE FROM information_schema.tables WHERE table_catalog = catalog AND table_schema = schema AND table_name = name
$$;
CREATE FUNCTION metastore.put_volume(catalog text, schema text, name text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO information_schema.volumes
    VALUES (catalog, schema, name, 'MANAGED', 'owners', NULL, metastore.at(), 'owners', metastore.at(), 'owners', NULL)
$$;
-- Many tables at once, in schemas of a hundred.
CREATE FUNCTION metastore.put_many(catalog text, tables int, columns_each int) RETURNS void LANGUAGE sql AS $$
  SELECT metastore.put_schema(catalog, 's' || lpad(s::text, 5, '0')) FROM generate_series(0, (tables - 1) / 100) AS s;
  INSERT INTO information_schema.tables
    SELECT catalog, 's' || lpad((t / 100)::text, 5, '0'), 't' || lpad(t::text, 7, '0'), 'MANAGED', 'YES', 'PRESERVE', 'owners', 'table number ' || t,
      metastore.at(), 'owners', metastore.at(), 'owners', 'DELTA'
    FROM generate_series(0, tables - 1) AS t;
  INSERT INTO information_schema.columns
    SELECT table_catalog, table_schema, table_name, 'column_' || c, c, NULL, 'YES', 'decimal(18,2)', 'DECIMAL', NULL, 18, 2, 'column number ' || c
    FROM information_schema.tables, generate_series(0, columns_each - 1) AS c WHERE table_catalog = catalog
$$;
CREATE FUNCTION metastore.drop_catalog(name text) RETURNS void LANGUAGE sql AS $$
  DELETE FROM information_schema.columns WHERE table_catalog = name;
  DELETE FROM information_schema.tables WHERE table_catalog = name;
  DELETE FROM information_schema.volumes WHERE volume_catalog = name;
  DELETE FROM information_schema.schemata WHERE catalog_name = name;
  DELETE FROM information_schema.catalogs WHERE catalog_name = name
$$;
-- Runs a GRANT or REVOKE on a catalog, a schema or a table, all of whose names are quoted.
CREATE FUNCTION metastore.run(statement text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  parts text[] := regexp_match(statement, '^(GRANT|REVOKE) ([A-Z, ]+) ON (CATALOG|SCHEMA|TABLE) (.+) (?:TO|FROM) `((?:[^`]|``)+)`;?$');
  names text[] := ARRAY(SELECT replace(name[1], '``', '`') FROM regexp_matches(parts[4], '`((?:[^`]|``)+)`', 'g') AS name);
  principal text := replace(parts[5], '``', '`');
  privileges text[] := ARRAY(SELECT replace(one, ' ', '_') FROM unnest(string_to_array(parts[2], ', ')) AS one);
BEGIN
  IF parts IS NULL OR cardinality(names) <> array_position(ARRAY['CATALOG', 'SCHEMA', 'TABLE'], parts[3]) THEN
    RAISE EXCEPTION 'the metastore cannot run: %', statement;
  END IF;
  IF parts[3] = 'CATALOG' THEN
    DELETE FROM information_schema.catalog_privileges WHERE grantee = principal AND catalog_name = names[1] AND privilege_type = ANY (privileges);
  ELSIF parts[3] = 'SCHEMA' THEN
    DELETE FROM information_schema.schema_privileges
      WHERE grantee = principal AND catalog_name = names[1] AND schema_name = names[2] AND privilege_type = ANY (privileges);
  ELSE
    DELETE FROM information_schema.table_privileges
      WHERE grantee = principal AND table_catalog = names[1] AND table_schema = names[2] AND table_name = names[3] AND privilege_type = ANY (privileges);
  END IF;
  IF parts[1] = 'REVOKE' THEN RETURN; END IF;
  -- What a grant names must be there.
  INSERT INTO information_schema.catalog_privileges
    SELECT 'admins', principal, catalog_name, unnest(privileges), 'NO', 'NONE' FROM information_schema.catalogs
    WHERE parts[3] = 'CATALOG' AND catalog_name = names[1];
  IF FOUND THEN RETURN; END IF;
  INSERT INTO information_schema.schema_privileges
    SELECT 'admins', principal, catalog_name, schema_name, unnest(privileges), 'NO', 'NONE' FROM information_schema.schemata
    WHERE parts[3] = 'SCHEMA' AND catalog_name = names[1] AND schema_name = names[2];
  IF FOUND THEN RETURN; END IF;
  INSERT INTO information_schema.table_privileges
    SELECT 'admins', principal, table_catalog, table_schema, table_name, unnest(privileges), 'NO', 'NONE' FROM information_schema.tables
    WHERE parts[3] = 'TABLE' AND table_catalog = names[1] AND table_schema = names[2] AND table_name = names[3];
  IF NOT FOUND THEN RAISE EXCEPTION 'there is nothing to grant on: %', statement; END IF;
END
$$;
-- The account's groups.
CREATE TABLE metastore.group_members (group_name text NOT NULL, member text NOT NULL);
CREATE FUNCTION metastore.clear() RETURNS void LANGUAGE sql AS $$
  TRUNCATE information_schema.columns, information_schema.tables, information_schema.volumes, information_schema.schemata,
    information_schema.catalogs, information_schema.catalog_privileges, information_schema.schema_privileges,
    information_schema.table_privileges, metastore.group_members
$$;
