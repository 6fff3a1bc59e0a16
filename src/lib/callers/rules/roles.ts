import type { Caller } from './caller.ts';

/** App roles of the registration at Entra ID, by which callers may do things. */

/** May see what Keywatch watches: the board and the status. */
export const READ = 'Keywatch.Read';

/** May begin the consent of a grant anew. */
export const RECONNECT = 'Keywatch.Reconnect';

/** May have access tokens of this grant. */
export const tokenRole = (grantId: string): string => `Keywatch.Token.${grantId}`;

/** Who is known, by the config: the tenant, the registration, and who has a role without it being assigned there. */
export interface CallersSettings {
  readonly tenantId: string;
  /** Client id of the registration: the audience of every token, and the client of the sign-in. */
  readonly clientId: string;
  /** Object ids of people and service principals that have a role by the config. */
  readonly roles: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Whether a caller has a role: its token or session says so, or the config does. */
export const hasRole = (
  { roles, objectId }: Pick<Caller, 'roles' | 'objectId'>,
  role: string,
  settings: Pick<CallersSettings, 'roles'>,
): boolean => roles.includes(role) || settings.roles.get(role)?.has(objectId) === true;
