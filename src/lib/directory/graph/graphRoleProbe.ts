import { serviceOrigin } from '../../azure/loopbackSwitches.ts';
import { jsonObjectOf } from '../../kernel/json.ts';
import type { OwnRoles, RoleProbe } from '../ports.ts';
import type { GraphOptions } from './graphClient.ts';
import { graphFailureOf } from './graphErrors.ts';

const ASKED = { what: 'The roles of the identity itself', role: 'Application.Read.All' } as const;
const MOST_ROLES = 200;

/**
 * Reads what an identity may do of its own token for Microsoft Graph. That token is meant for Graph and not for us:
 * where its form changes, nothing is known.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export const graphRoleProbe = (
  options: Pick<GraphOptions, 'credential' | 'clock' | 'tenantId' | 'endpoint' | 'allowLoopback'>,
): RoleProbe => {
  const { credential, clock, tenantId, allowLoopback = false } = options;
  const origin = serviceOrigin(options.endpoint ?? 'https://graph.microsoft.com', allowLoopback);
  return {
    async ownRoles(signal): Promise<OwnRoles> {
      try {
        const token = await credential.getToken(`${origin}/.default`, { abortSignal: signal, tenantId });
        const claims = claimsOf(token?.token ?? '');
        const { oid, roles = [] } = claims ?? {};
        // Only a person has scopes.
        const isReadable = claims !== undefined && claims['scp'] === undefined && Array.isArray(roles);
        return {
          ok: true,
          principalId: typeof oid === 'string' ? oid : undefined,
          roles: isReadable ? roles.slice(0, MOST_ROLES).map(String) : undefined,
        };
      } catch (cause) {
        const context = { nowEpochMs: clock.nowEpochMs(), timeIsUp: signal.aborted };
        return graphFailureOf(cause, ASKED, context);
      }
    },
  };
};

const claimsOf = (token: string): Readonly<Record<string, unknown>> | undefined => {
  const [, claims, signature] = token.split('.');
  if (claims === undefined || signature === undefined) return undefined;
  return jsonObjectOf(Buffer.from(claims, 'base64url').toString('utf8'));
};
