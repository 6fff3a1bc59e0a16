import { type Failure, permanentFailure } from '../kernel/failure.ts';
import type { StoreFailure } from '../kernel/storeFailure.ts';
import type { ClientAuthentication } from '../oauth/clientAuthentication/clientCredential.ts';
import type { TokenCall, Tokens } from '../oauth/ports.ts';
import type { ConfiguredGrant, Grant } from '../oauth/rules/grant.ts';
import { reachableSeqOf } from '../oauth/rules/grantTagNames.ts';
import { digestOf } from '../stores/digestOf.ts';
import { leaseRecord } from '../stores/leasedRecord.ts';
import type { Seal } from '../stores/ports.ts';
import { isLost, readEnvelopeHeader } from '../stores/rules/sealedEnvelope.ts';
import { copyToVault } from './place/copyToVault.ts';
import { seenPlace } from './place/seenPlace.ts';
import { settlePlace } from './place/settlePlace.ts';
import { recordOf } from './place/tokenPlace.ts';
import type { RefreshPorts } from './ports.ts';
import { type Attempt, type LatestToken, readLatestToken } from './protocol/attempt.ts';
import { highestInFallback } from './protocol/findInFallback.ts';
import { ourNamesOf, strangerOn, strangerOutcome } from './protocol/owner.ts';
import { reportDeviations } from './protocol/reportDeviations.ts';
import { reportOutcome } from './protocol/reportOutcome.ts';
import { storeConsent } from './protocol/storeConsent.ts';
import { beginWork } from './protocol/workOnGrant.ts';
import type { RefreshOutcome } from './refreshOutcome.ts';
import type { ControlRecord } from './rules/controlRecord.ts';
import { CONTROL_RECORD, type ControlReading, readControlRecord } from './rules/controlRecordText.ts';
import { refreshTimings } from './rules/refreshTimings.ts';

/** What is asked of whoever got a person's consent, once everything that can fail before has not. */
export interface Consent {
  /** Exchanges the code: called once at most, and what it gives is asked for by nobody else. Never rejects. */
  exchange(
    call: Pick<TokenCall, 'authenticate' | 'stillWaiting' | 'timeoutMs'>,
  ): Promise<{ readonly ok: true; readonly answer: Tokens } | Failure>;
  /** Whether the tokens may replace what is there. Decides at once, as the new one is in memory alone. */
  judge(answer: Tokens, before: KnownConsent): ConsentJudgement;
}

export interface KnownConsent {
  /** Absent: none is known. */
  readonly account: string | undefined;
  /** Absent: none is known, or not since when. */
  readonly consentedAtEpochMs: number | undefined;
}

export type ConsentJudgement =
  | { readonly ok: true; readonly refreshToken: string; readonly account: string | undefined }
  | Failure;

/** How a grant stands before a person is asked. */
export type Connectable =
  | { readonly ok: true; readonly state: 'new' | 'dead' | 'alive'; readonly account: string | undefined }
  | Failure;

/** What came of it: as of a refresh, or why nothing was changed. */
export type ConnectOutcome = RefreshOutcome | { readonly kind: 'not_connected'; readonly failure: Failure };
const REGAIN_EVERY_MS = 2_000;
const LEASE_PATIENCE_MS = 90_000;
const EXCHANGE_MS = 60_000;

