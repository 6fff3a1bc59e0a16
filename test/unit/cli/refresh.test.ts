import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit.ts';
import { runRefresh } from '../../../src/cli/refresh.ts';
import type { RefreshExplanation } from '../../../src/lib/refresh/explainRefresh.ts';
import type { Refresher } from '../../../src/lib/refresh/refresher.ts';
import type { FailedOutcome, RefreshOutcome } from '../../../src/lib/refresh/refreshOutcome.ts';
import { configOf, REFRESH_SETTINGS } from '../../fakes/config.ts';
import { NOW_EPOCH_MS, VAULT_URL } from '../../fakes/metadata.ts';
import { recordingTerminal } from '../../fakes/recordingTerminal.ts';

const grants = ['salesforce-orders', 'servicenow-incidents'].map((id) => ({
  id,
  provider: 'custom',
  vault: VAULT_URL,
  secretName: `oauth-${id}`,
  clientId: 'keywatch',
  clientSecret: { secretName: 'oauth-client' },
}));
const config = configOf(REFRESH_SETTINGS, {
  providers: [{ id: 'custom', tokenEndpoint: 'https://login.example/token' }],
  grants,
});
const limited = {
  ...config,
  grants: config.grants.map((one) => ({ ...one, profile: { ...one.profile, maxRefreshPer10Minutes: 1 } })),
};

interface Given {
  readonly outcome?: RefreshOutcome;
  readonly would?: RefreshExplanation['would'];
  readonly grantId?: string;
  readonly isDryRun?: boolean;
  readonly wish?: 'adopt' | 'again';
  /** Ends the command while the first grant is at work. */
  readonly stopsAtOnce?: boolean;
  /** The token endpoint bears one refresh in ten minutes. */
  readonly isLimited?: boolean;
}

const run = async (given: Given) => {
  const { outcome, would = 'refresh', grantId, wish, isDryRun = false, stopsAtOnce } = given;
  const stop = new AbortController();
  const messages: unknown[] = [];
  const refresher: Pick<Refresher, 'explain' | 'refresh'> = {
    async refresh(message) {
      messages.push(message);
      if (stopsAtOnce) stop.abort();
      return outcome;
    },
    explain: async (id) => ({
      grantId: id,
      would,
      reason: 'half of 90 days passed',
      notes: [],
    }),
  };
  const { grants } = given.isLimited ? limited : config;
  const terminal = recordingTerminal();
  const options = { grantId, wish, isDryRun, stop: stop.signal, nowEpochMs: NOW_EPOCH_MS };
  const exitCode = await runRefresh(grants, refresher, terminal, options);
  return { exitCode, printed: terminal.printed, notes: terminal.notes, messages };
};

const refreshed: RefreshOutcome = {
  kind: 'refreshed',
  rotated: true,
  seq: 7,
  deadlineEpochMs: NOW_EPOCH_MS + 90 * 86_400_000,
  httpStatus: 200,
  deviations: [],
};

