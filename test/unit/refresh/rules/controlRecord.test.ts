import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ControlRecord, newControlRecord } from '../../../../src/lib/refresh/rules/controlRecord.ts';
import {
  readControlRecord,
  writeControlRecord,
} from '../../../../src/lib/refresh/rules/controlRecordText.ts';
import { digestOf } from '../../../../src/lib/stores/digestOf.ts';
import { fakeEnvelope } from '../../../fakes/refresh/fakeTokenSeal.ts';

const ENVELOPE = fakeEnvelope('crm', 7, 'x');
const sealed: ControlRecord = {
  ...newControlRecord('crm', 'salt'),
  phase: {
    state: 'sealed',
    attemptId: 'a',
    envelope: ENVELOPE,
    seq: 7,
    fingerprint: 'f',
    baseFingerprint: undefined,
    baseVersions: ['v1'],
    refreshedAtEpochMs: 1,
    deadlineEpochMs: undefined,
  },
};
const intent = {
  state: 'intent',
  attemptId: 'a',
  startedAtEpochMs: 1,
  retryFromEpochMs: 2,
  graceUntilEpochMs: undefined,
  lastResortFromEpochMs: 3,
  nextSeq: 7,
  baseFingerprint: 'f',
  baseVersions: ['v1'],
  graceAnchorEpochMs: 1,
  isRetry: false,
  reported: false,
} as const;
const read = (body: string | undefined, grantId = 'crm') => readControlRecord(body, grantId, digestOf);

describe('a control record', () => {
  it('is read as it was written', () => {
    expect(read(writeControlRecord(sealed, digestOf))).toEqual({ kind: 'record', record: sealed });
  });

  it('is read with and without the answer that an intent may hold, which earlier versions never wrote', () => {
    const refusal = { oauthError: 'invalid_grant', httpStatus: 400 };
    for (const phase of [intent, { ...intent, refusal }]) {
      const record: ControlRecord = { ...sealed, phase };
      expect(read(writeControlRecord(record, digestOf))).toEqual({ kind: 'record', record });
    }
    const record = { ...sealed, phase: { ...intent, refusal: 'invalid_grant' } } as unknown as ControlRecord;
    expect(read(writeControlRecord(record, digestOf))).toMatchObject({ why: 'corrupt' });
  });

  it('is read with members that this version does not know, and keeps them', () => {
    const newer = { ...sealed, later: { any: [1] } } as ControlRecord;
    expect(read(writeControlRecord(newer, digestOf))).toEqual({ kind: 'record', record: newer });
  });

  it('is corrupt when any member has a wrong type, in every state', () => {
    const dead = { state: 'dead', sinceEpochMs: 1, reason: 'refused', oauthError: 'x', fingerprint: 'f' };
    const phases = [sealed.phase, { ...intent, graceUntilEpochMs: 9 }, { ...dead, reported: true }];
    for (const phase of phases) {
      const record: Record<string, unknown> = { ...sealed, phase, version: 'v', deadlineEpochMs: 2 };
      const readWith = (changed: object) => read(writeControlRecord(changed as ControlRecord, digestOf)).kind;
      expect(readWith(record)).toBe('record');
      for (const value of [null, {}, [7], 1e16])
        for (const name of Object.keys(record))
          expect(readWith({ ...record, [name]: value })).toBe('unreadable');
      for (const value of [null, {}, [7], 1e16])
        for (const name of Object.keys(phase))
          expect(readWith({ ...record, phase: { ...phase, [name]: value } })).toBe('unreadable');
    }
  });

  it('is absent when there is no blob or an empty one', () => {
    expect(read(undefined)).toEqual({ kind: 'none' });
    expect(read(' \n')).toEqual({ kind: 'none' });
  });

  it('is known as edited after any change of a value, and its sealed token is found', () => {
    const body = writeControlRecord(sealed, digestOf).replace('"seq": 7', '"seq": 8');
    expect(read(body)).toEqual({ kind: 'unreadable', why: 'edited', envelopes: [ENVELOPE] });
  });

  it('is known as newer when a later version of the program wrote it', () => {
    const body = JSON.stringify({ record: { schema: 2, anything: { deep: ENVELOPE } } });
    expect(read(body)).toEqual({ kind: 'unreadable', why: 'newer', envelopes: [ENVELOPE] });
  });

  it('is known as misplaced when it belongs to another grant', () => {
    const reading = read(writeControlRecord(sealed, digestOf), 'erp');
    expect(reading).toMatchObject({ kind: 'unreadable', why: 'misplaced', envelopes: [ENVELOPE] });
  });

  it('cut off anywhere is never taken for a record, and gives up its sealed token if that is whole', () => {
    const body = writeControlRecord(sealed, digestOf);
    const end = body.indexOf(ENVELOPE) + ENVELOPE.length;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: body.length - 2 }), (length) => {
        const reading = read(body.slice(0, length));
        expect(reading.kind).toBe('unreadable');
        if (length >= end) expect(reading).toMatchObject({ envelopes: [ENVELOPE] });
      }),
    );
  });

  it('never throws and never accepts what it did not write', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `{"record":${json}}`),
        ),
        (body) => {
          expect(['none', 'unreadable']).toContain(read(body).kind);
        },
      ),
    );
  });
});
