import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit.ts';
import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import { inventoryFailure } from '../../fakes/fakeInventory.ts';
import { inDays, NOW_EPOCH_MS, secretMetadata, VAULT_URL } from '../../fakes/metadata.ts';
import { ending, holding, runScanOver as run, type ScanRun } from '../../fakes/runScanOver.ts';

describe('the exit code of a scan', () => {
  it.each([
    ['nothing needs attention', holding({}), EXIT.quiet],
    ['something ended long ago and broke nothing', ending(-50), EXIT.quiet],
    ['a vault is empty', { [VAULT_URL]: {} }, EXIT.quiet],
    ['something nears its end', ending(20), EXIT.attention],
    ['something is critical', ending(5), EXIT.attention],
    ['something has ended', ending(-5), EXIT.attention],
    ['something has no end, which is a finding only', holding({ expiresOnEpochMs: undefined }), EXIT.quiet],
    ['what has ended is disabled', holding({ expiresOnEpochMs: inDays(-5), enabled: false }), EXIT.quiet],
    [
      'what is about to end is snoozed',
      holding({ expiresOnEpochMs: inDays(2), tags: { 'keywatch-snooze-until': '2026-12-01' } }),
      EXIT.quiet,
    ],
    [
      'what has ended is snoozed, which hides no end',
      holding({ expiresOnEpochMs: inDays(-5), tags: { 'keywatch-snooze-until': '2026-12-01' } }),
      EXIT.attention,
    ],
  ])('when %s', async (_when, vaults, exitCode) => {
    expect((await run({ vaults })).exitCode).toBe(exitCode);
  });

  it.each([
    ['warning', [1, 1, 1]],
    ['critical', [0, 1, 1]],
    ['expired', [0, 0, 1]],
    ['never', [0, 0, 0]],
  ] as const)('follows --fail-on %s', async (failOn, exitCodes) => {
    const codes = await Promise.all(
      [20, 5, -5].map(async (days) => (await run({ vaults: ending(days), failOn })).exitCode),
    );
    expect(codes).toEqual(exitCodes);
  });

  it('is that of a failure when one vault could not be scanned, even with --fail-on never', async () => {
    const vaults = {
      ...ending(-5),
      'https://kv-b.vault.azure.net': { failures: { key: inventoryFailure() } },
    };
    expect((await run({ vaults, failOn: 'never' })).exitCode).toBe(EXIT.failed);
  });

  it('is that of a failure when there is nothing to scan, in words', async () => {
    const { exitCode, terminal } = await run({ settings: {} });
    expect([exitCode, terminal.printed]).toEqual([EXIT.failed, []]);
    expect(terminal.notes).toEqual([expect.stringContaining('--vault https://NAME.vault.azure.net')]);
  });

  it('is that of a failure when subscriptions could not be asked, whatever the named vaults hold', async () => {
    const settings = {
      KEYWATCH_VAULTS: VAULT_URL,
      KEYWATCH_SUBSCRIPTIONS: '0a0a0a0a-1111-4222-8333-444444444444',
    };
    const { exitCode, terminal } = await run({
      vaults: holding({}),
      settings,
      discoveryFails: true,
      all: true,
    });
    expect(exitCode).toBe(EXIT.failed);
    expect(terminal.notes).toEqual([expect.stringContaining('No subscription could be asked.')]);
    expect(terminal.printed.join('\n')).toContain('door-lock-api');
  });
});

describe('what a scan prints', () => {
  it('is the table, then a line for each vault by name', async () => {
    const vaults = {
      'https://kv-z.vault.azure.net': { failures: { secret: inventoryFailure() } },
      ...ending(12),
    };
    const { printed } = (await run({ vaults })).terminal;
    expect(printed[0]).toMatch(/^STATUS/);
    expect(printed[1]).toContain('in 12 days');
    expect(printed.slice(2).map((line) => line.slice(0, 20))).toEqual([
      '',
      expect.stringContaining('✓ kv-front-desk: 1'),
      expect.stringContaining('✗ kv-z: scan failed'),
      expect.stringMatching(/^ {4}/),
    ]);
  });

  it('leaves out what is ignored', async () => {
    const { terminal } = await run({ vaults: holding({ tags: { 'keywatch-ignore': 'true' } }) });
    expect(terminal.printed.join('\n')).not.toContain('door-lock-api');
    expect(terminal.printed.join('\n')).toContain('1 ignored');
  });

  it('is CSV with --csv, and a failed vault beside it on standard error', async () => {
    const vaults = {
      ...ending(12),
      'https://kv-b.vault.azure.net': { failures: { key: inventoryFailure() } },
    };
    const { terminal } = await run({ vaults, format: 'csv' });
    expect(terminal.printed.join('\r\n').split('\r\n')).toHaveLength(2);
    expect(terminal.notes[0]).toContain('kv-b: scan failed');
  });

  it.each(['json', 'csv'] as const)(
    'is whole as %s where nothing at all could be scanned',
    async (format) => {
      const vaults = { 'https://kv-b.vault.azure.net': { failures: { secret: inventoryFailure() } } };
      const { exitCode, terminal } = await run({ vaults, format });
      expect(exitCode).toBe(EXIT.failed);
      const text = terminal.printed.join('\n');
      if (format === 'csv')
        expect(text).toBe(
          'credentialId,vault,kind,name,status,expiresOn,owner,suppressed,findings,notBefore,warningAt,criticalAt,targets\r',
        );
      else expect(JSON.parse(text)).toMatchObject({ credentials: [], scans: [{ outcome: 'failed' }] });
    },
  );

  it('shows how far it is, by what its table will show, and takes that away at the end', async () => {
    const { progressTexts } = (
      await run({ vaults: holding({}, {}, { tags: { 'keywatch-ignore': 'true' } }) })
    ).terminal;
    expect(progressTexts[0]).toBe('0 of 1 scan, 0 credentials …');
    expect(progressTexts).toContain('1 of 1 scan, 2 credentials …');
    expect(progressTexts.at(-1)).toBe('');
  });

  it('goes by the clock of Key Vault where that of the machine is a day ahead, and says so once', async () => {
    const critical = [secretMetadata({ expiresOnEpochMs: NOW_EPOCH_MS + DAY_MS / 2 })];
    const vault = { pages: { secret: [critical] }, serverDatesEpochMs: [NOW_EPOCH_MS] };
    const vaults = { [VAULT_URL]: vault, 'https://kv-b.vault.azure.net': vault };
    const { terminal } = await run({ vaults, localEpochMs: NOW_EPOCH_MS + DAY_MS });
    expect(terminal.notes).toEqual([expect.stringContaining('1,440 minutes ahead')]);
    expect(terminal.printed[1]).toMatch(/critical.*in 12 hours/);
  });
});

