import { serviceOrigin } from '../../azure/loopbackSwitches.ts';
import { isRecord } from '../../kernel/isRecord.ts';
import { jsonObjectOf } from '../../kernel/json.ts';
import type { OwnRoles, RoleProbe } from '../ports.ts';
import { roleNameOf } from '../rules/heldRoles.ts';
import { type GraphOptions, openGraph } from './graphClient.ts';
import { graphFailureOf } from './graphErrors.ts';
import { pagesOf } from './graphPages.ts';

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
          isAsking: true,
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

const ASKED_OF_ANOTHER = { what: 'The roles of an identity', role: 'Application.Read.All' } as const;

/** Asks Microsoft Graph which of its roles an identity has, by its object id: for whoever is somebody else. */
export const assignedRoleProbe = (options: GraphOptions, principalId: string): RoleProbe => {
  const graph = openGraph(options);
  return {
    async ownRoles(signal): Promise<OwnRoles> {
      try {
        const roles: string[] = [];
        const path = `/servicePrincipals/${encodeURIComponent(principalId)}/appRoleAssignments`;
        for await (const { values } of pagesOf(graph, path, signal))
          for (const one of values.filter(isRecord))
            if (one['resourceDisplayName'] === 'Microsoft Graph')
              roles.push(roleNameOf(String(one['appRoleId'])));
        return { ok: true, isAsking: false, principalId, roles };
      } catch (cause) {
        const context = { nowEpochMs: options.clock.nowEpochMs(), timeIsUp: signal.aborted };
        return graphFailureOf(cause, ASKED_OF_ANOTHER, context);
      }
    },
  };
};
