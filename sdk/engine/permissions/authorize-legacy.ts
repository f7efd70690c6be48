import type { Caller } from "../../model/caller";
import { ForbiddenError } from "../../model/errors";
import type { LegacyApi } from "../../model/legacy-api";
import { isAllowed, refusal, type Operation } from "./table";

/** The operation that each call of the former API is. */
const OPERATIONS: Readonly<Record<keyof LegacyApi, Operation>> = {
  register: "changeLegacy",
  replaceHandler: "changeLegacy",
  deleteHandler: "changeLegacy",
  editConnections: "changeLegacy",
  saveCollection: "changeLegacy",
  deleteCollection: "changeLegacy",
  list: "readLegacy",
  get: "readLegacy",
  getByName: "readLegacy",
  setEnabled: "changeLegacy",
  delete: "changeLegacy",
  changeMany: "changeLegacy",
  detect: "changeLegacy",
  listIntegrations: "readLegacy",
  createIntegration: "configureIntegration",
  deleteIntegration: "configureIntegration",
};

/** The former API as a caller may use it. It knows no roles on objects: there were none. */
export function authorizeLegacy(inner: LegacyApi, caller: Caller): LegacyApi {
  const check = <Arguments extends unknown[], Result>(name: keyof LegacyApi, call: (...args: Arguments) => Promise<Result>) => {
    return async (...args: Arguments): Promise<Result> => {
      const operation = OPERATIONS[name];
      if (!isAllowed(operation, new Set(caller.permissions))) throw new ForbiddenError(refusal(caller, operation));
      return call(...args);
    };
  };
  return {
    register: check("register", (...args: Parameters<LegacyApi["register"]>) => inner.register(...args)),
    replaceHandler: check("replaceHandler", (...args: Parameters<LegacyApi["replaceHandler"]>) => inner.replaceHandler(...args)),
    deleteHandler: check("deleteHandler", (...args: Parameters<LegacyApi["deleteHandler"]>) => inner.deleteHandler(...args)),
    editConnections: check("editConnections", (...args: Parameters<LegacyApi["editConnections"]>) => inner.editConnections(...args)),
    saveCollection: check("saveCollection", (...args: Parameters<LegacyApi["saveCollection"]>) => inner.saveCollection(...args)),
    deleteCollection: check("deleteCollection", (...args: Parameters<LegacyApi["deleteCollection"]>) => inner.deleteCollection(...args)),
    list: check("list", (...args: Parameters<LegacyApi["list"]>) => inner.list(...args)),
    get: check("get", (...args: Parameters<LegacyApi["get"]>) => inner.get(...args)),
    getByName: check("getByName", (...args: Parameters<LegacyApi["getByName"]>) => inner.getByName(...args)),
    setEnabled: check("setEnabled", (...args: Parameters<LegacyApi["setEnabled"]>) => inner.setEnabled(...args)),
    delete: check("delete", (...args: Parameters<LegacyApi["delete"]>) => inner.delete(...args)),
    changeMany: check("changeMany", (...args: Parameters<LegacyApi["changeMany"]>) => inner.changeMany(...args)),
    detect: check("detect", (...args: Parameters<LegacyApi["detect"]>) => inner.detect(...args)),
    listIntegrations: check("listIntegrations", (...args: Parameters<LegacyApi["listIntegrations"]>) => inner.listIntegrations(...args)),
    createIntegration: check("createIntegration", (...args: Parameters<LegacyApi["createIntegration"]>) =>
      inner.createIntegration(...args),
    ),
    deleteIntegration: check("deleteIntegration", (...args: Parameters<LegacyApi["deleteIntegration"]>) =>
      inner.deleteIntegration(...args),
    ),
  };
}
