import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundleFunctions } from '../../scripts/bundle.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { bundleWorker } from './bundleWorker.ts';
import { type Ending, type HostedWorker, runHosted } from './ending/hostedWorker.ts';
import { inTurn } from './refresh/inTurn.ts';
import type { Halt } from './refresh/meetingPoint.ts';
import { buildStage, type Stage, type StagedGrant } from './refresh/stage.ts';

// The deployed bundle, in the protocol of the Node.js worker, ended each way with an attempt at each point. What one
// attempt holds back, it holds back for all of its worker: so each point is ended alone, too.

/** What the stage stands in for: a third of what is deployed. A worker that loaded one of them would fail. */
const UNUSED = ['applicationinsights', '@azure/identity', '@azure/msal-node'];
const SPENDING = 'server.refresh';
const MOMENT_MS = 300;

/** How a worker is ended, and the exit code that is then its own. */
const WAYS = {
  SIGTERM: { code: 143, end: (worker: HostedWorker) => worker.signal('SIGTERM') },
  'SIGTERM, and a host that goes a moment later': {
    code: 143,
    end: (worker: HostedWorker) => {
      worker.signal('SIGTERM');
      setTimeout(() => worker.hostDies(), MOMENT_MS);
    },
  },
  'a host that dies first': { code: 1, end: (worker: HostedWorker) => worker.hostDies() },
  'the terminate message, and a kill five seconds later': {
    code: 0,
    end: (worker: HostedWorker) => worker.terminate(),
  },
  'an unhandled rejection of another function': {
    code: 1,
    end: (worker: HostedWorker) => worker.send({ kind: 'reject_unhandled' }),
  },
} as const;
type Way = keyof typeof WAYS;
const ways = Object.keys(WAYS) as Way[];

