/** Where global-setup.ts puts the path of the browser. */
export const CHROMIUM = "CONNECTIONS_TEST_CHROMIUM";
