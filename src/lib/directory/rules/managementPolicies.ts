import { isRecord } from '../../kernel/isRecord.ts';
import { printable } from '../../kernel/printable.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/time.ts';
import type { DirectoryApplication, DirectoryObjectType, ListedCredential } from './directoryApplication.ts';
import { directoryInstant } from './directoryInstant.ts';

/** What one policy says of the life of credentials; a type of which it says nothing is absent. */
export type LifetimeLimits = Readonly<Partial<Record<ListedCredential['type'], LifetimeLimit>>>;

interface LifetimeLimit {
  /** Absent: the policy says that it has no limit. */
  readonly mostMs: number | undefined;
  /** Only applications made at or after this; absent: all. */
  readonly fromCreatedEpochMs: number | undefined;
}

/** A policy that is attached to single applications or service principals. */
export interface OwnPolicy {
  readonly name: string;
  readonly limits: LifetimeLimits;
}

/** What the tenant allows of credentials. */
export interface ManagementPolicies {
  readonly tenant: Readonly<Record<DirectoryObjectType, LifetimeLimits>>;
  /** By object id. */
  readonly own: ReadonlyMap<string, OwnPolicy>;
}

const LIMITS = {
  secret: { collection: 'passwordCredentials', restriction: 'passwordLifetime' },
  certificate: { collection: 'keyCredentials', restriction: 'asymmetricKeyLifetime' },
} as const;

/** Reads one set of restrictions; what is unreadable says nothing. */
const readLifetimeLimits = (restrictions: unknown): LifetimeLimits => ({
  ...limitOf(restrictions, 'secret'),
  ...limitOf(restrictions, 'certificate'),
});

const limitOf = (restrictions: unknown, type: ListedCredential['type']): LifetimeLimits => {
  const { collection, restriction } = LIMITS[type];
  const listed = isRecord(restrictions) ? restrictions[collection] : undefined;
  const found = Array.isArray(listed)
    ? listed.filter(isRecord).find(({ restrictionType }) => restrictionType === restriction)
    : undefined;
  if (found === undefined) return {};
  const mostMs = found['state'] === 'disabled' ? undefined : durationMs(found['maxLifetime']);
  if (mostMs === undefined && found['state'] !== 'disabled') return {};
  const fromCreatedEpochMs = directoryInstant(found['restrictForAppsCreatedAfterDateTime']);
  return { [type]: { mostMs, fromCreatedEpochMs } };
};

/** `tenantAppManagementPolicy`: one that is not enabled limits nothing. */
export const readTenantPolicy = (answer: unknown): ManagementPolicies['tenant'] => {
  const policy = isRecord(answer) && answer['isEnabled'] === true ? answer : {};
  return {
    applications: readLifetimeLimits(policy['applicationRestrictions']),
    servicePrincipals: readLifetimeLimits(policy['servicePrincipalRestrictions']),
  };
};

/** `appManagementPolicy`; `undefined` for one that is not enabled or says nothing of lifetimes. */
export const readOwnPolicy = (answer: Readonly<Record<string, unknown>>): OwnPolicy | undefined => {
  const { isEnabled, displayName, restrictions } = answer;
  const limits = readLifetimeLimits(restrictions);
  if (isEnabled !== true || Object.keys(limits).length === 0) return undefined;
  return { name: typeof displayName === 'string' ? printable(displayName, 80) : 'without a name', limits };
};

const DURATION =
  /^P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?$/;
/** A year and a month as the directory's own time spans have them. */
const UNITS_MS = [365 * DAY_MS, 30 * DAY_MS, DAY_MS, HOUR_MS, MINUTE_MS, 1_000] as const;

/** An ISO 8601 duration in milliseconds; `undefined` for anything else, and for none at all. */
export const durationMs = (text: unknown): number | undefined => {
  const match = typeof text === 'string' ? DURATION.exec(text) : null;
  if (match === null) return undefined;
  const ms = UNITS_MS.reduce((sum, unitMs, index) => sum + Number(match[index + 1] ?? 0) * unitMs, 0);
  return ms > 0 ? ms : undefined;
};

/** An object that does not say when it was made counts as of that day. */
const UNKNOWN_CREATION_EPOCH_MS = Date.UTC(2019, 0, 1);

/** How long a credential of this object may live, and by which policy; `undefined` where nobody limits it. */
export const lifetimeLimitOf = (
  { tenant, own }: ManagementPolicies,
  { id, type, createdEpochMs = UNKNOWN_CREATION_EPOCH_MS }: DirectoryApplication,
  credentialType: ListedCredential['type'],
): { readonly mostMs: number; readonly by: string } | undefined => {
  const ofItsOwn = own.get(id);
  const said = ofItsOwn?.limits[credentialType];
  const limit = said ?? tenant[type][credentialType];
  if (limit?.mostMs === undefined || createdEpochMs < (limit.fromCreatedEpochMs ?? 0)) return undefined;
  const by =
    said === undefined ? "the tenant's default policy" : `the policy "${ofItsOwn?.name}" of the application`;
  return { mostMs: limit.mostMs, by };
};
