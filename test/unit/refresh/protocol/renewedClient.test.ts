import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../../src/lib/kernel/time.ts';
import { explainRefresh } from '../../../../src/lib/refresh/explainRefresh.ts';
import { clientDigestOf } from '../../../../src/lib/refresh/protocol/renewedClient.ts';
import { clientCredential } from '../../../fakes/clientCredential.ts';
import { clientSecretOf } from '../../../fakes/refresh/clientSecret.ts';
import { type RefreshWorld, refreshWorld, storedTokenWorks } from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import { breakPort, mend, portsAtOnce, refusal, runTimerEvery } from '../../../fakes/refresh/worldEvents.ts';

/** A grant whose provider has refused the client twice, so that it cools down for two hours. */
const refusedScene = async (isDated = true) => {
  const world = refreshWorld({ kind: 'strict' });
  const secret = clientSecretOf(world, isDated);
  secret.write('wrong');
  await runSolo(world);
  world.elapsedMs += 2 * HOUR_MS;
  await runSolo(world);
  expect(secret.refused).toBe(2);
  world.elapsedMs += MINUTE_MS;
  return { world, secret };
};

describe('a client that the provider refused', () => {
  it('is not tried again before the pause is over while its credential is the same', async () => {
    const { world, secret } = await refusedScene();
    const { outcome } = await runSolo(world, { trigger: 'reconcile' });
    expect(outcome).toMatchObject({ kind: 'not_due', coolingDownFrom: 'permanent' });
    expect(secret.refused).toBe(2);
  });

  it('is tried at the first look after somebody wrote another version of it', async () => {
    const { world, secret } = await refusedScene();
    secret.write('right');
    expect((await runSolo(world, { trigger: 'reconcile' })).outcome).toMatchObject({ kind: 'refreshed' });
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('cools down anew when that version is refused, too', async () => {
    const { world, secret } = await refusedScene();
    secret.write('wrong');
    expect((await runSolo(world, { trigger: 'reconcile' })).outcome).toMatchObject({
      kind: 'misconfigured',
      code: 'invalid_client',
    });
    for (let looks = 0; looks < 3; looks++) await runSolo(world, { trigger: 'reconcile' });
    expect(secret.refused).toBe(3);
  });

  it('is looked at every quarter of an hour by the timer, which tries nothing but another version', async () => {
    const { world, secret } = await refusedScene();
    await runTimerEvery(world, 10 * MINUTE_MS, 6);
    expect(secret.refused).toBe(2);
    secret.write('right');
    await runTimerEvery(world, 10 * MINUTE_MS, 2);
    expect(world.server.state.requests).toBe(1);
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('waits for the pause where the vault does not say when a version was made', async () => {
    const { world, secret } = await refusedScene(false);
    secret.write('right');
    expect((await runSolo(world, { trigger: 'reconcile' })).outcome).toMatchObject({ kind: 'not_due' });
  });

  it.each([
    ['its id', ({ grant }: RefreshWorld) => ({ grant: { ...grant, clientId: 'another' } })],
    ['its provider', ({ profile }: RefreshWorld) => ({ profile: { ...profile, accept: '*/*' } })],
  ])(
    'is tried at the first look after the config says %s otherwise, also without a date',
    async (_, correct) => {
      const { world, secret } = await refusedScene(false);
      secret.write('right');
      const { outcome } = await runSolo({ ...world, ...correct(world) }, { trigger: 'reconcile' });
      expect(outcome).toMatchObject({ kind: 'refreshed' });
    },
  );

  it('is foreseen by a dry run', async () => {
    const { world, secret } = await refusedScene();
    const { grant, profile } = world;
    const foreseen = async () => (await explainRefresh(portsAtOnce(world), { grant, profile })).would;
    expect(await foreseen()).toBe('leave');
    secret.write('right');
    expect(await foreseen()).toBe('refresh');
  });
});

it.each([
  ['audience', { audience: 'https://as.example' }],
  ['algorithm', { algorithm: 'PS256' }],
  ['lifetime', { lifetimeSeconds: 60 }],
])('a client is another to its provider where the config gives its assertions another %s', (_, said) => {
  const { grant, profile } = refreshWorld({ kind: 'strict' });
  const judgedAs = (clientKey: object) => {
    const entry = { clientKey: { keyName: 'signer', ...clientKey } };
    return clientDigestOf(
      { grant: { ...grant, clientCredential: clientCredential('private_key_jwt', entry) }, profile },
      1,
    );
  };
  expect(judgedAs(said)).not.toBe(judgedAs({}));
  expect(judgedAs(said)).toBe(judgedAs(said));
});

it('a request that was refused is made again at the first look after the config says it otherwise', async () => {
  const world = refreshWorld({ kind: 'strict' });
  breakPort(world, 'server', () => ({
    refresh: async () => refusal({ oauthError: 'invalid_scope', httpStatus: 400, class: 'configuration' }),
  }));
  await runSolo(world);
  mend(world);
  expect((await runSolo(world, { trigger: 'reconcile' })).outcome).toMatchObject({ kind: 'not_due' });
  const profile = { ...world.profile, extraParameters: { scope: 'offline_access' } };
  const { outcome } = await runSolo({ ...world, profile }, { trigger: 'reconcile' });
  expect(outcome).toMatchObject({ kind: 'refreshed' });
});

describe('a client whose credential could not be opened', () => {
  it('is tried at the first look after it can be', async () => {
    const world = refreshWorld({ kind: 'strict' });
    const secret = clientSecretOf(world);
    secret.remove();
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'misconfigured' });
    world.elapsedMs += MINUTE_MS;
    expect((await runSolo(world, { trigger: 'reconcile' })).outcome).toMatchObject({ kind: 'not_due' });
    secret.write('right');
    expect((await runSolo(world, { trigger: 'reconcile' })).outcome).toMatchObject({ kind: 'refreshed' });
  });
});
