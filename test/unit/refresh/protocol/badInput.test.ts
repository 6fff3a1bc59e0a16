import { describe, expect, it } from 'vitest';
import type { RotationClass } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { credentialStore } from '../../../fakes/clientCredential.ts';
import { failure } from '../../../fakes/refresh/fakeControlStore.ts';
import {
  type RefreshWorld,
  refreshWorld,
  START_EPOCH_MS,
  storedTokenWorks,
} from '../../../fakes/refresh/refreshWorld.ts';
import { crashBehind, runSolo } from '../../../fakes/refresh/soloWorker.ts';
import {
  answerWith,
  breakPort,
  consentByHand,
  mend,
  recordOf,
  refusal,
  runTimerEvery,
} from '../../../fakes/refresh/worldEvents.ts';

const strict: RotationClass = { kind: 'strict' };

const withSecret = (value: string): RefreshWorld => {
  const world = refreshWorld(strict);
  const [first] = world.vault.versions;
  if (first !== undefined) world.vault.versions[0] = { ...first, value };
  return world;
};

const answering = (given: Parameters<typeof refusal>[0]): RefreshWorld => {
  const world = refreshWorld(strict);
  answerWith(world, refusal(given));
  return world;
};

/** The worker ends when its control record has the sealed token and the vault does not yet. */
const endedWithSealed = async (): Promise<RefreshWorld> => {
  const world = refreshWorld(strict);
  await crashBehind(world, 'server.refresh', 1);
  world.elapsedMs += 120_000;
  return world;
};

describe('a secret that is no refresh token', () => {
  it.each([
    ['token_empty', ''],
    ['token_too_long', 'x'.repeat(30_000)],
    ['token_is_json', '{"refresh_token":"CANARY"}'],
    ['token_is_json', '"CANARY"'],
    ['token_is_json', '"CANARY'],
    ['token_is_json', '["CANARY"]'],
    ['token_with_whitespace', 'abc\n'],
    ['token_malformed', 'ab\u00e9c'],
  ])('is refused as %s before anything is sent or written: %j', async (code, value) => {
    const world = withSecret(value);
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'misconfigured', code, retryable: false });
    expect(world.server.state.requests).toBe(0);
    expect(world.vault.writes).toBe(0);
    expect(JSON.stringify(world.telemetry.failures)).not.toContain('CANARY');
  });

  it('is put on record once, and not judged again before its cool-down is over', async () => {
    const world = withSecret('');
    const { calls } = await runSolo(world);
    expect(calls.filter((name) => name === 'control.write')).toHaveLength(1);
    world.elapsedMs += 60_000;
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'not_due', coolingDownFrom: 'permanent' });
  });

  it.each(['disabled', 'deleted', 'not_found', 'forbidden'] as const)(
    'that is %s is reported as that',
    async (code) => {
      const world = refreshWorld(strict);
      breakPort(world, 'vault', () => ({
        readLatest: async () => ({ ...failure('vault', code), retryable: false }),
      }));
      expect((await runSolo(world)).outcome).toMatchObject({ kind: 'misconfigured', code: `vault_${code}` });
      expect(world.server.state.requests).toBe(0);
    },
  );
});

describe("a client's secret that was pasted wrongly", () => {
  it.each([
    'CANARY-secret\n',
    ' CANARY-secret',
    'CANARY-secret\r\n',
    'CANARY\nsecret',
    '\ufeffCANARY-secret',
  ])('is refused before it is sent (%j)', async (clientSecret) => {
    const world = refreshWorld(strict);
    world.sabotage = (ports) => ({ ...ports, clientCredentials: credentialStore(clientSecret) });
    const { outcome } = await runSolo(world);
    expect(outcome).toMatchObject({
      kind: 'misconfigured',
      code: 'client_secret_with_whitespace',
      retryable: false,
    });
    expect(world.server.state.requests).toBe(0);
    expect(world.vault.writes).toBe(0);
    expect(JSON.stringify([outcome, world.telemetry.failures])).not.toContain('CANARY');
  });
});

