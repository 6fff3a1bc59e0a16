import { isLongPast } from '../credentials/endedLongAgo.ts';
import { type Finding, inTableOrder } from '../credentials/findings.ts';
import { needsAttention } from '../credentials/statuses.ts';
import type { CredentialSource, PolicyReading, SourceFailure } from './ports.ts';
import { assessObject, type Further, type VaultPolicy } from './rules/assess.ts';
import type { Assessment, CredentialMetadata } from './rules/credential.ts';
import { RENEWABLE_KINDS, type Renewal, renewalByPolicy } from './rules/renewal.ts';
import { currentVersion, gapBeforeNewest, versionFindings } from './rules/versions.ts';

/** What may be asked of a single credential beyond its listing. Nothing here rejects. */
export interface CloserLooks {
  /** Whether it renews itself. */
  readonly renewal?: (one: CredentialMetadata) => Promise<Renewal>;
  /** All its versions; none where they are not known, and absent where so many were looked at that they are not. */
  readonly versions?: (one: CredentialMetadata) => Promise<readonly CredentialMetadata[] | undefined>;
}

/**
 * Assesses a credential. Where it would need attention it is asked whether it renews itself, and where it is disabled
 * or has not begun whether an older version is in use, which then stands for it: one more call for each of these. No
 * promise is made where nothing is asked.
 */
export const assessClosely = (
  metadata: CredentialMetadata,
  policy: VaultPolicy,
  nowEpochMs: number,
  looks: CloserLooks,
  further: Further = {},
): Assessment | Promise<Assessment> => {
  const first = assessObject(metadata, policy, nowEpochMs, further);
  const { renewal, alertUntilEpochMs } = first;
  const isIdle = first.status === 'disabled' || first.status === 'not_yet_valid';
  if (isIdle && first.suppressed === undefined && looks.versions !== undefined)
    return looks.versions(metadata).then((versions) => {
      if (versions === undefined)
        return { ...first, findings: inTableOrder([...first.findings, VERSIONS_UNREAD]) };
      const gap = gapBeforeNewest(versions, nowEpochMs);
      const current = gap?.inForce ?? (first.status === 'disabled' ? currentVersion(versions) : undefined);
      if (current?.enabled !== true) return first;
      const ofVersions = [...versionFindings(versions), ...(gap?.findings ?? [])];
      // What ended long ago as well is no longer in use: the whole object was retired.
      if (isLongPast(assessObject(current, policy, nowEpochMs).alertUntilEpochMs, nowEpochMs)) return first;
      const { versions: _asked, ...others } = looks;
      return assessClosely(current, policy, nowEpochMs, others, { ofVersions });
    });
  if (looks.renewal === undefined || renewal !== undefined || !RENEWABLE_KINDS.has(metadata.kind))
    return first;
  const hasCurrentEnd = alertUntilEpochMs !== undefined && !isLongPast(alertUntilEpochMs, nowEpochMs);
  if (!needsAttention(first) || !hasCurrentEnd) return first;
  return looks
    .renewal(metadata)
    .then((answer) => assessObject(metadata, policy, nowEpochMs, { ...further, renewal: answer }));
};

/** What cannot be known counts as not renewing: an alert too many is better than one too few. */
export const renewalOf = (reading: PolicyReading, metadata: CredentialMetadata): Renewal =>
  reading.ok
    ? renewalByPolicy(reading.policy, metadata)
    : { renews: false, because: reading.message.replace(/\.$/, '') };

/** Of each sort in one scan: they are asked for one after the other, each in some 50 ms, and a scan has minutes. */
const MOST_LOOKS = 500;

const VERSIONS_UNREAD: Finding = {
  code: 'versions_unread',
  detail: `It is one of more than ${MOST_LOOKS} objects of its vault that are disabled or have not begun: whether an older version of it is in use was not looked at.`,
};

/** Why no other policy of that kind can be read either. */
const FOR_ALL: ReadonlySet<string> = new Set(['forbidden', 'unauthorized', 'tls', 'connection', 'timeout']);

/**
 * What may be asked of a source in one scan: so many times at most, and not again where it refused one of that kind.
 * @param onFailure told of versions that could not be listed: a disabled credential may have an older one in use
 */
export const closerLooks = (
  source: CredentialSource,
  target: string,
  signal: AbortSignal,
  onFailure: (failure: SourceFailure) => void,
): CloserLooks => {
  const { renewalPolicy, versions } = source;
  const refused = new Map<string, PolicyReading>();
  let policies = 0;
  let idle = 0;
  let hasFailed = false;
  const renewal = async (one: CredentialMetadata): Promise<Renewal> => {
    if (renewalPolicy === undefined) return { renews: false, because: 'it has no policy' };
    const known = refused.get(one.kind);
    if (known !== undefined) return renewalOf(known, one);
    policies += 1;
    if (policies > MOST_LOOKS)
      return { renews: false, because: `its policy was not read: a scan reads ${MOST_LOOKS} at most` };
    const reading = await renewalPolicy(target, one, signal);
    if (!reading.ok && FOR_ALL.has(reading.reason)) refused.set(one.kind, reading);
    return renewalOf(reading, one);
  };
  return {
    ...(renewalPolicy === undefined ? {} : { renewal }),
    ...(versions === undefined
      ? {}
      : {
          async versions(one) {
            if (hasFailed) return [];
            idle += 1;
            if (idle > MOST_LOOKS) return undefined;
            const listing = await versions(target, one, signal);
            if (listing.ok) return listing.versions;
            hasFailed = true;
            onFailure(listing);
            return [];
          },
        }),
  };
};