let stage: Stage;
let folder = '';
let program = '';
/** The calls of an attempt that comes to its end. */
let undisturbed: readonly string[] = [];
beforeAll(async () => {
  stage = await buildStage();
  folder = mkdtempSync(join(tmpdir(), 'keywatch-ending-'));
  await bundleFunctions(folder, 'test/integration/ending/stagedApp.ts', { without: UNUSED });
  program = await bundleWorker(join(import.meta.dirname, 'ending/worker.ts'), folder);
  const staged = await stage.addGrant(stage.servers.strict, 'undisturbed');
  const { calls, answers } = await run([staged], WAYS.SIGTERM.end);
  expect(answers).toMatchObject({ undisturbed: { ok: true, logs: [expect.stringContaining('refreshed')] } });
  undisturbed = calls['undisturbed'] ?? [];
});
afterAll(async () => {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

const environmentOf = (vault: string, grants: readonly StagedGrant[]): Record<string, string> => {
  const { strict } = stage.servers;
  const clientSecret = { secretName: `oauth-client-${strict.name}` };
  const config = {
    providers: [{ id: strict.name, ...strict.provider }],
    grants: grants.map(({ grant: { id, provider, clientId, secret } }) => ({
      ...{ id, provider, vault, secretName: secret.name, clientId, clientSecret },
    })),
  };
  const file = join(folder, `${grants[0]?.grant.id}.config.json`);
  writeFileSync(file, JSON.stringify(config));
  return {
    KEYWATCH_LOCAL: 'true',
    KEYWATCH_CONFIG_FILE: file,
    KEYWATCH_BLOB_SERVICE_URL: 'http://127.0.0.1:1/of-the-stage',
    KEYWATCH_QUEUE_SERVICE_URL: 'http://127.0.0.1:1/of-the-stage',
    KEYWATCH_SEALING_KEY_ID: `${vault}/keys/of-the-stage`,
  };
};

/** Hands a worker these grants at once, and ends it where they halt, or after something else. */
const run = (
  grants: readonly (StagedGrant & Halt)[],
  end: (worker: HostedWorker) => void,
  endAfter?: Promise<unknown>,
): Promise<Ending> => {
  const setup = stage.worldSetup();
  return runHosted({
    ...{ folder, program, setup, end, endAfter },
    environment: environmentOf(setup.vaultUrl, grants),
    printed: stage.printed,
    messages: grants.map(({ grant, haltAfter }) => ({ grantId: grant.id, haltAfter })),
  });
};

type Halting = StagedGrant & { readonly haltAfter: number };

/** A grant for each point of an attempt. */
const haltingEverywhere = (label: string): Promise<Halting[]> => {
  const points = undisturbed.slice(0, -1).map((_, index) => index + 1);
  return inTurn(points, async (haltAfter) => ({
    ...(await stage.addGrant(stage.servers.strict, `${label}-${haltAfter}`)),
    haltAfter,
  }));
};

const expectNoLoss = async (grants: readonly Halting[], calls: Ending['calls']): Promise<void> => {
  const spendsAt = undisturbed.indexOf(SPENDING);
  expect(spendsAt).toBeGreaterThan(5);
  for (const { haltAfter: point, ...staged } of grants) {
    // Right before the fence either may come first: the worker hearing of it, or the answer that it waits for.
    if (point !== spendsAt - 1)
      expect([point, calls[staged.grant.id]?.includes(SPENDING)]).toEqual([point, point >= spendsAt]);
    expect([point, await stage.storedTokenWorks(staged)]).toEqual([point, true]);
  }
  // Another worker goes on at once: it neither waits for a lease nor for an attempt of unknown end.
  const next = await inTurn(grants, (staged) => stage.runOnce(staged, 'manual'));
  expect(next.map(({ kind }) => kind)).toEqual(grants.map(() => 'refreshed'));
  expect(stage.servers.strict.revokedGrants).toEqual([]);
};

describe.each(ways)('a worker that is ended by %s', (way) => {
  const { end, code } = WAYS[way];

  it('loses no token of a strict provider, at whichever points its attempts are', async () => {
    const grants = await haltingEverywhere(`way-${ways.indexOf(way)}`);
    const { calls, ...ended } = await run(grants, end);
    expect(ended).toMatchObject({ code, signal: null });
    await expectNoLoss(grants, calls);
  });
});

it('loses none with one attempt alone, at whichever point that is', async () => {
  const grants = await haltingEverywhere('alone');
  const calls = await inTurn(grants, async (halting) => {
    const { end, code } = WAYS[ways[halting.haltAfter % ways.length] as Way];
    const ending = await run([halting], end);
    expect([halting.haltAfter, ending]).toMatchObject([halting.haltAfter, { code, signal: null }]);
    return ending.calls;
  });
  await expectNoLoss(grants, Object.assign({}, ...calls));
});

it('waits for an answer that is on its way and stores it, however it is ended', async () => {
  const slow = await inTurn(ways, async (way) => ({
    ...WAYS[way],
    way,
    staged: await stage.addGrant(stage.servers.strict, `slow-${ways.indexOf(way)}`),
  }));
  const { strict } = stage.servers;
  const answering = Promise.withResolvers<void>();
  for (const _ of slow) strict.inject({ kind: 'delay', until: answering.promise });
  const before = strict.tokenRequests();
  const sent = vi.waitUntil(() => strict.tokenRequests() - before === slow.length, { timeout: 60_000 });
  const ending = Promise.all(slow.map(({ staged, end }) => run([staged], end, sent)));
  await sent;
  // By then the last host is gone, and the five seconds of another are not over.
  await systemClock.sleep(2 * MOMENT_MS);
  answering.resolve();
  const endings = await ending;
  for (const [index, { way, code, staged }] of slow.entries()) {
    expect([way, endings[index]]).toMatchObject([way, { code, signal: null }]);
    expect([way, await stage.storedTokenWorks(staged)]).toEqual([way, true]);
    expect([way, await stage.runOnce(staged, 'manual')]).toMatchObject([way, { kind: 'refreshed' }]);
  }
});

it('answers a host that is still there, also where nothing was sent', async () => {
  const staged = await stage.addGrant(stage.servers.strict, 'answered');
  const { answers } = await run([{ ...staged, haltAfter: 2 }], WAYS.SIGTERM.end);
  expect(answers).toMatchObject({ answered: { ok: false, logs: [expect.stringContaining('about to end')] } });
});