describe('an answer that is no token', () => {
  it('about our client leaves the token alone and asks a person', async () => {
    const world = answering({ oauthError: 'invalid_client', httpStatus: 401, class: 'client' });
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'misconfigured', code: 'invalid_client' });
    expect(world.control.body).toContain('"state": "idle"');
  });

  it('that says "later" is obeyed', async () => {
    const world = answering({ httpStatus: 429, class: 'retry_later', retryAfterSeconds: 7_200 });
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'transient_failure', code: 'throttled' });
    const { notBeforeEpochMs } = recordOf(world).failures;
    expect(notBeforeEpochMs - START_EPOCH_MS).toBeGreaterThanOrEqual(7_200_000);
  });
});

describe('a dead grant', () => {
  it('is reported once, in one event and one exception, and never sent again until a person writes a token', async () => {
    const world = refreshWorld(strict);
    const first = world.vault.versions[0]?.value ?? '';
    world.server.redeem(first, 0);
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'dead', code: 'invalid_grant' });
    const { requests } = world.server.state;
    await runTimerEvery(world, 300_000, 30);
    expect(world.server.state.requests).toBe(requests);
    expect(world.telemetry.eventsNamed('keywatch.grant.refreshed')).toMatchObject([
      { outcome: 'dead', targets: 'api.example,files.example' },
    ]);
    expect(world.telemetry.failures).toMatchObject([
      { code: 'invalid_grant', subject: { owner: 'crm-team', vault: 'kv' } },
    ]);
    expect(world.vault.versions.at(-1)?.tags).toMatchObject({ 'keywatch-state': 'dead' });

    consentByHand(world);
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'refreshed' });
    expect(storedTokenWorks(world)).toBe(true);
    expect(world.vault.versions.at(-1)?.tags).toMatchObject({ 'keywatch-state': 'ok' });
  });
});

describe('a control record that cannot be read', () => {
  it('is copied aside, and a sealed token in it is brought into the vault', async () => {
    const world = await endedWithSealed();
    world.control.body = `{ "edited by": "hand", ${world.control.body?.slice(1)}`.replace(
      '"seq": 1',
      '"seq": 9',
    );
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'transient_failure' });
    expect(world.control.aside).toHaveLength(1);
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'recovered', seq: 2 });
    expect(storedTokenWorks(world)).toBe(true);
    expect(world.server.state.familyKills).toBe(0);
  });

  it('is left as it is while the sealed token in it cannot be opened', async () => {
    const world = await endedWithSealed();
    const damaged = world.control.body?.slice(0, -30);
    world.control.body = damaged;
    breakPort(world, 'seal', () => ({ unseal: async () => failure('seal', 'unavailable') }));
    expect((await runSolo(world)).outcome).toMatchObject({ code: 'seal_unavailable' });
    expect(world.control).toMatchObject({ body: damaged, aside: [] });
    mend(world);
    await runSolo(world);
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'recovered' });
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('waits before the old token is sent when nothing in it says what was under way', async () => {
    const world = refreshWorld(strict);
    world.control.body = 'not JSON';
    await runSolo(world);
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'waiting' });
    expect(world.server.state.requests).toBe(0);
    world.elapsedMs += 61 * 60_000;
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'refreshed' });
  });

  it('is assumed to have been there when it is gone and the vault shows a refresh under way', async () => {
    const world = refreshWorld(strict);
    await crashBehind(world, 'vault.write');
    world.control.body = undefined;
    world.elapsedMs += 120_000;
    expect((await runSolo(world)).outcome).toMatchObject({ code: 'control_record_missing' });
    expect(world.server.state.requests).toBe(0);
  });
});

describe('a sealing key that is gone', () => {
  it('keeps the sealed token, spends nothing, and asks for the key back', async () => {
    const world = await endedWithSealed();
    breakPort(world, 'seal', () => ({
      unseal: async () => ({ ...failure('seal', 'key_gone'), retryable: false }),
    }));
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'not_stored', code: 'seal_key_gone' });
    expect(world.server.state.requests).toBe(1);
    mend(world);
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'recovered' });
    expect(storedTokenWorks(world)).toBe(true);
  });
});
