import type { CallerRefusal } from '../../credentials/callerRefusals.ts';
import { guidOf } from '../../kernel/guid.ts';
import type { Caller } from './caller.ts';

export type Claims = Readonly<Record<string, unknown>>;

export type CallerReading =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly reason: CallerRefusal };

const refuse = (reason: CallerRefusal): CallerReading => ({ ok: false, reason });

/**
 * Who has an access token of Entra ID, v2.0, whose signature, issuer, audience and times are sound.
 * `upn`, `email` and `preferred_username` name nobody for sure and are not looked at.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export const callerOf = (
  claims: Claims,
  expected: { readonly tenantId: string; readonly clientId: string },
): CallerReading => {
  // A list of audiences is nothing that Entra ID issues.
  if (claims['aud'] !== expected.clientId) return refuse('audience_wrong');
  if (guidOf(claims['tid']) !== expected.tenantId) return refuse('tenant_wrong');
  const clientId = guidOf(claims['azp']);
  // An ID token has the same audience and issuer.
  if (clientId === undefined || claims['nonce'] !== undefined) return refuse('no_access_token');
  const kind = kindOf(claims);
  if (kind === undefined) return refuse('kind_unknown');
  const objectId = guidOf(claims['oid']);
  if (objectId === undefined) return refuse('identity_missing');
  const roles = rolesOf(claims['roles']);
  if (roles === undefined) return refuse('claims_malformed');
  const { tenantId } = expected;
  return { ok: true, caller: { kind, tenantId, objectId, clientId, roles, via: 'bearer' } };
};

const kindOf = ({ idtyp, scp }: Claims): Caller['kind'] | undefined => {
  if (idtyp === 'app') return scp === undefined ? 'app' : undefined;
  if (idtyp !== undefined && idtyp !== 'user') return undefined;
  return typeof scp === 'string' && scp !== '' ? 'user' : undefined;
};

/** Absent: none was assigned. */
const rolesOf = (roles: unknown = []): readonly string[] | undefined =>
  Array.isArray(roles) && roles.every((role) => typeof role === 'string') ? roles : undefined;
