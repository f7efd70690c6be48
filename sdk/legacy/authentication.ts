import { KEY_PASSWORD_OPTION } from "../model/legacy/read-address";
import type { LegacyRegistration } from "../model/legacy/registration";
import { REDACTED } from "../model/secret-fields";

/** The part of `connection` that logs in; secrets that the registration does not hold say `[REDACTED]`. */
export type AuthenticationFields = Readonly<Record<string, unknown>>;

const CERTIFICATE_FILE = "oauth client certificate";

/**
 * How a connection logs in where the registration did (contract: conversion rules); undefined where connections have no such
 * way. Only Snowflake and Databricks.
 */
export function authenticationOf(registration: LegacyRegistration): AuthenticationFields | undefined {
  return registration.technology === "Databricks" ? ofDatabricks(registration) : ofSnowflake(registration);
}

/** The way of logging in that a registration names, for messages. */
export function methodOf({ login }: LegacyRegistration): string {
  return login.authenticationMethod ?? (login.username === undefined ? "none" : `user ${login.username}`);
}

function ofSnowflake(registration: LegacyRegistration): AuthenticationFields | undefined {
  const { login } = registration;
  switch (login.authenticationMethod) {
    case undefined:
    case "userPassword":
      return { authenticationType: "userPassword", username: login.username, password: login.password ?? REDACTED };
    case "keyPair":
    case "PRIV_KEY_FILE":
      return keyPair(registration);
    case "oAuthClientCredentials":
      return { authenticationType: "oAuthClientCredentials", oAuthClientConfig: clientConfig(registration) };
    default:
      return undefined;
  }
}

/** A password is a personal access token where the user is called so or has no name. */
function ofDatabricks(registration: LegacyRegistration): AuthenticationFields | undefined {
  const { authenticationMethod, username, password } = registration.login;
  switch (authenticationMethod) {
    case "oAuthM2M":
      return { authenticationType: "oAuthM2M", oAuthClientConfig: clientConfig(registration) };
    case undefined:
    case "token":
    case "userPassword":
      if (username !== undefined && username.toLowerCase() !== "token") return undefined;
      return { authenticationType: "token", token: password ?? REDACTED };
    default:
      return undefined;
  }
}

function keyPair({ login, stringOptions }: LegacyRegistration): AuthenticationFields {
  const file = login.files.find(({ keyName }) => keyName === "PRIV_KEY_FILE") ?? login.files[0];
  const password = stringOptions.find(({ name }) => name.toLowerCase() === KEY_PASSWORD_OPTION)?.value;
  return {
    authenticationType: "keyPair",
    username: login.username,
    privateKey: {
      keyName: "PRIV_KEY_FILE",
      ...(file?.userFilename !== undefined && { userFilename: file.userFilename }),
      content: file?.content ?? REDACTED,
    },
    ...(password !== undefined && { privateKeyPassword: password }),
  };
}

function clientConfig({ login }: LegacyRegistration): Readonly<Record<string, unknown>> {
  const { useCertificate = false, clientId, clientSecret, scope, authorityUrl, resource, publicCertificateThumbprint } = login.oAuth;
  const file = login.files.find(({ keyName }) => keyName === CERTIFICATE_FILE) ?? login.files[0];
  return {
    useCertificate,
    clientId,
    ...(useCertificate
      ? {
          publicCertificateThumbprint,
          privateKey: {
            ...(file?.userFilename !== undefined && { userFilename: file.userFilename }),
            content: file?.content ?? REDACTED,
          },
        }
      : { clientSecret: clientSecret ?? REDACTED }),
    scope,
    authorityUrl,
    ...(resource !== undefined && { resource }),
  };
}
