import { describe, expect, it } from 'vitest';
import type { TokenAnswer } from '../../../src/lib/oauth/ports.ts';
import { registeringSecrets } from '../../../src/lib/refresh/registeringSecrets.ts';
import { credentialStore, publicClient } from '../../fakes/clientCredential.ts';
import { fakeEnvelope } from '../../fakes/refresh/fakeTokenSeal.ts';
import { refreshWorld } from '../../fakes/refresh/refreshWorld.ts';
import { changeAnswers, portsAtOnce } from '../../fakes/refresh/worldEvents.ts';

const scene = () => {
  const world = refreshWorld({ kind: 'strict' });
  const held: string[] = [];
  changeAnswers(world, (answer) =>
    answer.kind === 'tokens' ? { ...answer, accessToken: 'CANARY-access-token' } : answer,
  );
  const clientCredentials = credentialStore('CANARY-client-secret');
  const registering = registeringSecrets(
    { ...portsAtOnce(world), clientCredentials },
    {
      registerSecret(value) {
        held.push(value);
        return () => void held.splice(held.indexOf(value), 1);
      },
    },
  );
  return { world, held, ...registering };
};

describe('ports that name the secrets they hand over', () => {
  it('name every value that is read, received or opened, and forget each once', async () => {
    const { world, held, ports, forget } = scene();
    const { grant, profile } = world;
    await ports.vault.readLatest(grant.secret);
    await ports.vault.readVersion(grant.secret, 'v1');
    await grant.clientCredential.open(ports.clientCredentials);
    await ports.server.refresh({
      grantId: grant.id,
      profile,
      clientId: grant.clientId,
      authenticate: publicClient,
      refreshToken: world.server.state.issued[0] ?? '',
      timeoutMs: 5_000,
    });
    await ports.seal.unseal(fakeEnvelope(grant.id, 3, 'CANARY-sealed'), grant.id);
    const [first = '', second = ''] = world.server.state.issued;
    expect(held).toEqual([
      first,
      first,
      'CANARY-client-secret',
      second,
      'CANARY-access-token',
      'CANARY-sealed',
    ]);
    forget();
    expect(held).toEqual([]);
    forget();
    expect(held).toEqual([]);
  });

  it('leave the names of the config, and what is too short for a token, readable', async () => {
    const { world } = scene();
    const held: [string, unknown][] = [];
    const answered = ['kv-contoso-payments', 'payments-team', 'a-token-of-its-own', 'fifteen-letters'];
    changeAnswers(world, (answer) => {
      const given = { refreshToken: answered.shift(), accessToken: answered.shift() };
      return { ...answer, kind: 'tokens', ...given } as TokenAnswer;
    });
    const registering = registeringSecrets(
      portsAtOnce(world),
      {
        registerSecret(value, origin) {
          held.push([value, origin]);
          return () => undefined;
        },
      },
      (value) => 'https://kv-contoso-payments.vault.azure.net payments-team'.includes(value),
    );
    const call = {
      grantId: 'crm',
      profile: world.profile,
      clientId: 'c',
      refreshToken: 'x',
      timeoutMs: 5_000,
    };
    for (let times = 0; times < 2; times++)
      await registering.ports.server.refresh({ ...call, authenticate: publicClient });
    expect(held).toEqual([['a-token-of-its-own', 'token']]);
  });

  it('name nothing when there is nothing', async () => {
    const { world, held, ports } = scene();
    world.vault.down = true;
    expect(await ports.vault.readLatest(world.grant.secret)).toMatchObject({ ok: false });
    expect(await ports.vault.readVersion(world.grant.secret, 'v1')).toMatchObject({ ok: false });
    expect(held).toEqual([]);
  });
});
