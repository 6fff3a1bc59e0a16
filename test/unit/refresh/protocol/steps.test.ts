import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../../src/lib/kernel/time.ts';
import type { GrantView } from '../../../../src/lib/refresh/protocol/attempt.ts';
import {
  agreeWithVault,
  endIntent,
  finishCaughtUp,
} from '../../../../src/lib/refresh/protocol/steps/agreeSteps.ts';
import { quarantineDead, stopUnlessDue } from '../../../../src/lib/refresh/protocol/steps/dueSteps.ts';
import {
  finishSealed,
  ownSecret,
  readableRecord,
  readVault,
} from '../../../../src/lib/refresh/protocol/steps/findSteps.ts';
import {
  exchangeAndPersist,
  putOnRecord,
  sendableToken,
} from '../../../../src/lib/refresh/protocol/steps/spendSteps.ts';
import {
  type Action,
  type GrantWork,
  latestOf,
  type Step,
} from '../../../../src/lib/refresh/protocol/steps/step.ts';
import { beginWork } from '../../../../src/lib/refresh/protocol/workOnGrant.ts';
import type {
  ControlPhase,
  DeadPhase,
  IntentPhase,
} from '../../../../src/lib/refresh/rules/controlRecord.ts';
import { readControlRecord } from '../../../../src/lib/refresh/rules/controlRecordText.ts';
import { refreshTimings } from '../../../../src/lib/refresh/rules/refreshTimings.ts';
import { digestOf } from '../../../../src/lib/stores/digestOf.ts';
import { failure } from '../../../fakes/refresh/fakeControlStore.ts';
import { refreshWorld, worldNow } from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import { portsAtOnce } from '../../../fakes/refresh/worldEvents.ts';

const world = refreshWorld({ kind: 'strict' });
await runSolo(world);
world.elapsedMs += 60 * DAY_MS + 20 * MINUTE_MS;
const NOW = worldNow(world);

const view: GrantView = {
  ports: portsAtOnce(world),
  grant: world.grant,
  profile: world.profile,
  timings: refreshTimings(world.profile.rotation),
  trigger: 'due',
  leased: {
    reading: () => readControlRecord(world.control.body, 'crm', digestOf),
    storeNowEpochMs: () => NOW,
  },
};
const seen = await readVault(beginWork(view));
if (seen.kind !== 'continue') throw new Error('the vault was not read');
/** A grant that was refreshed once and is due, its vault and record agreeing. */
const due: GrantWork = seen.work;

const intent: IntentPhase = {
  state: 'intent',
  attemptId: 'a',
  startedAtEpochMs: NOW - MINUTE_MS,
  retryFromEpochMs: NOW + MINUTE_MS,
  graceUntilEpochMs: undefined,
  lastResortFromEpochMs: NOW + 59 * MINUTE_MS,
  nextSeq: due.record.seq + 1,
  baseFingerprint: due.record.fingerprint,
  baseVersions: [],
  graceAnchorEpochMs: NOW - MINUTE_MS,
  isRetry: false,
  reported: false,
};
const dead: DeadPhase = {
  state: 'dead',
  sinceEpochMs: NOW - DAY_MS,
  reason: 'refused',
  oauthError: 'invalid_grant',
  fingerprint: due.record.fingerprint ?? '',
  reported: true,
};
const overdue = {
  ...intent,
  startedAtEpochMs: NOW - DAY_MS,
  retryFromEpochMs: NOW - DAY_MS,
  lastResortFromEpochMs: NOW - MINUTE_MS,
};
const SPENT = due.record.previousFingerprint;
const sealed: ControlPhase = {
  state: 'sealed',
  attemptId: 'a',
  envelope: 'e',
  seq: 9,
  fingerprint: 'f',
  baseFingerprint: undefined,
  baseVersions: [],
  refreshedAtEpochMs: NOW,
  deadlineEpochMs: undefined,
};

type Change = (work: GrantWork) => GrantWork;
const phase =
  (said: ControlPhase): Change =>
  (work) => ({ ...work, found: { ...work.found, phase: said }, record: { ...work.record, phase: said } });
const now =
  (changed: Partial<GrantView>): Change =>
  (work) => ({ ...work, view: { ...work.view, ...changed } });
const latest =
  (changed: object): Change =>
  (work) => ({ ...work, latest: { ...latestOf(work), ...changed } });
const written = (by: string | undefined, stage: 'current' | 'intent', ageMs = MINUTE_MS): Change =>
  latest({
    version: 'new',
    createdEpochMs: NOW - ageMs,
    tags: { 'keywatch-stage': stage, ...(by === undefined ? {} : { 'keywatch-deployment': by }) },
  });
const reading = (found: ReturnType<GrantView['leased']['reading']>): Change =>
  now({ leased: { ...view.leased, reading: () => found } });
const both =
  (first: Change, second: Change): Change =>
  (work) =>
    second(first(work));
const changed =
  (change: GrantWork['change']): Change =>
  (work) => ({ ...work, change });
