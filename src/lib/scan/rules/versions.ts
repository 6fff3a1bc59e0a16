import type { Finding } from '../../credentials/findings.ts';
import { isInstant, isoDate } from '../../kernel/instant.ts';
import { VERSIONS_LIMIT } from '../../oauth/rules/versionsAYear.ts';
import type { CredentialMetadata } from './credential.ts';

/** The newest enabled version by creation, or the newest at all when none is enabled. */
export const currentVersion = (versions: readonly CredentialMetadata[]): CredentialMetadata | undefined => {
  const newestFirst = byAge(versions);
  return newestFirst.find(({ enabled }) => enabled) ?? newestFirst[0];
};

const byAge = (versions: readonly CredentialMetadata[]): CredentialMetadata[] =>
  [...versions].sort((a, b) => (b.createdEpochMs ?? 0) - (a.createdEpochMs ?? 0));

/** Whether a newer enabled version took over; a version that is not among them is not superseded. */
export const isSuperseded = (
  version: CredentialMetadata,
  versions: readonly CredentialMetadata[],
): boolean => {
  const current = currentVersion(versions);
  return current?.enabled === true && current.version !== version.version && isOlder(version, current);
};

/** What all versions of one object say about it. */
export const versionFindings = (versions: readonly CredentialMetadata[]): Finding[] => {
  const current = currentVersion(versions);
  const older = versions.filter((one) => one.enabled && current !== undefined && isOlder(one, current));
  const findings: Finding[] = [];
  if (versions.length > VERSIONS_LIMIT) {
    const detail = `It has ${versions.length} versions; Key Vault cannot back up more than 500 and never forgets one.`;
    findings.push({ code: 'too_many_versions', detail });
  }
  const [newest] = byAge(versions);
  if (current?.enabled && newest !== undefined && isOlder(current, newest)) {
    const detail = `Its newest version, of ${madeOn(newest)}, is disabled, and one of ${madeOn(current)} is enabled: whoever names no version is refused.`;
    findings.push({ code: 'newest_version_disabled', detail });
  }
  // One older version stays enabled on purpose, for consumers that have not re-read yet.
  if (older.length > 1) {
    const detail = `${older.length} older versions are still enabled; disable those that no consumer uses.`;
    findings.push({ code: 'superseded_version_enabled', detail });
  }
  return findings;
};

/**
 * The version in force that ends before the next one begins, with what is to be said of it; absent: there is no such
 * gap. Key Vault hands out the newest all the same, but not everybody who uses it takes what has not begun.
 * @see https://github.com/microsoft/azure-pipelines-tasks/issues/14469
 */
export const gapBeforeNewest = (
  versions: readonly CredentialMetadata[],
  nowEpochMs: number,
): { readonly inForce: CredentialMetadata; readonly findings: readonly Finding[] } | undefined => {
  const enabled = byAge(versions).filter((one) => one.enabled);
  const at = enabled.findIndex(({ notBeforeEpochMs = nowEpochMs }) => notBeforeEpochMs <= nowEpochMs);
  const inForce = enabled[at];
  const end = inForce?.expiresOnEpochMs;
  if (inForce === undefined || end === undefined || at === 0) return undefined;
  const begin = Math.min(
    ...enabled.slice(0, at).map(({ notBeforeEpochMs = nowEpochMs }) => notBeforeEpochMs),
  );
  if (end >= begin) return undefined;
  const detail = `Its version in force ends on ${isoDate(end)}, and the next begins on ${isoDate(begin)}.`;
  return { inForce, findings: [{ code: 'gap_before_newest', detail }] };
};

const madeOn = ({ createdEpochMs }: CredentialMetadata): string =>
  createdEpochMs === undefined || !isInstant(createdEpochMs) ? 'an unknown day' : isoDate(createdEpochMs);

/** Creation has a resolution of one second: equal stamps do not order two versions. */
const isOlder = (one: CredentialMetadata, other: CredentialMetadata): boolean =>
  (one.createdEpochMs ?? 0) < (other.createdEpochMs ?? 0);
