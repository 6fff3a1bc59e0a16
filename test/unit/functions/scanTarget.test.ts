import { describe, expect, it } from 'vitest';
import { scanTarget } from '../../../src/functions/scanTarget.ts';
import { composeWith } from '../../fakes/composedScanner.ts';
import { type FakeVault, inventoryFailure } from '../../fakes/fakeInventory.ts';
import { invocation } from '../../fakes/invocation.ts';
import { inDays, secretMetadata, VAULT_URL } from '../../fakes/metadata.ts';

const MESSAGE = { source: 'keyvault', target: VAULT_URL, runId: 'scan-1', mode: 'attention' };
const failing = (retryable: boolean): FakeVault => ({
  failures: { secret: inventoryFailure({ retryable, message: 'kv-front-desk did not answer.' }) },
});

describe('a message of the scan queue', () => {
  it('has its vault scanned and reported', async () => {
    const ending = secretMetadata({ expiresOnEpochMs: inDays(1) });
    const telemetry = composeWith({ [VAULT_URL]: { pages: { secret: [[ending]] } } });
    const { context, logs } = invocation();
    await scanTarget(MESSAGE, context);
    expect(telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([
      { runId: 'scan-1', outcome: 'complete', critical: 1 },
    ]);
    expect(logs).toHaveLength(1);
  });

  it('that names a vault which nobody watches is left alone, in words', async () => {
    const telemetry = composeWith(
      { [VAULT_URL]: {} },
      { KEYWATCH_VAULTS: 'https://kv-other.vault.azure.net' },
    );
    const { context, logs } = invocation();
    await scanTarget(MESSAGE, context);
    expect(telemetry.events).toEqual([]);
    expect(logs).toMatchObject([{ level: 'warning', text: expect.stringContaining('is not watched') }]);
  });

  it.each([
    [undefined, 'rejected'],
    [1, 'rejected'],
    [2, 'rejected'],
    ['2', 'rejected'],
    [3, 'resolved'],
    [4, 'resolved'],
  ])('on attempt %s of a vault that may answer later is %s', async (dequeueCount, outcome) => {
    const telemetry = composeWith({ [VAULT_URL]: failing(true) });
    const scan = scanTarget(MESSAGE, invocation({ dequeueCount }).context);
    await (outcome === 'rejected' ? expect(scan).rejects.toThrow('did not answer') : scan);
    expect(telemetry.failures).toHaveLength(1);
  });

  it('is not tried again for a failure that waiting does not mend', async () => {
    const telemetry = composeWith({ [VAULT_URL]: failing(false) });
    await scanTarget(MESSAGE, invocation({ dequeueCount: 1 }).context);
    expect(telemetry.failures).toMatchObject([{ code: 'scan_forbidden' }]);
  });

  it('that is none of ours goes to the poison queue', async () => {
    composeWith({});
    await expect(scanTarget({ source: 'keyvault' }, invocation().context)).rejects.toThrow(
      'scan message: target',
    );
  });
});
