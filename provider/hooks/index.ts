import { adapt } from "./adapter";
import { connectionKind } from "./core/connection-kind";
import { governanceRulesKind } from "./core/governance-rules-kind";
import { objectOwnersKind } from "./core/object-owners-kind";
import { objectStatusesKind } from "./core/object-statuses-kind";
import { legacyRegistrationKind } from "./core/legacy/legacy-registration-kind";
import { objectSettingKind } from "./core/object-setting-kind";

export const connection = adapt(connectionKind);
export const objectStatus = adapt(objectSettingKind("isActive"));
export const activationSetting = adapt(objectSettingKind("activateNewChildren"));
export const objectStatuses = adapt(objectStatusesKind);
export const objectOwners = adapt(objectOwnersKind);
export const governanceRules = adapt(governanceRulesKind);
export const legacyRegistration = adapt(legacyRegistrationKind);
