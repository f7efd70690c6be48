import type * as pulumi from "@pulumi/pulumi";

type Provider = pulumi.dynamic.ResourceProvider<Record<string, unknown>, Record<string, unknown>>;

/*
 * The text of these functions is stored in the state of every resource and runs years later against whatever version of
 * the package is installed then: it is a wire contract. Only arrows that load the package by name, no free variables,
 * nothing captured; a test pins the serialized text. The entry and its exports must keep working for every state ever
 * written.
 */

export const connectionProvider: Provider = {
  configure: (request) => import("pulumi-connections/hooks").then((m) => m.connection.configure(request)),
  check: (olds, news) => import("pulumi-connections/hooks").then((m) => m.connection.check(olds, news)),
  diff: (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.connection.diff(id, olds, news)),
  create: (inputs) => import("pulumi-connections/hooks").then((m) => m.connection.create(inputs)),
  read: (id, props) => import("pulumi-connections/hooks").then((m) => m.connection.read(id, props)),
  update: (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.connection.update(id, olds, news)),
  delete: (id, props) => import("pulumi-connections/hooks").then((m) => m.connection.delete(id, props)),
};

export const objectStatusProvider: Provider = {
  configure: (request) => import("pulumi-connections/hooks").then((m) => m.objectStatus.configure(request)),
  check: (olds, news) => import("pulumi-connections/hooks").then((m) => m.objectStatus.check(olds, news)),
  diff: (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.objectStatus.diff(id, olds, news)),
  create: (inputs) => import("pulumi-connections/hooks").then((m) => m.objectStatus.create(inputs)),
  read: (id, props) => import("pulumi-connections/hooks").then((m) => m.objectStatus.read(id, props)),
  update: (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.objectStatus.update(id, olds, news)),
  delete: (id, props) => import("pulumi-connections/hooks").then((m) => m.objectStatus.delete(id, props)),
};

export const activationSettingProvider: Provider = {
  configure: (request) => import("pulumi-connections/hooks").then((m) => m.activationSetting.configure(request)),
  check: (olds, news) => import("pulumi-connections/hooks").then((m) => m.activationSetting.check(olds, news)),
  diff: (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.activationSetting.diff(id, olds, news)),
  create: (inputs) => import("pulumi-connections/hooks").then((m) => m.activationSetting.create(inputs)),
  read: (id, props) => import("pulumi-connections/hooks").then((m) => m.activationSetting.read(id, props)),
  update: (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.activationSetting.update(id, olds, news)),
  delete: (id, props) => import("pulumi-connections/hooks").then((m) => m.activationSetting.delete(id, props)),
};

export const objectStatusesProvider: Provider = {
  configure: (request) => import("pulumi-connections/hooks").then((m) => m.objectStatuses.configure(request)),
  check: (olds, news) => import("pulumi-connections/hooks").then((m) => m.objectStatuses.check(olds, news)),
  diff: (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.objectStatuses.diff(id, olds, news)),
  create: (inputs) => import("pulumi-connections/hooks").then((m) => m.objectStatuses.create(inputs)),
  read: (id, props) => import("pulumi-connections/hooks").then((m) => m.objectStatuses.read(id, props)),
  update: (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.objectStatuses.update(id, olds, news)),
  delete: (id, props) => import("pulumi-connections/hooks").then((m) => m.objectStatuses.delete(id, props)),
};

export const objectOwnersProvider: Provider = {
  configure: (request) => import("pulumi-connections/hooks").then((m) => m.objectOwners.configure(request)),
  check: (olds, news) => import("pulumi-connections/hooks").then((m) => m.objectOwners.check(olds, news)),
  diff: (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.objectOwners.diff(id, olds, news)),
  create: (inputs) => import("pulumi-connections/hooks").then((m) => m.objectOwners.create(inputs)),
  read: (id, props) => import("pulumi-connections/hooks").then((m) => m.objectOwners.read(id, props)),
  update: (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.objectOwners.update(id, olds, news)),
  delete: (id, props) => import("pulumi-connections/hooks").then((m) => m.objectOwners.delete(id, props)),
};

export const governanceRulesProvider: Provider = {
  configure: (request) => import("pulumi-connections/hooks").then((m) => m.governanceRules.configure(request)),
  check: (olds, news) => import("pulumi-connections/hooks").then((m) => m.governanceRules.check(olds, news)),
  diff: (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.governanceRules.diff(id, olds, news)),
  create: (inputs) => import("pulumi-connections/hooks").then((m) => m.governanceRules.create(inputs)),
  read: (id, props) => import("pulumi-connections/hooks").then((m) => m.governanceRules.read(id, props)),
  update: (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.governanceRules.update(id, olds, news)),
  delete: (id, props) => import("pulumi-connections/hooks").then((m) => m.governanceRules.delete(id, props)),
};

export const legacyRegistrationProvider: Provider = {
  configure: (request) => import("pulumi-connections/hooks").then((m) => m.legacyRegistration.configure(request)),
  check: (olds, news) => import("pulumi-connections/hooks").then((m) => m.legacyRegistration.check(olds, news)),
  diff: (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.legacyRegistration.diff(id, olds, news)),
  create: (inputs) => import("pulumi-connections/hooks").then((m) => m.legacyRegistration.create(inputs)),
  read: (id, props) => import("pulumi-connections/hooks").then((m) => m.legacyRegistration.read(id, props)),
  update: (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.legacyRegistration.update(id, olds, news)),
  delete: (id, props) => import("pulumi-connections/hooks").then((m) => m.legacyRegistration.delete(id, props)),
};
