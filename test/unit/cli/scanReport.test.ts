import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit.ts';
import type { ScanFormat } from '../../../src/cli/printScan.ts';
import { runScan } from '../../../src/cli/scan.ts';
import { createScanner } from '../../../src/lib/scan/scanner.ts';
import { configOf } from '../../fakes/config.ts';
import { fakeConnections } from '../../fakes/fakeConnections.ts';
import { fakeInventory } from '../../fakes/fakeInventory.ts';
import { inDays, NOW_EPOCH_MS, secretMetadata, VAULT_URL } from '../../fakes/metadata.ts';
import { recordingTerminal } from '../../fakes/recordingTerminal.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const scanInto = async (format: ScanFormat) => {
  const ending = secretMetadata({ expiresOnEpochMs: inDays(5) });
  const inventory = fakeInventory({ [VAULT_URL]: { pages: { secret: [[ending]] } } });
  const scanner = createScanner(configOf({ KEYWATCH_VAULTS: VAULT_URL }), fakeConnections({ inventory }));
  const terminal = recordingTerminal();
  const options = { format, failOn: 'warning' } as const;
  return { exitCode: await runScan(scanner, terminal, options, NOW_EPOCH_MS), terminal };
};

describe('the report of a scan', () => {
  it('is written to the file that is named, and the table is left out', async () => {
    const file = join(temporaryFolder(), 'report.html');
    const { exitCode, terminal } = await scanInto({ html: file });
    expect(exitCode).toBe(EXIT.attention);
    expect(readFileSync(file, 'utf8')).toContain('<title>Report · Keywatch</title>');
    expect(terminal.notes.join('\n')).toContain(`Wrote ${file}`);
    expect(terminal.printed.join('\n')).not.toContain('STATUS');
  });

  it('is a calendar with --ics', async () => {
    const file = join(temporaryFolder(), 'keywatch.ics');
    const { terminal } = await scanInto({ ics: file });
    const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, 'utf8')));
    expect(
      calendar.getAllSubcomponents('vevent').map((event) => event.getFirstPropertyValue('summary')),
    ).toEqual(['! door-lock-api ends (kv-front-desk)']);
    expect(terminal.notes.join('\n')).toContain(`Wrote ${file}`);
  });

  it('is refused in words where it cannot be written', async () => {
    const file = join(temporaryFolder(), 'absent', 'report.html');
    await expect(scanInto({ html: file })).rejects.toThrow(
      /^--html: ".*report\.html" cannot be written \(ENOENT\)$/,
    );
  });
});
