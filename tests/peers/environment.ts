/** Names the Python interpreter that has fakesnow; unset where there is none. */
export const FAKESNOW_PYTHON = "CONNECTIONS_TEST_FAKESNOW_PYTHON";
