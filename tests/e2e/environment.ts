/** Names the folder of the Pulumi CLI for the tests; unset where there is none. */
export const BIN_DIR = "CONNECTIONS_E2E_BIN_DIR";
