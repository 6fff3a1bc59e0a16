import type { StoreAnswer, StoreFailure } from '../../kernel/storeFailure.ts';
import { seqOf } from '../../oauth/rules/grantTagNames.ts';
import type { TokenVersionProperties } from '../../stores/ports.ts';
import type { ControlPhase, ControlRecord } from '../rules/controlRecord.ts';
import type { Attempt } from './attempt.ts';
import { writerOf } from './owner.ts';

type Ports = Pick<Attempt, 'ports' | 'grant'>;

/** What the secret consists of now; one that may not be listed has nothing that could be compared. */
const versionsOf = async ({
  ports,
  grant,
}: Ports): Promise<StoreAnswer<{ readonly versions: readonly TokenVersionProperties[] }>> => {
  const listed = await ports.vault.listVersions(grant.secret);
  return listed.ok || listed.retryable ? listed : { ok: true, versions: [] };
};

/**
 * Before a deployment writes its name on a secret for the first time it notes which versions there are: whether
 * another one began at the same moment has to be asked until there is an answer, whoever ends in between.
 * @param phase of the record while nothing is spent
 */
export const beginClaim = async (
  attempt: Pick<Attempt, 'ports' | 'grant' | 'leased'>,
  record: ControlRecord,
  base: Pick<TokenVersionProperties, 'tags'>,
  phase: ControlPhase,
): Promise<StoreAnswer<{ readonly record: ControlRecord }>> => {
  if (record.versionsBeforeClaim !== undefined || writerOf(base) === record.deployment)
    return { ok: true, record };
  const before = await versionsOf(attempt);
  if (!before.ok) return before;
  const claiming = { ...record, versionsBeforeClaim: before.versions.map(({ version }) => version) };
  const noted = await attempt.leased.write({ ...claiming, phase });
  return noted.ok ? { ok: true, record: claiming } : noted;
};

/**
 * Two deployments may begin with a secret that nobody's name is on at the same moment, each before the other's
 * version is there. Both write their name first and look for the other's then, so at least one sees it; whoever
 * does puts the other's version on top again and spends nothing. If both do, the one that ends on top has it.
 */
export const yieldToOther = async (
  { ports, grant }: Ports,
  record: ControlRecord,
  ownVersion: string,
): Promise<{ readonly deployment: string } | StoreFailure | undefined> => {
  const known = new Set(record.versionsBeforeClaim);
  const after = await versionsOf({ ports, grant });
  if (!after.ok) return after;
  const isOthers = (version: TokenVersionProperties) =>
    !known.has(version.version) && (writerOf(version) ?? record.deployment) !== record.deployment;
  // Its newest token, not the one that it is spending: within a second only the number orders them.
  const newest = after.versions
    .filter(isOthers)
    .sort((a, b) => (seqOf(b.tags) ?? 0) - (seqOf(a.tags) ?? 0))[0];
  if (newest === undefined) return undefined;
  const read = await ports.vault.readVersion(grant.secret, newest.version);
  if (!read.ok) return read;
  const deployment = writerOf(newest) ?? '';
  // What was written on top since then stays there.
  const now = await ports.vault.readLatest(grant.secret);
  if (!now.ok) return now;
  if (now.latest.version !== ownVersion) return { deployment };
  const { value, tags, expiresOnEpochMs, contentType } = read.token;
  const written = await ports.vault.write(grant.secret, { value, tags, expiresOnEpochMs, contentType });
  return written.ok ? { deployment } : written;
};
