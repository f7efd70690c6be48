import { identityStoreContract } from "../contract/identity-store";
import { storeContract } from "../contract/store";
import { newDatabase, openTestStore, testPostgres } from "../support/store";
import type { IdentityStore } from "../../sdk/model/identity-store";
import type { Store } from "../../sdk/model/store";

const server = testPostgres();
const opened: Store[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

function open(address: string): Store & IdentityStore {
  const store = openTestStore(address);
  opened.push(store);
  return store;
}

describe("PostgreSQL", () => {
  const database = async () => {
    const address = newDatabase(server!);
    return { store: open(address), reopen: () => open(address) };
  };
  storeContract("PostgreSQL", database);
  identityStoreContract("PostgreSQL", database);
});
