import type { Timer } from '@azure/functions';
import { describe, expect, it, vi } from 'vitest';
import { scanTimer } from '../../../src/functions/scanTimer.ts';
import { SCAN_QUEUE } from '../../../src/lib/azure/queues.ts';
import { composeWith } from '../../fakes/composedScanner.ts';
import { invocation, timerRun as run } from '../../fakes/invocation.ts';
import { VAULT_URL } from '../../fakes/metadata.ts';

const OTHER_URL = 'https://kv-b.vault.azure.net';
const messagesAfter = async (timer: Timer) => {
  composeWith({ [VAULT_URL]: {}, [OTHER_URL]: {} });
  const { context, outputs } = invocation();
  await scanTimer(timer, context);
  return outputs;
};

describe('a run of the scan timer', () => {
  it('puts one message for each vault into the queue of scans', async () => {
    const [written, ...more] = await messagesAfter(run('2026-11-22T11:07:00+00:00'));
    expect(more).toEqual([]);
    expect(written?.output).toMatchObject({ type: 'queue', queueName: SCAN_QUEUE });
    expect(written?.value).toEqual(
      [VAULT_URL, OTHER_URL].map((vaultUrl) => ({
        source: 'keyvault',
        target: vaultUrl,
        runId: expect.any(String),
        mode: 'attention',
      })),
    );
  });

  it.each([
    ['the first ever, which the host dates 0001-01-01', run('0001-01-01T00:00:00')],
    ['of a host that knows no schedule', { ...run(''), scheduleStatus: undefined } as unknown as Timer],
    ['that was late by a day', run('2026-11-21T11:07:00+00:00')],
  ])('%s asks for the inventory', async (_which, timer) => {
    expect((await messagesAfter(timer))[0]?.value).toMatchObject([{ mode: 'full' }, { mode: 'full' }]);
  });

  it('rejects with every fault of the configuration, and works once they are mended', async () => {
    composeWith({}, { KEYWATCH_VAULTS: 'kv-a', KEYWATCH_LOCAL: 'perhaps' });
    await expect(scanTimer(run(''), invocation().context)).rejects.toThrow('The configuration has 2 faults');
    vi.stubEnv('KEYWATCH_VAULTS', VAULT_URL);
    vi.stubEnv('KEYWATCH_LOCAL', '');
    const { context, outputs } = invocation();
    await scanTimer(run(''), context);
    expect(outputs[0]?.value).toHaveLength(1);
  });
});
