import { needsAttention } from '../credentials/statuses.ts';
import type { CredentialSource, PolicyReading } from './ports.ts';
import { assessObject, type Further, type VaultPolicy } from './rules/assess.ts';
import type { Assessment, CredentialMetadata } from './rules/credential.ts';
import { RENEWABLE_KINDS, type Renewal, renewalByPolicy } from './rules/renewal.ts';

type AskRenewal = (one: CredentialMetadata) => Promise<Renewal>;

/**
 * Assesses a credential, and where it would need attention asks whether it renews itself: one more call for each of
 * these. No promise is made where nothing is asked.
 */
export const assessClosely = (
  metadata: CredentialMetadata,
  policy: VaultPolicy,
  nowEpochMs: number,
  ask: AskRenewal | undefined,
  further: Further = {},
): Assessment | Promise<Assessment> => {
  const first = assessObject(metadata, policy, nowEpochMs, further);
  const { renewal, alertUntilEpochMs = Number.POSITIVE_INFINITY } = first;
  const isToBeAsked =
    RENEWABLE_KINDS.has(metadata.kind) &&
    renewal === undefined &&
    needsAttention(first) &&
    nowEpochMs < alertUntilEpochMs;
  if (ask === undefined || !isToBeAsked) return first;
  return ask(metadata).then((answer) =>
    assessObject(metadata, policy, nowEpochMs, { ...further, renewal: answer }),
  );
};

/** What cannot be known counts as not renewing: an alert too many is better than one too few. */
export const renewalOf = (reading: PolicyReading, metadata: CredentialMetadata): Renewal =>
  reading.ok
    ? renewalByPolicy(reading.policy, metadata)
    : { renews: false, because: reading.message.replace(/\.$/, '') };

/** Of one scan: they are read one after the other, each in some 50 ms, and the scan has minutes. */
const MOST_POLICIES = 500;

/** Why no other policy of that kind can be read either. */
const FOR_ALL: ReadonlySet<string> = new Set(['forbidden', 'unauthorized', 'tls', 'connection', 'timeout']);

/** Asks a source in one scan: so many times at most, and not again where it refused one of that kind. */
export const askWithin = (
  source: CredentialSource,
  target: string,
  signal: AbortSignal,
): AskRenewal | undefined => {
  const { renewalPolicy } = source;
  if (renewalPolicy === undefined) return undefined;
  const refused = new Map<string, PolicyReading>();
  let asked = 0;
  return async (one) => {
    const known = refused.get(one.kind);
    if (known !== undefined) return renewalOf(known, one);
    if (asked >= MOST_POLICIES)
      return { renews: false, because: `its policy was not read: a scan reads ${MOST_POLICIES} at most` };
    asked += 1;
    const reading = await renewalPolicy(target, one, signal);
    if (!reading.ok && FOR_ALL.has(reading.reason)) refused.set(one.kind, reading);
    return renewalOf(reading, one);
  };
};
