import type { StoreAnswer, StoreFailure } from '../../kernel/storeFailure.ts';
import { seqOf } from '../../oauth/rules/grantTagNames.ts';
import { configuredLifeMs, isKeptSealed } from '../../oauth/rules/keptSealed.ts';
import type { ProviderProfile } from '../../oauth/rules/providerProfile.ts';
import { canLoseToken } from '../../oauth/rules/rotation.ts';
import type { TokenVersion } from '../../stores/ports.ts';
import { isLost } from '../../stores/rules/sealedEnvelope.ts';
import type { RefreshPorts } from '../ports.ts';
import type { GrantView } from '../protocol/attempt.ts';
import { fingerprintOf } from '../protocol/fingerprint.ts';
import { ourNamesOf, strangerOn, writerOf } from '../protocol/owner.ts';
import type { ControlRecord } from '../rules/controlRecord.ts';
import { believedProfile } from '../rules/observedRotation.ts';
import {
  type CopyView,
  hasMovedOn,
  newestOf,
  type SealedSecret,
  sealedNumberOf,
  viewCopy,
} from '../rules/sealedSecret.ts';
import { type SealedSecretDocument, sealedFailure, sealedSecretDocument } from './sealedSecretDocument.ts';

/** What is asked about where the token of a grant is. */
export interface PlaceQuestion extends Pick<GrantView, 'grant' | 'profile' | 'trigger' | 'leased'> {
  readonly ports: Pick<RefreshPorts, 'vault' | 'seal' | 'sealed' | 'newId' | 'deployment'>;
  /** A person's new consent is about to be written: what was lost or restored before is of no more use. */
  readonly isConsent?: true;
}

/** Where the token of a grant is, as far as reading tells. */
export type Place =
  | {
      readonly kind: 'vault';
      /** The sequence number of a sealed token that opens no more: the one in its place has a higher one. */
      readonly givenUpSeq?: number;
    }
  /** The vault is the store for the last time: from now on it gets copies. */
  | { readonly kind: 'enters'; readonly document: SealedSecretDocument; readonly latest: TokenVersion }
  | InSealedSecret;

export interface InSealedSecret {
  readonly kind: 'sealed';
  readonly document: SealedSecretDocument;
  /** The latest version of the vault; absent: it could not be had. */
  readonly latest: TokenVersion | undefined;
  readonly view: CopyView | 'unseen';
  /** Nothing asks for it any more, and nothing is under way. */
  readonly leaves: boolean;
}

const IN_VAULT = { ok: true, place: { kind: 'vault' } } as const;

/**
 * Where the newest token of a grant is. The control record says so by the version that it names: one that is kept
 * sealed, or one of the vault. A record that was lost or restored is corrected by the sealed secret: as long as
 * nothing was written there since the vault handed over, both have the same token, and the vault goes on being the
 * store. Changes nothing.
 */
export const findPlace = async (question: PlaceQuestion): Promise<StoreAnswer<{ readonly place: Place }>> => {
  const { ports, grant, leased } = question;
  const { sealed } = ports;
  const record = recordOf(question);
  const isHere = sealedNumberOf(record?.version) !== undefined;
  const isInVault = record?.version !== undefined && !isHere;
  // Of a token that was never refreshed nobody knows the life, also where its record is that of weeks ago.
  const isKnown = isInVault && record.refreshedAtEpochMs !== undefined;
  if (sealed === undefined || (isKnown && !wants(question, record, false))) return IN_VAULT;
  const document = sealedSecretDocument({ ...ports, sealed }, grant.id, leased.storeNowEpochMs);
  const found = await document.read();
  // Without a record nobody can say that the vault has the newest, which matters where an older one is refused.
  const isHarmless = isInVault || (!isHere && !canLoseToken(profileOf(question, record).rotation));
  if (!found.ok) return isHarmless ? IN_VAULT : found;
  const { secret } = found;
  if (secret?.state === 'active' && (!isInVault || isAheadOf(record, secret)))
    return (await isGivenUp(question, document, secret))
      ? { ok: true, place: { kind: 'vault', givenUpSeq: newestSeqOf(secret) } }
      : inSealedSecret(question, document, secret);
  if (isHere && secret === undefined) return findGone(question, record);
  return wants(question, record, false) ? mayEnter(question, record, document) : IN_VAULT;
};

/** Whether anything came there that a record of the vault does not know. */
const isAheadOf = ({ seq }: ControlRecord, secret: SealedSecret): boolean =>
  hasMovedOn(secret) && seq <= newestSeqOf(secret);

const newestSeqOf = (secret: SealedSecret): number => seqOf(newestOf(secret)?.tags ?? {}) ?? 0;

/** Where the newest token opens no more, the one after it goes into the vault, and moves from there as a first one does. */
const isGivenUp = async (
  question: PlaceQuestion,
  document: SealedSecretDocument,
  secret: SealedSecret,
): Promise<boolean> => {
  const newest = newestOf(secret);
  const isReplaced = question.isConsent === true || recordOf(question)?.phase.state === 'sealed';
  return isReplaced && newest !== undefined && isLost(await document.open(newest));
};