const justRefreshed: Change = (work) => ({ ...work, record: { ...work.record, refreshedAtEpochMs: NOW } });
const vaultSays = (reason: 'forbidden' | 'unavailable'): Change => {
  const vault = { ...view.ports.vault, readLatest: async () => failure('vault', reason) };
  return now({ ports: { ...view.ports, vault } });
};
const ADOPT = now({ trigger: 'adopt' });
const NO_RECORD = reading({ kind: 'none' });
const unreadable = { kind: 'unreadable', why: 'edited', envelopes: [] } as const;
const refused = { ...intent, refusal: { oauthError: undefined, httpStatus: 400 } };
const ahead = { startedAtEpochMs: NOW + DAY_MS, lastResortFromEpochMs: NOW + DAY_MS };

/** What makes a step act, and what a dry run says that it does then. */
const ACTS: readonly (readonly [Step, string, Change, Action['would']])[] = [
  [readableRecord, 'the record cannot be read', reading(unreadable), 'wait'],
  [finishSealed, 'a token is sealed', phase(sealed), 'recover'],
  [readVault, 'the vault cannot be read', vaultSays('unavailable'), 'unknown'],
  [readVault, 'the vault may not be read', vaultSays('forbidden'), 'unknown'],
  [ownSecret, 'another deployment has the secret', written('kw-other', 'current'), 'leave'],
  [ownSecret, 'an unknown attempt is under way', written(undefined, 'intent'), 'wait'],
  [ownSecret, 'what is adopted is being spent', both(ADOPT, written('kw-other', 'intent')), 'wait'],
  [ownSecret, 'an attempt has no record', both(NO_RECORD, written('kw-prod', 'intent')), 'wait'],
  [endIntent, 'an attempt has no end', phase(intent), 'wait'],
  [endIntent, 'an attempt had its time', phase(overdue), 'refresh'],
  [endIntent, 'the server refused the token', phase(refused), 'leave'],
  [endIntent, 'one more try has no answer', phase({ ...intent, again: dead }), 'leave'],
  [endIntent, 'a wrong clock wrote it', phase({ ...intent, ...ahead, baseFingerprint: 'other' }), 'wait'],
  [agreeWithVault, 'a spent token lies on top', latest({ fingerprint: SPENT }), 'recover'],
  [finishCaughtUp, 'it was stored unsaid', both(phase(intent), changed('caught_up')), 'recover'],
  [quarantineDead, 'the token is dead', phase(dead), 'leave'],
  [quarantineDead, 'a person asks again', both(phase(dead), now({ trigger: 'again' })), 'refresh'],
  [stopUnlessDue, 'it is not due', justRefreshed, 'leave'],
  [sendableToken, 'the value is no token', latest({ value: '"quoted"' }), 'leave'],
  [putOnRecord, 'the token is new here', changed('adopted'), 'refresh'],
  [putOnRecord, 'there is no record yet', NO_RECORD, 'refresh'],
  [exchangeAndPersist, 'anything led to it', (work) => work, 'refresh'],
];

/** What looks alike and is no reason to act. */
const GOES_ON: readonly (readonly [Step, string, Change])[] = [
  [ownSecret, 'our own proof that it can be written is there', written('kw-prod', 'intent')],
  [ownSecret, 'the unknown attempt is older than any', written(undefined, 'intent', DAY_MS)],
  [ownSecret, 'another deployment had the secret', both(ADOPT, written('kw-other', 'current'))],
  [endIntent, 'another token than this was sent', phase({ ...intent, baseFingerprint: 'other' })],
  [agreeWithVault, 'a person wrote another token', latest({ fingerprint: 'new', tags: {} })],
  [finishCaughtUp, 'a person wrote another token', both(phase(intent), changed('adopted'))],
  [stopUnlessDue, 'it is asked for by hand', both(justRefreshed, now({ trigger: 'manual' }))],
  [stopUnlessDue, 'an attempt is repeated', both(justRefreshed, (work) => ({ ...work, earlier: intent }))],
  [stopUnlessDue, 'a dead one is tried', both(justRefreshed, (work) => ({ ...work, again: dead }))],
];

describe('a step of the work on a grant', () => {
  for (const [step, why, change, would] of ACTS)
    it(`${step.name} acts when ${why}`, async () => {
      expect(await step(change(due))).toMatchObject({ kind: 'act', would });
    });

  for (const step of new Set(ACTS.slice(0, -1).map(([one]) => one)))
    it(`${step.name} does nothing without a reason`, async () => {
      expect(await step(due)).toMatchObject({ kind: 'continue', work: { change: 'none' } });
    });

  for (const [step, why, change] of GOES_ON)
    it(`${step.name} goes on though ${why}`, async () => {
      expect(await step(change(due))).toMatchObject({ kind: 'continue' });
    });

  it('that needs the token before the vault was read is a fault of the program', () => {
    expect(() => endIntent(phase(intent)(beginWork(view)))).toThrow('before the vault was read');
  });
});