/** What a refresh has to finish before anything else is written. */
const unfinished = async (
  { seal }: Pick<RefreshPorts, 'seal'>,
  { id }: Grant,
  reading: ControlReading,
): Promise<Failure | undefined> => {
  const isUnreadable = reading.kind === 'unreadable';
  const phase = reading.kind === 'record' ? reading.record.phase : undefined;
  const envelopes = isUnreadable ? reading.envelopes : phase?.state === 'sealed' ? [phase.envelope] : [];
  // Access tokens are sealed for another name.
  const sealed = envelopes.filter((envelope) => readEnvelopeHeader(envelope)?.grant === id);
  if (sealed.length === 0 && !isUnreadable) return undefined;
  const opened = await Promise.all(sealed.map((envelope) => seal.unseal(envelope, id)));
  if (opened.length > 0 && opened.every(isLost)) return undefined;
  const why = isUnreadable ? 'it cannot be read' : 'a new token is kept sealed there';
  return permanentFailure({
    code: 'grant_unfinished',
    message: `Grant ${id}: its control record has to be settled first (${why}); nothing was changed.`,
    action: `Run first: npm run refresh -- --grant ${id}`,
  });
};

interface Ready {
  readonly seal: Seal;
  readonly authenticate: ClientAuthentication;
  readonly latest: LatestToken | undefined;
}

/** What can fail is made to fail before anything is asked or spent: the seal, the client, the vault. */
const prepare = async (
  ports: RefreshPorts,
  grant: Grant,
  salt: string,
): Promise<({ readonly ok: true } & Ready) | Failure> => {
  const sealing = await ports.seal.prepare();
  if (!sealing.ok) return sealing;
  const client = await grant.clientCredential.open(ports.clientCredentials);
  if (!client.ok) return client;
  const read = await readLatestToken({ ports, grant }, salt);
  if (!read.ok && read.reason !== 'not_found') return read;
  const { seal } = sealing;
  return { ok: true, seal, authenticate: client.authenticate, latest: read.ok ? read.latest : undefined };
};

/** Whether a consent for this grant could be kept, and what stands there now. Changes nothing. */
export const mayConnect = async (
  ports: RefreshPorts,
  { grant, profile }: ConfiguredGrant,
): Promise<Connectable> => {
  const found = await ports.control.read(grant.id);
  if (!found.ok) return found;
  const { body, storeNowEpochMs } = found.snapshot;
  const reading = readControlRecord(body, grant.id, digestOf);
  const first = await unfinished(ports, grant, reading);
  if (first !== undefined) return first;
  const leased = { reading: () => reading, storeNowEpochMs: () => storeNowEpochMs };
  const seen = await seenPlace({ ports, grant, profile, trigger: 'manual', leased, isConsent: true });
  if (!seen.ok) return seen;
  const ready = await prepare({ ...ports, vault: seen.vault }, grant, '');
  if (!ready.ok) return ready;
  const record = reading.kind === 'record' ? reading.record : undefined;
  const reached = await seqIfNew({ ports, grant }, record, ready.latest);
  if (!reached.ok) return reached;
  const account = record?.account;
  if (ready.latest === undefined) return { ok: true, state: 'new', account };
  const isDead = record?.phase.state === 'dead' && record.phase.fingerprint === record.fingerprint;
  return { ok: true, state: isDead ? 'dead' : 'alive', account };
};

/**
 * Takes in a person's new consent under the lease of the grant: no refresh is under way then, and none begins.
 * Reports what came of it once a token was there to keep; before that it concerns nobody but the person.
 */
export const connectGrant = async (
  ports: RefreshPorts,
  configured: ConfiguredGrant,
  consent: Consent,
): Promise<ConnectOutcome> => {
  const { grant, profile } = configured;
  const timings = refreshTimings(profile.rotation);
  const startMs = ports.clock.monotonicMs();
  const opened = await leasePatiently(ports, grant, timings);
  if (!opened.ok) return { kind: 'not_connected', failure: opened };
  const { leased } = opened;
  const stop = new AbortController().signal;
  const attempt: Attempt = { ports, grant, profile, timings, trigger: 'manual', leased, stop };
  try {
    const outcome = await takeIn(attempt, consent);
    if (outcome.kind === 'not_connected') return outcome;
    reportOutcome(ports, configured, outcome, ports.clock.monotonicMs() - startMs, leased.reading());
    await reportDeviations(ports, grant, outcome, leased);
    return outcome;
  } finally {
    await leased.close();
  }
};