export const recordOf = ({ leased }: Pick<PlaceQuestion, 'leased'>): ControlRecord | undefined => {
  const reading = leased.reading();
  return reading.kind === 'record' ? reading.record : undefined;
};

/** As the server was seen to behave. */
const profileOf = ({ profile }: PlaceQuestion, record: ControlRecord | undefined): ProviderProfile =>
  believedProfile(profile, record?.observedRotation);

const wants = (question: PlaceQuestion, record: ControlRecord | undefined, isThere: boolean): boolean =>
  isKeptSealed(question.grant, profileOf(question, record), lifeMsOf(question, record), isThere);

/** The end of a consent comes nearer with each refresh, and says nothing of how long a token lives. */
const lifeMsOf = ({ profile }: PlaceQuestion, record: ControlRecord | undefined): number | undefined => {
  const { deadlineEpochMs, refreshedAtEpochMs, consentEndsAtEpochMs } = record ?? {};
  const isConsents = deadlineEpochMs === consentEndsAtEpochMs;
  const livedMs =
    deadlineEpochMs === undefined || refreshedAtEpochMs === undefined || isConsents
      ? undefined
      : deadlineEpochMs - refreshedAtEpochMs;
  return livedMs ?? configuredLifeMs(profile);
};

const inSealedSecret = async (
  question: PlaceQuestion,
  document: SealedSecretDocument,
  secret: SealedSecret,
): Promise<StoreAnswer<{ readonly place: Place }>> => {
  const { ports, grant, trigger, isConsent } = question;
  const record = recordOf(question);
  const state = record?.phase.state;
  const isOld = (sealedNumberOf(record?.version) ?? 0) > secret.made;
  if (isOld && state !== 'sealed' && isConsent !== true && canLoseToken(profileOf(question, record).rotation))
    return restoredFailure(question);
  const look = await ports.vault.readLatest(grant.secret);
  if (!look.ok)
    return {
      ok: true,
      place: { kind: 'sealed', document, latest: undefined, view: 'unseen', leaves: false },
    };
  const { latest } = look;
  const view = viewCopy(secret, record, {
    version: latest.version,
    bySecret: fingerprintOf(secret.salt, latest.value),
    byRecord: fingerprintOf(record?.salt ?? '', latest.value),
  });
  // As with any secret of the vault, the protocol refuses it, unless somebody takes the grant over.
  const isStrangers = view === 'foreign' && strangerOn(latest, record, namesOf(question)) !== undefined;
  if (isStrangers && trigger !== 'adopt' && state !== 'sealed') return IN_VAULT;
  const leaves = (state === 'idle' || state === 'dead') && !wants(question, record, true);
  return { ok: true, place: { kind: 'sealed', document, latest, view, leaves } };
};

const namesOf = (question: PlaceQuestion): string[] =>
  ourNamesOf({ deployment: recordOf(question)?.deployment }, question.ports.deployment);

/** From a state in which nothing is under way, and the vault shows our own name on the token that we know. */
const mayEnter = async (
  question: PlaceQuestion,
  record: ControlRecord | undefined,
  document: SealedSecretDocument,
): Promise<StoreAnswer<{ readonly place: Place }>> => {
  if (record?.phase.state !== 'idle' || record.versionsBeforeClaim !== undefined) return IN_VAULT;
  const look = await question.ports.vault.readLatest(question.grant.secret);
  if (!look.ok) return IN_VAULT;
  const { latest } = look;
  const isOurs =
    fingerprintOf(record.salt, latest.value) === record.fingerprint && writerOf(latest) === record.deployment;
  return isOurs ? { ok: true, place: { kind: 'enters', document, latest } } : IN_VAULT;
};

/** The sealed secret was deleted. What the vault has is an older copy, unless a token came there since. */
const findGone = async (
  question: PlaceQuestion,
  record: ControlRecord | undefined,
): Promise<StoreAnswer<{ readonly place: Place }>> => {
  const { ports, grant, isConsent } = question;
  const isHarmless = isConsent === true || record?.phase.state === 'sealed';
  if (isHarmless || !canLoseToken(profileOf(question, record).rotation)) return IN_VAULT;
  const look = await ports.vault.readLatest(grant.secret);
  if (!look.ok) return look;
  const { tags, value } = look.latest;
  const seq = seqOf(tags);
  const isNewest = record !== undefined && fingerprintOf(record.salt, value) === record.fingerprint;
  return isNewest || seq === undefined || seq > (record?.seq ?? 0) ? IN_VAULT : goneFailure(question);
};

const lost = ({ grant }: PlaceQuestion, what: string, mend: string): StoreFailure =>
  sealedFailure('not_found', {
    message: `Grant ${grant.id}: the blob ${grant.id} of keywatch-tokens ${what}, and the copy in the vault is older; nothing was sent.`,
    action: `${mend}; otherwise consent again: npm run connect -- --grant ${grant.id}`,
  });

const goneFailure = (question: PlaceQuestion): StoreFailure =>
  lost(question, 'with the sealed token is gone', 'Undelete the blob');

const restoredFailure = (question: PlaceQuestion): StoreFailure =>
  lost(
    question,
    'lacks the newest token, as after a restore',
    'Restore its newest state: soft delete keeps what was replaced',
  );
