import { describe, expect, it } from 'vitest';
import { firstScan } from '../../../src/functions/firstScan.ts';
import { connectWith } from '../../../src/lib/app/app.ts';
import type { ScanDispatch } from '../../../src/lib/scan/ports/scanDispatch.ts';
import { composeWith } from '../../fakes/composedScanner.ts';
import { fakeConnections } from '../../fakes/fakeConnections.ts';
import { fakeJobRunStore } from '../../fakes/fakeJobRunStore.ts';
import { VAULT_URL } from '../../fakes/metadata.ts';

const startAt = async (settings: Readonly<Record<string, string>> = {}): Promise<string[]> => {
  composeWith({ [VAULT_URL]: {} }, settings);
  const sent: string[] = [];
  const scanDispatch: ScanDispatch = {
    async send({ vaultUrl, mode }) {
      sent.push(`${mode} of ${vaultUrl}`);
      return { ok: true };
    },
  };
  connectWith(async () => fakeConnections({ scanDispatch, jobRuns: fakeJobRunStore() }));
  await firstScan();
  return sent;
};

describe('the start of an instance', () => {
  it('asks for an inventory of everything where there never was a scan', async () => {
    expect(await startAt()).toEqual([`full of ${VAULT_URL}`]);
  });

  it('asks for nothing in local mode, which makes a run of its own', async () => {
    expect(await startAt({ KEYWATCH_LOCAL: 'true' })).toEqual([]);
  });

  it('is not stopped by a configuration with faults', async () => {
    expect(await startAt({ KEYWATCH_VAULTS: 'not a vault' })).toEqual([]);
  });
});