describe('the explanation of one credential', () => {
  const tags = {
    'keywatch-owner': 'doors@contoso.example',
    'keywatch-warning-days': '40',
    'keywatch-snooze-until': '2026-12-01',
    'keywatch-target': 'api.doors.example',
  };
  const vaults = holding(
    { expiresOnEpochMs: inDays(30), tags },
    { name: 'other', expiresOnEpochMs: inDays(1) },
  );
  const explained = async (explain: string, given: ScanRun = { vaults }) => run({ ...given, explain });

  it.each(['door-lock-api', 'DOOR-LOCK-API', 'kv-front-desk/secret/door-lock-api'])(
    'has each value, and who said it, and is for what is called %s alone',
    async (name) => {
      const { exitCode, terminal } = await explained(name);
      expect(terminal.printed.map((line) => line.split(/ {2,}/))).toEqual([
        ['kv-front-desk/secret/door-lock-api: ▲ warning, ends 2026-12-22, in 30 days'],
        ['VALUE', 'IS', 'FROM'],
        ['owner', 'doors@contoso.example', 'tag'],
        ['warning', 'from 2026-11-12, 40 days before its end', 'tag'],
        ['critical', 'from 2026-12-12, 10 days before its end', 'built-in'],
        ['renews', '-', '-'],
        ['mustExpire', '-', '-'],
        ['runbook', '-', '-'],
        ['targets', 'api.doors.example', 'tag'],
        ['snooze', 'until 2026-12-01', 'tag'],
        ['ignore', '-', '-'],
      ]);
      expect(exitCode).toBe(EXIT.quiet);
    },
  );

  it('says which tag could not be read, and what is allowed', async () => {
    const vaults = holding({ tags: { 'keywatch-owner': '', 'keywatch-ignore': 'yes' } });
    const { printed } = (await explained('door-lock-api', { vaults })).terminal;
    expect(printed.slice(11)).toEqual([
      expect.stringMatching(/^▲ malformed tag: Tag keywatch-owner is "".*1 to 128 printable characters/),
      expect.stringMatching(/^▲ malformed tag: Tag keywatch-ignore is "yes"; allowed is "true" or "false"/),
      '  Fix: Correct the tag: the finding names it and what is allowed.',
      expect.stringContaining('▲ unowned: '),
      expect.stringMatching(/^ {2}Fix: Set the tag keywatch-owner;/),
    ]);
  });

  it('is there for what is ignored, and for each that has the name', async () => {
    const ignored = holding({ tags: { 'keywatch-ignore': 'true' }, expiresOnEpochMs: undefined });
    const both = { ...ignored, 'https://kv-b.vault.azure.net': ending(5)[VAULT_URL] ?? {} };
    const { exitCode, terminal } = await explained('door-lock-api', { vaults: both });
    const text = terminal.printed.join('\n');
    expect(text).toMatch(/kv-b\/secret\/door-lock-api: ! critical[\s\S]*\n\nkv-front-desk[^\n]*never ends\n/);
    expect(text).toMatch(/ignore +for good +tag$/m);
    expect(exitCode).toBe(EXIT.attention);
  });

  it('says so where nothing has the name, and what could not be scanned', async () => {
    const failing = { ...vaults, 'https://kv-b.vault.azure.net': { failures: { key: inventoryFailure() } } };
    const { exitCode, terminal } = await explained('doorlock', { vaults: failing });
    expect([exitCode, terminal.printed]).toEqual([EXIT.failed, []]);
    expect(terminal.notes.join('\n')).toMatch(/kv-b: scan failed[\s\S]*No credential is called "doorlock"/);
  });
});
