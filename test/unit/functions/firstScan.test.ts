import { expect, it } from 'vitest';
import { firstScan } from '../../../src/functions/firstScan.ts';
import { composeWith } from '../../fakes/composedScanner.ts';
import { fakeJobRunStore } from '../../fakes/fakeJobRunStore.ts';
import { VAULT_URL } from '../../fakes/metadata.ts';

const invokeAt = async (settings: Readonly<Record<string, string>> = {}): Promise<string[]> => {
  const sent: string[] = [];
  const scanDispatch = {
    async send({ target, mode }: { target: string; mode: string }) {
      sent.push(`${mode} of ${target}`);
      return { ok: true } as const;
    },
  };
  composeWith({ [VAULT_URL]: {} }, settings, { scanDispatch, jobRuns: fakeJobRunStore() });
  await firstScan();
  return sent;
};

it('a first invocation asks for a scan of everything where there never was one, once in each instance', async () => {
  // A configuration with faults fails the invocation itself; the next one asks again.
  expect(await invokeAt({ KEYWATCH_VAULTS: 'not a vault' })).toEqual([]);
  expect(await invokeAt()).toEqual([`full of ${VAULT_URL}`]);
  expect(await invokeAt()).toEqual([]);
});
