import type { GraphRole } from '../../lib/directory/rules/graphRoles.ts';
import { WireError } from '../keyVault/errors.ts';
import type { TenantDirectory } from './tenantDirectory.ts';

/** Somebody who asks, by the id of its service principal. */
export interface GraphCaller {
  readonly principalId: string;
  readonly roles: readonly GraphRole[];
}

export interface GraphCall {
  readonly method: string;
  /** Behind `/v1.0`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly baseUrl: string;
  readonly directory: TenantDirectory;
  readonly caller: GraphCaller;
}

export const badRequest = (message: string) => new WireError(400, 'Request_BadRequest', message);
export const notThere = (what: string) =>
  new WireError(404, 'Request_ResourceNotFound', `there is no ${what}`);
export const notImplemented = (what: string) =>
  new WireError(501, 'NotImplemented', `the local Graph stand-in does not implement ${what}`);

export const requireRole = ({ roles }: GraphCaller, role: GraphRole): void => {
  if (!roles.includes(role))
    throw new WireError(403, 'Authorization_RequestDenied', `this takes the app role ${role}`);
};