describe('npm run refresh', () => {
  it('goes over every grant and says what was stored and until when it lasts', async () => {
    const { exitCode, printed, messages } = await run({ outcome: refreshed });
    expect(exitCode).toBe(EXIT.quiet);
    expect(messages).toEqual(grants.map(({ id }) => ({ grantId: id, trigger: 'due' })));
    expect(printed[0]).toMatch(/^✓ salesforce-orders: refreshed, rotated, stored as no\. 7; dies in 90 days/);
  });

  it('refreshes a grant that is named whether it is due or not', async () => {
    const { messages } = await run({ outcome: refreshed, grantId: 'servicenow-incidents' });
    expect(messages).toEqual([{ grantId: 'servicenow-incidents', trigger: 'manual' }]);
  });

  it.each(['adopt', 'again'] as const)('does as --%s says only where a grant is named', async (wish) => {
    const { messages } = await run({ outcome: refreshed, grantId: 'servicenow-incidents', wish });
    expect(messages).toEqual([{ grantId: 'servicenow-incidents', trigger: wish }]);
    await expect(run({ outcome: refreshed, wish })).rejects.toThrow(`--${wish}: needs --grant ID`);
  });

  const failed = (
    kind: FailedOutcome['kind'],
    code: string,
    more: Partial<FailedOutcome> = {},
  ): RefreshOutcome => ({
    kind,
    code,
    ok: false,
    retryable: kind === 'transient_failure' || kind === 'ambiguous',
    message: 'It did not work.',
    action: 'Renew the consent.',
    ...more,
  });

  it('says what to do about a failure', async () => {
    const { printed } = await run({ outcome: failed('dead', 'invalid_grant'), grantId: 'salesforce-orders' });
    expect(printed.join('\n')).toContain('Renew the consent.');
  });

  it.each<[string, RefreshOutcome, number]>([
    ['a rate limit', failed('transient_failure', 'throttled'), EXIT.failed],
    ['a server that is down', failed('transient_failure', 'server_unavailable'), EXIT.failed],
    ['a connection that cannot be made', failed('transient_failure', 'not_sent'), EXIT.failed],
    ['a store that does not answer', failed('transient_failure', 'control_unavailable'), EXIT.failed],
    [
      'what a person should look into',
      failed('transient_failure', 'overtaken', { needsPerson: true }),
      EXIT.attention,
    ],
    ['an attempt whose end is unknown', failed('ambiguous', 'answer_lost'), EXIT.attention],
    [
      'the same attempt at the next run',
      { kind: 'waiting', untilEpochMs: NOW_EPOCH_MS, reason: '' },
      EXIT.attention,
    ],
    ['a store that refuses for good', failed('misconfigured', 'vault_forbidden'), EXIT.attention],
    ['a death', failed('dead', 'invalid_grant'), EXIT.attention],
    ['a death that was known', { kind: 'quarantined', sinceEpochMs: NOW_EPOCH_MS }, EXIT.attention],
    [
      'that refusal while it cools down',
      { kind: 'not_due', reason: '', coolingDownFrom: 'permanent' },
      EXIT.attention,
    ],
    [
      'a rate limit while it cools down',
      { kind: 'not_due', reason: '', coolingDownFrom: 'transient' },
      EXIT.failed,
    ],
    ['a grant that is not due', { kind: 'not_due', reason: 'not due for another 40 days' }, EXIT.quiet],
  ])('ends as the outcome asks for, after %s', async (_what, outcome, exitCode) => {
    expect((await run({ outcome, grantId: 'salesforce-orders' })).exitCode).toBe(exitCode);
  });

  it('says at every run where the consent of a dead grant is renewed', async () => {
    const action = 'Consent again at https://crm.example/connect and write the new refresh token.';
    const outcome: RefreshOutcome = { kind: 'quarantined', sinceEpochMs: NOW_EPOCH_MS, action };
    const { printed } = await run({ outcome, grantId: 'salesforce-orders' });
    expect(printed.join('\n')).toContain('https://crm.example/connect');
  });

  it('ends the refresh that is under way before it stops, and says which were left', async () => {
    const { exitCode, printed, notes, messages } = await run({ outcome: refreshed, stopsAtOnce: true });
    expect(messages).toHaveLength(1);
    expect(printed[0]).toMatch(/^✓ salesforce-orders/);
    expect(notes.at(-1)).toContain('servicenow-incidents');
    expect(exitCode).toBe(EXIT.failed);
  });

  it('names the near grant when there is none of that name', async () => {
    await expect(run({ grantId: 'salesforce-order' })).rejects.toThrow('did you mean salesforce-orders?');
  });

  it('only says what would be done in a dry run', async () => {
    const { printed, messages, exitCode } = await run({ isDryRun: true, grantId: 'salesforce-orders' });
    expect(messages).toEqual([]);
    expect(exitCode).toBe(EXIT.quiet);
    expect(printed).toEqual(['→ salesforce-orders would be refreshed: half of 90 days passed']);
  });

  it('fails a dry run that could not judge', async () => {
    expect((await run({ isDryRun: true, would: 'unknown' })).exitCode).toBe(EXIT.failed);
  });
});

describe('a run over all due grants', () => {
  it('keeps the rate of a token endpoint, and names what it leaves to the timer', async () => {
    const { messages, notes } = await run({ outcome: refreshed, isLimited: true });
    expect(messages).toEqual([{ grantId: 'salesforce-orders', trigger: 'due' }]);
    expect(notes).toEqual([expect.stringMatching(/^Left to the timer, .*: servicenow-incidents$/)]);
  });

  it('counts no grant that was not due', async () => {
    const outcome: RefreshOutcome = { kind: 'not_due', reason: 'refreshed an hour ago' };
    expect((await run({ outcome, isLimited: true })).messages).toHaveLength(2);
  });
});
