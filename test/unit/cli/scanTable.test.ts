import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit.ts';
import { inDays } from '../../fakes/metadata.ts';
import { holding, runScanOver as run, type ScanRun } from '../../fakes/runScanOver.ts';

describe('the table of a scan', () => {
  const several = holding(
    { name: 'gone', expiresOnEpochMs: inDays(-5) },
    { name: 'soon', expiresOnEpochMs: inDays(12), tags: { 'keywatch-owner': 'doors@contoso.example' } },
    { name: 'fine' },
    { name: 'off', enabled: false },
    { name: 'relic', expiresOnEpochMs: inDays(-50) },
    { name: 'snoozed', expiresOnEpochMs: inDays(2), tags: { 'keywatch-snooze-until': '2026-12-01' } },
  );
  const namesOf = async (given: ScanRun) => {
    const { printed } = (await run({ vaults: several, ...given })).terminal;
    return printed.slice(1, printed.indexOf('')).map((line) => line.split(/ {2,}/)[1] ?? line);
  };

  it('has what needs attention, and a count of the rest', async () => {
    expect(await namesOf({})).toEqual([
      'gone',
      'soon',
      'The rest needs none: 4 credentials (1 ended long ago, 1 valid, 1 disabled, 1 snoozed). --all shows them.',
    ]);
    const { printed } = (await run({ vaults: holding({}) })).terminal;
    expect(printed[0]).toBe('Nothing needs attention; 1 credential (1 valid). --all shows it.');
  });

  it('has everything with --all, and what was asked for with --owner and --status', async () => {
    expect(await namesOf({ all: true })).toEqual(['relic', 'gone', 'soon', 'fine', 'off', 'snoozed']);
    expect(await namesOf({ statuses: ['valid', 'disabled'] })).toEqual(['fine', 'off']);
    expect(await namesOf({ owner: 'doors@contoso.example' })).toEqual(['soon']);
    expect(await namesOf({ owner: '(nobody)', statuses: ['expired'] })).toEqual(['relic', 'gone']);
  });

  it('goes by what was asked for in its exit code, and in JSON', async () => {
    const owner = 'doors@contoso.example';
    expect((await run({ vaults: several, owner, failOn: 'expired' })).exitCode).toBe(EXIT.quiet);
    const { terminal } = await run({ vaults: several, owner, format: 'json' });
    expect(JSON.parse(terminal.printed.join('\n')).credentials).toMatchObject([{ name: 'soon' }]);
  });
});
