import { describe, expect, it, vi } from 'vitest';
import type { Config } from '../../../src/lib/config/config.ts';
import { storeFailure } from '../../../src/lib/kernel/storeFailure.ts';
import type { VaultDiscovery } from '../../../src/lib/scan/ports.ts';
import { createScanner } from '../../../src/lib/scan/scanner.ts';
import { configOf } from '../../fakes/config.ts';
import { fakeConnections } from '../../fakes/fakeConnections.ts';
import { type FakeVault, fakeInventory, inventoryFailure } from '../../fakes/fakeInventory.ts';
import { fakeJobRunStore } from '../../fakes/fakeJobRunStore.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { inDays, NOW_EPOCH_MS, secretMetadata, VAULT_URL } from '../../fakes/metadata.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';

const SUBSCRIPTION = '0a0a0a0a-1111-4222-8333-444444444444';

const start = (
  vaults: Record<string, FakeVault> = {},
  config: Config = configOf({ KEYWATCH_VAULTS: VAULT_URL }),
  discovery: VaultDiscovery = {
    discover: async () => ({ ok: true, vaultUrls: [], emptySubscriptionIds: [] }),
  },
) => {
  const telemetry = recordingTelemetry();
  const clock = manualClock(NOW_EPOCH_MS);
  const connections = fakeConnections({ clock, telemetry, discovery, inventory: fakeInventory(vaults) });
  return { telemetry, app: createScanner(config, connections) };
};

describe('a run of the scan', () => {
  it('reports when there is no vault at all', async () => {
    const { app, telemetry } = start({}, configOf());
    expect(await app.startRun(undefined)).toEqual([]);
    expect(telemetry.failures).toMatchObject([
      { code: 'nothing_to_scan', action: expect.stringContaining('KEYWATCH_VAULTS') },
    ]);
  });

  it('reports what it asks for, by the name of each vault, and how often it does', async () => {
    const config = configOf({}, { vaults: [{ url: VAULT_URL, name: 'front' }] });
    const { app, telemetry } = start({}, config);
    const [request] = await app.startRun(undefined, 21_600);
    const { runId } = request ?? {};
    expect(telemetry.eventsNamed('keywatch.run.requested')).toEqual([
      { job: 'keyvault-scan', vault: 'front', runId, mode: 'full', periodSeconds: 21_600 },
    ]);
  });

  it('asks at once what it has to know, and waits for the slowest alone', async () => {
    const asked: string[] = [];
    const answers: (() => void)[] = [];
    const later = async <T>(what: string, answer: T): Promise<T> => {
      asked.push(what);
      await new Promise<void>((resolve) => void answers.push(resolve));
      return answer;
    };
    const found = { ok: true, vaultUrls: [], emptySubscriptionIds: [] } as const;
    const connections = fakeConnections({
      jobRuns: { ...fakeJobRunStore(), read: () => later('last runs', { ok: true, doneEpochMs: new Map() }) },
      discovery: { discover: () => later('vaults', found) },
      poisonQueues: { counts: () => later('poison', []) },
    });
    const running = createScanner(configOf({ KEYWATCH_SUBSCRIPTIONS: SUBSCRIPTION }), connections).startRun(
      undefined,
    );
    await vi.waitFor(() => expect(asked.sort()).toEqual(['last runs', 'poison', 'vaults']));
    for (const answer of answers) answer();
    expect(await running).toEqual([]);
  });

  const half = { pages: { secret: [[secretMetadata()]] }, failures: { key: inventoryFailure() } };
  it.each<[string, FakeVault, string]>([
    ['to its end', {}, VAULT_URL],
    ['half', half, `${VAULT_URL}#broken-off`],
  ])('asks for the inventory of a vault until one was reported %s', async (_, reported, noted) => {
    const vaults: Record<string, FakeVault> = { [VAULT_URL]: { failures: { secret: inventoryFailure() } } };
    const config = configOf({ KEYWATCH_VAULTS: VAULT_URL });
    const inventory = { ...fakeInventory(vaults) };
    const jobRuns = fakeJobRunStore();
    const app = createScanner(config, fakeConnections({ inventory, jobRuns }));
    const run = async () => {
      const [request] = await app.startRun(NOW_EPOCH_MS - 60_000);
      if (request !== undefined) await app.run(request);
      return request?.mode;
    };
    expect(await run()).toBe('full');
    Object.assign(inventory, fakeInventory({ [VAULT_URL]: reported }));
    expect(await run()).toBe('full');
    expect(await run()).toBe('attention');
    expect([...jobRuns.done.keys()]).toEqual([noted]);
  });

  it('reports a failed discovery, and asks for the named vaults all the same', async () => {
    const config = configOf({ KEYWATCH_VAULTS: VAULT_URL, KEYWATCH_SUBSCRIPTIONS: SUBSCRIPTION });
    const discover = async () => inventoryFailure({ code: 'discovery_forbidden' });
    const { app, telemetry } = start({}, config, { discover });
    expect(await app.startRun(undefined)).toHaveLength(1);
    expect(telemetry.failures.map(({ code }) => code)).toEqual(['discovery_forbidden']);
  });
});

