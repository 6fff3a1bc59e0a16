import { describe, expect, it } from 'vitest';
import { runConnect } from '../../../src/cli/connect.ts';
import { configuredGrant } from '../../../src/cli/grantOption.ts';
import type { Connection } from '../../../src/lib/connect/connector.ts';
import { permanentFailure } from '../../../src/lib/kernel/failure.ts';
import { UsageError } from '../../../src/lib/kernel/usageError.ts';
import { recordingTerminal } from '../../fakes/recordingTerminal.ts';
import { refreshWorld, START_EPOCH_MS } from '../../fakes/refresh/refreshWorld.ts';

const { grant, profile } = refreshWorld({ kind: 'strict' });
const REFRESHED = {
  kind: 'refreshed',
  rotated: true,
  seq: 1,
  deadlineEpochMs: undefined,
  httpStatus: 200,
  deviations: [],
} as const;

const run = async (connection: Connection) => {
  const terminal = recordingTerminal();
  const exitCode = await runConnect(
    { grant, profile },
    async ({ show }) => {
      show('http://127.0.0.1:7072/connect/abc', 'http://127.0.0.1:7072/callback/strict');
      return connection;
    },
    terminal,
    {
      port: 7072,
      replace: false,
      isOtherAccountMeant: false,
      stop: new AbortController().signal,
      nowEpochMs: START_EPOCH_MS,
    },
  );
  return { exitCode, printed: terminal.printed.join('\n'), noted: terminal.notes.join('\n') };
};

describe('npm run connect', () => {
  it('shows the link, the redirect address to register, and what consumers need', async () => {
    const { exitCode, printed, noted } = await run({ outcome: REFRESHED, fields: { realmId: '91' } });
    expect(exitCode).toBe(0);
    expect(printed).toContain('http://127.0.0.1:7072/connect/abc');
    expect(printed).toContain('realmId: 91');
    expect(noted).toContain('http://127.0.0.1:7072/callback/strict');
  });

  it('says what happened and what to do where nothing was changed', async () => {
    const failure = permanentFailure({
      code: 'x',
      message: 'The consent was declined.',
      action: 'Ask again.',
    });
    const { exitCode, noted } = await run({ outcome: { kind: 'not_connected', failure }, fields: {} });
    expect(exitCode).toBe(1);
    expect(noted).toContain('The consent was declined. Ask again.');
  });

  it('asks for attention where the new token is not in the vault yet', async () => {
    const outcome = {
      kind: 'not_stored',
      ok: false,
      code: 'vault_unavailable',
      retryable: true,
      message: 'It is kept sealed.',
      action: 'Nothing now.',
    } as const;
    expect(await run({ outcome, fields: {} })).toMatchObject({
      exitCode: 1,
      noted: expect.stringContaining('npm run refresh -- --grant crm'),
    });
  });

  it.each([
    [undefined, /name one.*crm/],
    ['crn', /did you mean crm/],
  ])('refuses the grant %s in words', (given, words) => {
    expect(() => configuredGrant([{ grant, profile }], given)).toThrow(UsageError);
    expect(() => configuredGrant([{ grant, profile }], given)).toThrow(words);
  });
});
