import { authenticationOf, methodOf } from "../../legacy/authentication";
import { BadRequestError } from "../../model/errors";
import type { LegacyRegistration } from "../../model/legacy/registration";
import type { ConnectionInformation } from "../../model/registration";

/**
 * What a registration logs in with, as a connection says it: to look at the platform in its name.
 * @throws BadRequestError where connections have no such way of logging in.
 */
export function connectionOf(registration: LegacyRegistration): ConnectionInformation {
  const { technology, hostname, port, warehouse, role, httpPath } = registration;
  const authentication = authenticationOf(registration);
  if (authentication === undefined) {
    throw new BadRequestError(
      `connection.authenticationMethod: ${methodOf(registration)} cannot be used to list the tables; name them in sources, or log in another way`,
      { field: "connection.authenticationMethod" },
    );
  }
  const given = { technology, hostname, port, warehouse, role, httpPath, ...authentication };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as unknown as ConnectionInformation;
}