it('makes no first run in local mode, which has a run of its own', async () => {
  const config = configOf({ KEYWATCH_VAULTS: VAULT_URL, KEYWATCH_LOCAL: 'true' });
  const scanDispatch = { send: () => expect.unreachable() };
  const connections = fakeConnections({ scanDispatch, jobRuns: fakeJobRunStore() });
  await createScanner(config, connections).startFirstRun(1_000);
});

it('reports a first scan that throws: an instance asks for it once', async () => {
  const telemetry = recordingTelemetry();
  const jobRuns = { ...fakeJobRunStore(), read: () => Promise.reject(new Error('cannot be opened')) };
  const scanDispatch = { send: () => expect.unreachable() };
  const connections = fakeConnections({ telemetry, scanDispatch, jobRuns });
  await createScanner(configOf({ KEYWATCH_VAULTS: VAULT_URL }), connections).startFirstRun(1_000);
  expect(telemetry.failures).toMatchObject([{ code: 'turn_failed' }]);
});

describe('the scan of one vault', () => {
  it('goes by the rules of that vault, and reports', async () => {
    const config = configOf(
      {},
      {
        defaults: { owner: 'all' },
        vaults: [{ url: VAULT_URL, name: 'front', warning: 250, owner: 'desk' }],
      },
    );
    const { app, telemetry } = start({ [VAULT_URL]: { pages: { secret: [[secretMetadata()]] } } }, config);
    await app.run({ source: 'keyvault', target: VAULT_URL, runId: 's', mode: 'attention' });
    expect(telemetry.eventsNamed('keywatch.credential.observed')).toMatchObject([
      { credentialId: 'front/secret/door-lock-api', status: 'warning', owner: 'desk' },
    ]);
    expect(telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([{ vault: 'front' }]);
  });
});

describe('an event of a vault', () => {
  const event = (vaultUrl: string, topic?: string) => ({
    topic,
    data: { Id: `${vaultUrl}/secrets/door-lock-api` },
  });
  const expiring = {
    [VAULT_URL]: {
      versions: { ok: true, versions: [secretMetadata({ version: 'v1', expiresOnEpochMs: inDays(5) })] },
    },
  } as const;

  it('of a vault in a watched subscription is inspected', async () => {
    const { app } = start(expiring, configOf({ KEYWATCH_SUBSCRIPTIONS: SUBSCRIPTION }));
    const topic = `/subscriptions/${SUBSCRIPTION.toUpperCase()}/resourceGroups/rg`;
    expect(await app.inspect(event(VAULT_URL, topic))).toEqual({ ok: true, reported: true });
    expect(await app.inspect(event(VAULT_URL))).toMatchObject({ ok: false });
  });

  it('of an object that is gone is done with', async () => {
    const { app } = start({ [VAULT_URL]: {} });
    expect(await app.inspect(event(VAULT_URL))).toEqual({ ok: true, reported: false });
  });
});

describe('the poison queues', () => {
  it('are counted at every run, zeros too', async () => {
    const telemetry = recordingTelemetry();
    const poisonQueues = {
      counts: async () => [{ ok: true, queue: 'keywatch-scan-poison', messages: 0 } as const],
    };
    const app = createScanner(configOf(), fakeConnections({ telemetry, poisonQueues }));
    await app.startRun(undefined);
    expect(telemetry.metrics).toMatchObject([
      { name: 'keywatch.queue.poison', value: 0, attributes: { queue: 'keywatch-scan-poison' } },
    ]);
  });

  it('that cannot be counted are reported as that', async () => {
    const telemetry = recordingTelemetry();
    const failure = storeFailure('poison_queue', 'forbidden', {
      message: 'Could not count the messages of keywatch-scan-poison: HTTP 403.',
    });
    const poisonQueues = { counts: async () => [failure] };
    await createScanner(configOf(), fakeConnections({ telemetry, poisonQueues })).startRun(undefined);
    expect(telemetry.metrics).toEqual([]);
    expect(telemetry.failures).toMatchObject([{}, failure]);
  });
});
