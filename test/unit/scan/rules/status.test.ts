import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import { classifyStatus, type StatusFacts } from '../../../../src/lib/scan/rules/status.ts';
import { inDays, NOW_EPOCH_MS } from '../../../fakes/metadata.ts';

const facts = (changes: Partial<StatusFacts> = {}): StatusFacts => ({
  enabled: true,
  notBeforeEpochMs: inDays(-100),
  expiresOnEpochMs: inDays(100),
  warningMs: 30 * DAY_MS,
  criticalMs: 10 * DAY_MS,
  ...changes,
});

describe('the status of a credential', () => {
  it.each<[string, Partial<StatusFacts>, string]>([
    ['far from its end', {}, 'valid'],
    ['a millisecond before the warning', { expiresOnEpochMs: inDays(30) + 1 }, 'valid'],
    ['from exactly the warning on', { expiresOnEpochMs: inDays(30) }, 'warning'],
    ['a millisecond before the page', { expiresOnEpochMs: inDays(10) + 1 }, 'warning'],
    ['from exactly the page on', { expiresOnEpochMs: inDays(10) }, 'critical'],
    ['a millisecond before its end', { expiresOnEpochMs: NOW_EPOCH_MS + 1 }, 'critical'],
    ['at its end, not after it', { expiresOnEpochMs: NOW_EPOCH_MS }, 'expired'],
    [
      'before its end where both thresholds are zero',
      { expiresOnEpochMs: NOW_EPOCH_MS + 1, warningMs: 0, criticalMs: 0 },
      'valid',
    ],
    ['before its start', { notBeforeEpochMs: NOW_EPOCH_MS + 1 }, 'not_yet_valid'],
    ['at its start', { notBeforeEpochMs: NOW_EPOCH_MS }, 'valid'],
    ['without an end', { expiresOnEpochMs: undefined, warningMs: undefined }, 'no_expiry'],
    [
      'where it starts after an end that is past',
      { notBeforeEpochMs: inDays(5), expiresOnEpochMs: inDays(-5) },
      'expired',
    ],
    ['when it is switched off after its end', { enabled: false, expiresOnEpochMs: inDays(-5) }, 'disabled'],
    ['when it is switched off without an end', { enabled: false, expiresOnEpochMs: undefined }, 'disabled'],
  ])('%s (%j) is %s', (_when, changes, status) => {
    expect(classifyStatus(facts(changes), NOW_EPOCH_MS)).toBe(status);
  });
});
