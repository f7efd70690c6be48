-- The information_schema of one catalog: the metastore's rows of it. Run in a database of its own with `catalog`, `host` and `port` set.
DROP SCHEMA information_schema CASCADE;
CREATE SCHEMA information_schema;
CREATE SCHEMA metastore;
CREATE EXTENSION postgres_fdw;
CREATE SERVER metastore FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'host', port :'port', dbname 'catalog_system', fetch_size '10000');
CREATE USER MAPPING FOR CURRENT_USER SERVER metastore OPTIONS (user 'tester');
IMPORT FOREIGN SCHEMA information_schema FROM SERVER metastore INTO metastore;
CREATE VIEW information_schema.catalogs AS SELECT * FROM metastore.catalogs WHERE catalog_name = :'catalog';
CREATE VIEW information_schema.schemata AS SELECT * FROM metastore.schemata WHERE catalog_name = :'catalog';
CREATE VIEW information_schema.tables AS SELECT * FROM metastore.tables WHERE table_catalog = :'catalog';
CREATE VIEW information_schema.columns AS SELECT * FROM metastore.columns WHERE table_catalog = :'catalog';
CREATE VIEW information_schema.volumes AS SELECT * FROM metastore.volumes WHERE volume_catalog = :'catalog';
CREATE VIEW information_schema.catalog_tags AS SELECT * FROM metastore.catalog_tags WHERE catalog_name = :'catalog';
CREATE VIEW information_schema.schema_tags AS SELECT * FROM metastore.schema_tags WHERE catalog_name = :'catalog';
CREATE VIEW information_schema.table_tags AS SELECT * FROM metastore.table_tags WHERE catalog_name = :'catalog';
CREATE VIEW information_schema.column_tags AS SELECT * FROM metastore.column_tags WHERE catalog_name = :'catalog';