const leasePatiently = async (
  ports: RefreshPorts,
  grant: Grant,
  timings: Attempt['timings'],
): ReturnType<typeof leaseRecord<ControlRecord>> => {
  const startMs = ports.clock.monotonicMs();
  for (;;) {
    const opened = await leaseRecord(ports, grant.id, timings, CONTROL_RECORD);
    if (opened.ok || opened.reason !== 'held') return opened;
    if (ports.clock.monotonicMs() - startMs >= LEASE_PATIENCE_MS) return heldTooLong(grant, opened);
    await ports.clock.sleep(REGAIN_EVERY_MS);
  }
};

const heldTooLong = ({ id }: Grant, failure: StoreFailure): StoreFailure => ({
  ...failure,
  message: `Grant ${id}: a refresh of it is under way, and has not ended in a minute and a half.`,
  action: 'Try again in some minutes.',
});

const takeIn = async (given: Attempt, consent: Consent): Promise<ConnectOutcome> => {
  const { grant, leased } = given;
  const first = await unfinished(given.ports, grant, leased.reading());
  if (first !== undefined) return left(first);
  // What opens no more may do so again once its key is back.
  if (leased.reading().kind === 'unreadable' || recordOf(given)?.phase.state === 'sealed') {
    const aside = await given.ports.control.archiveUnreadable(leased.lease(), leased.body() ?? '');
    if (!aside.ok) return left(aside);
  }
  const place = await settlePlace({ ...given, isConsent: true });
  if (!place.ok) return left(place);
  const { ports, copied, givenUpSeq } = place.settled;
  const outcome = await exchangeAndStore({ ...given, ports }, consent, givenUpSeq);
  if (copied !== undefined && outcome.kind !== 'not_connected') await copyToVault(copied, outcome, true);
  return outcome;
};

const left = (failure: Failure): ConnectOutcome => ({ kind: 'not_connected', failure });

/** Of a record that was lost, the vault and the fallback store still say how far it had come. */
const seqIfNew = async (
  attempt: Pick<Attempt, 'ports' | 'grant'>,
  { fingerprint, reservedSeq = 0 }: Partial<ControlRecord> = {},
  latest?: LatestToken,
): ReturnType<typeof highestInFallback> => {
  if (fingerprint !== undefined) return { ok: true, seq: reservedSeq };
  const inVault = latest && reachableSeqOf(latest.tags, reservedSeq);
  return highestInFallback(attempt, Math.max(reservedSeq, inVault ?? 0));
};

const exchangeAndStore = async (
  attempt: Attempt,
  consent: Consent,
  givenUpSeq = 0,
): Promise<ConnectOutcome> => {
  const { ports, grant, timings, leased } = attempt;
  const { record: found } = beginWork(attempt);
  const ready = await prepare(ports, grant, found.salt);
  if (!ready.ok) return left(ready);
  const { authenticate, latest, seal } = ready;
  const reached = await seqIfNew(attempt, found, latest);
  if (!reached.ok) return left(reached);
  const record = { ...found, reservedSeq: Math.max(givenUpSeq, reached.seq) };
  const stranger = latest && strangerOn(latest, record, ourNamesOf(record, ports.deployment));
  if (stranger !== undefined) return left(strangerOutcome(attempt, stranger));
  const exchanged = await consent.exchange({
    authenticate,
    timeoutMs: EXCHANGE_MS,
    stillWaiting: {
      everyMs: (timings.leaseSeconds * 1000) / 3,
      notify: () => void leased.renew().catch(() => undefined),
    },
  });
  if (!exchanged.ok) return left(exchanged);
  const { account, consentedAtEpochMs } = record;
  const judged = consent.judge(exchanged.answer, { account, consentedAtEpochMs });
  if (!judged.ok) return left(judged);
  return storeConsent(attempt, record, { ...judged, answer: exchanged.answer, latest, seal });
};
