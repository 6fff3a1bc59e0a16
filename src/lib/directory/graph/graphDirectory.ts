import type { AzureFailure } from '../../azure/azureErrorReason.ts';
import { isRecord } from '../../kernel/isRecord.ts';
import type { Directory, DirectoryObject } from '../ports.ts';
import type { DirectoryApplication, DirectoryObjectType } from '../rules/directoryApplication.ts';
import {
  type ManagementPolicies,
  type OwnPolicy,
  readOwnPolicy,
  readTenantPolicy,
} from '../rules/managementPolicies.ts';
import { readApplication } from '../rules/readApplication.ts';
import { readOwner } from '../rules/readOwner.ts';
import { askEach } from './graphBatch.ts';
import { type GraphOptions, openGraph } from './graphClient.ts';
import { type Asked, graphFailureOf, UnreadableAnswerError } from './graphErrors.ts';
import { pagesOf } from './graphPages.ts';

/** No `owners`: `$expand` gives 20 at most without saying so, and makes pages ten times as small. */
const MEMBERS = 'id,appId,displayName,tags,passwordCredentials,keyCredentials';
const SELECT: Readonly<Record<DirectoryObjectType, string>> = {
  applications: `${MEMBERS},createdDateTime`,
  servicePrincipals: `${MEMBERS},preferredSingleSignOnMode,preferredTokenSigningKeyThumbprint,servicePrincipalType,appOwnerOrganizationId`,
};
const PAGE_SIZE = 999;
const OWNER_MEMBERS = 'id,displayName,userPrincipalName,mail';

const ASKED = {
  applications: { what: 'The applications', role: 'Application.Read.All' },
  servicePrincipals: { what: 'The service principals', role: 'Application.Read.All' },
  owners: { what: 'The owners of applications', role: 'Application.Read.All' },
  federated: { what: 'The federated credentials of applications', role: 'Application.Read.All' },
  policies: { what: 'The policies for applications', role: 'Policy.Read.All' },
} as const satisfies Readonly<Record<string, Asked>>;

/** Entra ID through Microsoft Graph v1.0. */
export const graphDirectory = (options: GraphOptions): Directory => {
  const { clock, tenantId } = options;
  const graph = openGraph(options);

  const failureOf = (cause: unknown, asked: Asked, signal: AbortSignal, pages = 0): AzureFailure =>
    graphFailureOf(cause, asked, { nowEpochMs: clock.nowEpochMs(), timeIsUp: signal.aborted, pages });

  const policiesOf = async (signal: AbortSignal): Promise<ManagementPolicies> => {
    const [{ json }, own] = await Promise.all([
      graph.get('/policies/defaultAppManagementPolicy', signal),
      ownPoliciesOf(signal),
    ]);
    return { tenant: readTenantPolicy(json), own };
  };

  const ownPoliciesOf = async (signal: AbortSignal): Promise<ManagementPolicies['own']> => {
    const own = new Map<string, OwnPolicy>();
    for await (const { values } of pagesOf(graph, '/policies/appManagementPolicies', signal)) {
      for (const policy of values.filter(isRecord)) {
        const read = readOwnPolicy(policy);
        if (read === undefined) continue;
        const path = `/policies/appManagementPolicies/${encodeURIComponent(String(policy['id']))}/appliesTo?$select=id`;
        for await (const applied of pagesOf(graph, path, signal))
          for (const { id } of applied.values.filter(isRecord)) own.set(String(id).toLowerCase(), read);
      }
    }
    return own;
  };

  return {
    async list(type, onPage, signal) {
      const path = `/${type}?$top=${PAGE_SIZE}&$select=${SELECT[type]}`;
      const pages = pagesOf(graph, path, signal);
      const nextPage = async () => {
        const { done, value } = await pages.next();
        return done ? undefined : { ...value, objects: objectsOf(tenantId, type, value.values) };
      };
      let previous: ReadonlySet<string> = new Set();
      for (let count = 0; ; count += 1) {
        // What `onPage` throws is none of the directory's faults, and passes.
        const next = await nextPage().then(
          (page) => ({ ok: true, page }) as const,
          (cause: unknown) => ({ ok: false, cause }) as const,
        );
        if (!next.ok)
          return { ok: false, pages: count, failure: failureOf(next.cause, ASKED[type], signal, count) };
        if (next.page === undefined) return { ok: true, pages: count };
        const { objects, serverDateEpochMs } = next.page;
        // An object that moves behind the page's end while it is read comes once more with the next.
        const fresh = objects.filter(({ id }) => !previous.has(id));
        previous = new Set(objects.map(({ id }) => id));
        await onPage(fresh.filter(isKept), serverDateEpochMs);
      }
    },

    async applicationsOf(appIds, signal) {
      try {
        const urlOf = (appId: string) =>
          `/applications(appId='${encodeURIComponent(appId)}')?$select=${SELECT.applications}`;
        const found = await askEach({ graph, clock }, urlOf, appIds, signal);
        return { ok: true, applications: objectsOf(tenantId, 'applications', [...found.values()]) };
      } catch (cause) {
        return failureOf(cause, ASKED.applications, signal);
      }
    },

    async ownersOf(objects, signal) {
      try {
        const byId = new Map<string, DirectoryObject>(objects.map((one) => [one.id, one]));
        const urlOf = (id: string) => `/${byId.get(id)?.type}/${id}/owners?$select=${OWNER_MEMBERS}`;
        const found = await askEach({ graph, clock, isPartEnough: true }, urlOf, [...byId.keys()], signal);
        const owners = new Map(
          [...found].map(([id, body]) => [id, listOf(body).flatMap((one) => readOwner(one) ?? [])]),
        );
        return { ok: true, owners };
      } catch (cause) {
        return failureOf(cause, ASKED.owners, signal);
      }
    },

    async federatedOf(applicationIds, signal) {
      try {
        const urlOf = (id: string) => `/applications/${id}/federatedIdentityCredentials?$select=id&$top=1`;
        const found = await askEach({ graph, clock, isPartEnough: true }, urlOf, applicationIds, signal);
        const federated = [...found].filter(([, body]) => listOf(body).length > 0).map(([id]) => id);
        return { ok: true, federated: new Set(federated) };
      } catch (cause) {
        return failureOf(cause, ASKED.federated, signal);
      }
    },

    async managementPolicies(signal) {
      try {
        return { ok: true, policies: await policiesOf(signal) };
      } catch (cause) {
        return failureOf(cause, ASKED.policies, signal);
      }
    },
  };
};

const listOf = ({ value }: Readonly<Record<string, unknown>>): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw new UnreadableAnswerError('an answer is no list');
};

const objectsOf = (
  tenantId: string,
  type: DirectoryObjectType,
  values: readonly unknown[],
): readonly DirectoryApplication[] =>
  values.map((value) => {
    const object = readApplication(type, value, tenantId);
    if (object === undefined) throw new UnreadableAnswerError('an entry has no id or no client id');
    return object;
  });

/** A tenant holds thousands of service principals of others, which have no credential in it. */
const isKept = ({ type, credentials }: DirectoryApplication): boolean =>
  type === 'applications' || credentials.length > 0;
