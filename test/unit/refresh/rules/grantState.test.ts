import { describe, expect, it } from 'vitest';
import { type ControlPhase, newControlRecord } from '../../../../src/lib/refresh/rules/controlRecord.ts';
import type { ControlReading } from '../../../../src/lib/refresh/rules/controlRecordText.ts';
import { grantState } from '../../../../src/lib/refresh/rules/grantState.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const refreshed = {
  ...newControlRecord('crm', 'salt'),
  refreshedAtEpochMs: NOW - 60_000,
  deadlineEpochMs: NOW + 9,
};

const inPhase = (phase: Partial<ControlPhase>): ControlReading => ({
  kind: 'record',
  record: { ...refreshed, phase: phase as ControlPhase },
});

describe('the state of a grant', () => {
  it('says of a dead one that it is dead, and why, for as long as it is', () => {
    const dead = inPhase({ state: 'dead', reason: 'refused', oauthError: 'invalid_grant' });
    const state = { outcome: 'dead', reason: 'invalid_grant', isWrong: true };
    expect(grantState(dead, NOW)).toMatchObject(state);
    expect(grantState(dead, NOW + 30 * 86_400_000)).toMatchObject(state);
  });

  it('says that a token is not stored once no worker can be at it any more', () => {
    const sealed = inPhase({ state: 'sealed', refreshedAtEpochMs: NOW });
    expect(grantState(sealed, NOW + 60_000)).toBeUndefined();
    expect(grantState(sealed, NOW + 400_000)).toMatchObject({ outcome: 'not_stored', isWrong: true });
  });

  it('says that an attempt is ambiguous once people were told, and nothing while it runs', () => {
    expect(grantState(inPhase({ state: 'intent', reported: false }), NOW)).toBeUndefined();
    expect(grantState(inPhase({ state: 'intent', reported: true }), NOW)?.outcome).toBe('ambiguous');
  });

  it('gives age and deadline of one that is in order', () => {
    expect(grantState(inPhase({ state: 'idle' }), NOW)).toEqual({
      outcome: 'refreshed',
      reason: undefined,
      refreshedAtEpochMs: NOW - 60_000,
      deadlineEpochMs: NOW + 9,
      isWrong: false,
    });
  });

  it('knows no outcome of one that was never tried', () => {
    expect(grantState({ kind: 'none' }, NOW)).toMatchObject({ outcome: undefined, isWrong: false });
  });

  it('is silent while attempts fail, so that it never hides their outcome, and when nothing can be read', () => {
    const failures = { ...refreshed.failures, consecutive: 2 };
    const failing: ControlReading = {
      kind: 'record',
      record: { ...refreshed, failures, phase: { state: 'idle' } },
    };
    expect(grantState(failing, NOW)).toBeUndefined();
    expect(grantState({ kind: 'unreadable', why: 'corrupt', envelopes: [] }, NOW)).toBeUndefined();
  });
});
