/** Names the Python interpreter that has fakesnow; unset where there is none. */
export const FAKESNOW_PYTHON = "CONNECTIONS_TEST_FAKESNOW_PYTHON";

/** Names the Python interpreter that has schemathesis; unset where there is none. */
export const SCHEMATHESIS_PYTHON = "CONNECTIONS_TEST_SCHEMATHESIS_PYTHON";
/** Where the Databricks server is asked for, as `http://127.0.0.1:port`; unset where there is none. */
export const DATABRICKS_SERVER = "CONNECTIONS_TEST_DATABRICKS_SERVER";
