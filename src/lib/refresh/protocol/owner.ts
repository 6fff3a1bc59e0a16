import { UNNAMED_DEPLOYMENT } from '../../kernel/deployment.ts';
import { printable } from '../../kernel/printable.ts';
import type { StoreFailure } from '../../kernel/storeFailure.ts';
import { GRANT_TAGS } from '../../oauth/rules/grantTagNames.ts';
import { canLoseToken } from '../../oauth/rules/rotation.ts';
import type { TokenVersionProperties } from '../../stores/ports.ts';
import { type FailedOutcome, lasting } from '../refreshOutcome.ts';
import type { ControlRecord } from '../rules/controlRecord.ts';
import type { GrantView, LatestToken } from './attempt.ts';

export type Ownership =
  | { readonly kind: 'ours' }
  /** Another Keywatch, with a control store of its own, refreshes this secret. */
  | { readonly kind: 'stranger'; readonly deployment: string }
  /** The vault could not be asked now. */
  | { readonly kind: 'unknown'; readonly failure: StoreFailure };

type Tagged = Pick<TokenVersionProperties, 'tags'>;

/** The deployment that wrote a version. Absent: a person did, or something else. */
export const writerOf = ({ tags }: Tagged): string | undefined => tags[GRANT_TAGS.deployment];

const namesVersion = (
  { version, previousVersions, phase }: ControlRecord,
  latest: Pick<LatestToken, 'version'>,
): boolean =>
  version === latest.version ||
  previousVersions.includes(latest.version) ||
  (phase.state === 'intent' && phase.baseVersions.includes(latest.version));

/** Under whose names a worker may find the versions of its own record. */
export const ourNamesOf = (record: Pick<ControlRecord, 'deployment'>, own: string | undefined): string[] => [
  ...(record.deployment === undefined ? [] : [record.deployment]),
  own ?? UNNAMED_DEPLOYMENT,
];

/** The other deployment that the latest version names; absent: it names none, or our record knows it. */
export const strangerOn = (
  latest: Pick<LatestToken, 'version' | 'tags'>,
  record: ControlRecord | undefined,
  ourNames: readonly string[],
): string | undefined => {
  const writer = writerOf(latest);
  if (writer === undefined || ourNames.includes(writer)) return undefined;
  return record !== undefined && namesVersion(record, latest) ? undefined : writer;
};

/**
 * Whose secret this is, before anything is spent: two control stores know nothing of each other's leases, and
 * would send one token twice. The name on the latest version says it; where that carries none, because
 * a person wrote it, the newest version that has one (not asked for where two who refresh cost nothing: the next
 * version has a name).
 */
export const findOwner = async (
  { ports, grant, profile }: Pick<GrantView, 'ports' | 'grant' | 'profile'>,
  record: ControlRecord,
  ourNames: readonly string[],
  latest: LatestToken,
): Promise<Ownership> => {
  const stranger = strangerOn(latest, record, ourNames);
  if (stranger !== undefined) return { kind: 'stranger', deployment: stranger };
  const isNameless = writerOf(latest) === undefined && !namesVersion(record, latest);
  if (!isNameless || !canLoseToken(profile.rotation)) return { kind: 'ours' };
  const listed = await ports.vault.listVersions(grant.secret);
  if (!listed.ok) return listed.retryable ? { kind: 'unknown', failure: listed } : { kind: 'ours' };
  const written = listed.versions.filter((version) => writerOf(version) !== undefined);
  const newestEpochMs = Math.max(...written.map(({ createdEpochMs }) => createdEpochMs ?? 0));
  // All of the newest second: Key Vault orders nothing within one.
  const other = written
    .filter(({ createdEpochMs }) => (createdEpochMs ?? 0) === newestEpochMs)
    .map((version) => strangerOn(version, record, ourNames))
    .find((name) => name !== undefined);
  return other === undefined ? { kind: 'ours' } : { kind: 'stranger', deployment: other };
};

/** What people are told of a second Keywatch on one secret. */
export const strangerOutcome = ({ grant }: Pick<GrantView, 'grant'>, deployment: string): FailedOutcome =>
  lasting('misconfigured', {
    code: 'another_deployment',
    message: `Grant ${grant.id}: another Keywatch (${printable(deployment)}) refreshes the secret ${grant.secret.name}; nothing was sent.`,
    action: `Take the grant out of one of the two configurations, or give each a token and a secret of its own. To move it here, stop the other one first: npm run refresh -- --grant ${grant.id} --adopt`,
  });

/** Whether somebody may be spending the latest version at this moment: it says so, and is not too old for it. */
export const mayBeUnderWay = ({ leased, timings }: GrantView, latest: LatestToken): boolean =>
  latest.tags[GRANT_TAGS.stage] === 'intent' &&
  leased.storeNowEpochMs() - (latest.createdEpochMs ?? Number.POSITIVE_INFINITY) < timings.lastResortAfterMs;

/**
 * Whether the vault shows an attempt that the record knows nothing of. A version with our own name that no
 * attempt followed is that of a worker that ended in between, and has cost nothing.
 */
export const showsUnknownAttempt = (
  attempt: GrantView,
  record: ControlRecord,
  latest: LatestToken,
): boolean => {
  if (!canLoseToken(attempt.profile.rotation)) return false;
  if (attempt.leased.reading().kind === 'none') return latest.tags[GRANT_TAGS.stage] === 'intent';
  return (
    record.phase.state === 'idle' &&
    writerOf(latest) === undefined &&
    !namesVersion(record, latest) &&
    mayBeUnderWay(attempt, latest)
  );
};
