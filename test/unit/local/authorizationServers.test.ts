import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/lib/kernel/systemClock.ts';
import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import { profileFrom } from '../../../src/lib/oauth/presets/providerSettings.ts';
import { tokenEndpoint } from '../../../src/lib/oauth/tokenEndpoint/tokenEndpoint.ts';
import { startAuthorizationServers } from '../../../src/local/authorizationServers/authorizationServers.ts';
import type { LocalAuthorizationServer } from '../../../src/local/authorizationServers/localServer.ts';
import { createLocalClock } from '../../../src/local/clock.ts';
import { bySecret } from '../../fakes/clientCredential.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const start = async (folder?: string) => {
  const clock = createLocalClock();
  const servers = await startAuthorizationServers({ nowEpochMs: clock.nowEpochMs, folder });
  let closed = false;
  const close = async () => {
    if (!closed) await servers.close();
    closed = true;
  };
  onTestFinished(close);
  return { clock, ...servers, close };
};

const refresh = (
  server: LocalAuthorizationServer,
  refreshToken: string,
  clientSecret = server.clientSecret,
) => {
  const reading = profileFrom(server.name, server.provider, { allowLoopback: true });
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  return tokenEndpoint({ clock: systemClock, allowLoopback: true }).refresh({
    grantId: server.name,
    profile: reading.profile,
    clientId: server.clientId,
    authenticate: bySecret('client_secret_post', clientSecret),
    refreshToken,
    timeoutMs: 5_000,
  });
};

const rotated = async (server: LocalAuthorizationServer, refreshToken: string): Promise<string> => {
  const answer = await refresh(server, refreshToken);
  if (answer.kind !== 'tokens' || answer.refreshToken === undefined) throw new Error(JSON.stringify(answer));
  return answer.refreshToken;
};

describe('the strict server', () => {
  it('rotates, and revokes the grant when a used token comes back', async () => {
    const { strict } = await start();
    const first = await strict.mint('crm');
    const second = await rotated(strict, first);
    expect([await strict.isUsable(first), await strict.isUsable(second)]).toEqual([false, true]);
    expect(await refresh(strict, first)).toMatchObject({
      kind: 'refused',
      class: 'dead',
      oauthError: 'invalid_grant',
    });
    expect(strict.revokedGrants).toHaveLength(1);
    expect(await strict.isUsable(second)).toBe(false);
    expect(await refresh(strict, second)).toMatchObject({ kind: 'refused', class: 'dead' });
  });

  it('lets a token die 90 days after it was issued, each rotation anew', async () => {
    const { clock, strict } = await start();
    const idle = await strict.mint('idle');
    const first = await strict.mint('crm');
    clock.moveForward(60 * DAY_MS);
    const second = await rotated(strict, first);
    clock.moveForward(60 * DAY_MS);
    expect([await strict.isUsable(idle), await strict.isUsable(second)]).toEqual([false, true]);
    expect(await refresh(strict, idle)).toMatchObject({ kind: 'refused', class: 'dead' });
    expect(await refresh(strict, second)).toMatchObject({ kind: 'tokens' });
  });

  it('tells the time of the moved clock', async () => {
    const { clock, strict } = await start();
    const token = await strict.mint('crm');
    clock.moveForward(30 * DAY_MS);
    const answer = await refresh(strict, token);
    const dateEpochMs = answer.kind === 'tokens' ? (answer.serverDateEpochMs ?? 0) : 0;
    expect(Math.abs(dateEpochMs - clock.nowEpochMs())).toBeLessThan(5_000);
  });

  it('refuses a client whose secret is wrong, and spends nothing', async () => {
    const { strict } = await start();
    const token = await strict.mint('crm');
    expect(await refresh(strict, token, 'wrong')).toMatchObject({ kind: 'refused', class: 'client' });
    expect(await strict.isUsable(token)).toBe(true);
  });
});

describe('the graceful server', () => {
  it('takes a used token for ten minutes more, and not longer', async () => {
    const { clock, graceful } = await start();
    const first = await graceful.mint('erp');
    const lost = await rotated(graceful, first);
    clock.moveForward(9 * 60_000);
    const second = await rotated(graceful, first);
    expect(second).not.toBe(lost);
    expect(await graceful.isUsable(second)).toBe(true);
    clock.moveForward(2 * 60_000);
    expect(await refresh(graceful, first)).toMatchObject({ kind: 'refused', class: 'dead' });
    expect(graceful.revokedGrants).toHaveLength(1);
  });

  it('lives 180 days', async () => {
    const { clock, graceful } = await start();
    const token = await graceful.mint('erp');
    clock.moveForward(179 * DAY_MS);
    expect(await graceful.isUsable(token)).toBe(true);
    clock.moveForward(2 * DAY_MS);
    expect(await graceful.isUsable(token)).toBe(false);
  });
});

describe('the odd server', () => {
  it('gives a code to its own client alone, and tokens for it to nobody without the secret', async () => {
    const { odd } = await start();
    const own = 'http://127.0.0.1:7072/callback/contoso-odd';
    const consent = async (redirectUri: string, answer = 'approve') => {
      const { endpoint = '' } = odd.provider.authorization ?? {};
      const asked = { response_type: 'code', client_id: odd.clientId, redirect_uri: redirectUri, state: 's' };
      const body = new URLSearchParams({ login: 'anna', answer });
      const given = { method: 'POST', redirect: 'manual', body } as const;
      const { status, headers } = await fetch(`${endpoint}?${new URLSearchParams(asked)}`, given);
      return { status, location: headers.get('location') ?? '' };
    };
    expect(await consent('https://elsewhere.example/callback')).toEqual({ status: 400, location: '' });
    expect((await consent(own, 'decline')).location).toContain('error=access_denied');
    const code = new URL((await consent(own)).location).searchParams.get('code') ?? '';
    const exchange = async (secret: Record<string, string>) => {
      const form = { grant_type: 'authorization_code', code, client_id: odd.clientId, redirect_uri: own };
      const body = new URLSearchParams({ ...form, ...secret });
      return (await fetch(odd.tokenEndpoint, { method: 'POST', body })).json();
    };
    expect(await exchange({})).toMatchObject({ ok: false });
    const { authed_user } = Object(await exchange({ client_secret: odd.clientSecret }));
    expect(await odd.isUsable(authed_user.refresh_token)).toBe(true);
    expect(await exchange({ client_secret: odd.clientSecret })).toMatchObject({ ok: false });
  });

  it('answers in shapes that conform to nothing, and no token is lost', async () => {
    const { odd } = await start();
    let token = await odd.mint('chat');
    const faults = new Set<string>();
    for (let run = 0; run < 8; run += 1) {
      const answer = await refresh(odd, token);
      if (answer.kind !== 'tokens') throw new Error(JSON.stringify(answer));
      for (const { code } of answer.deviations) faults.add(code);
      token = answer.refreshToken ?? '';
      expect(await odd.isUsable(token)).toBe(true);
    }
    expect(faults.size).toBeGreaterThan(5);
  });

  it('refuses inside HTTP 200', async () => {
    const { odd } = await start();
    const token = await odd.mint('chat');
    await rotated(odd, token);
    const dead = { kind: 'refused', class: 'dead', httpStatus: 200, oauthError: 'invalid_refresh_token' };
    expect(await refresh(odd, token)).toMatchObject(dead);
    expect(await refresh(odd, token, 'wrong')).toMatchObject({
      class: 'client',
      oauthError: 'bad_client_secret',
    });
  });
});

describe('faults on demand', () => {
  it('lose the request or the answer of one refresh', async () => {
    const { strict, odd } = await start();
    for (const server of [strict, odd]) {
      const token = await server.mint('crm');
      server.inject({ kind: 'lose_request' });
      expect(await refresh(server, token)).toMatchObject({ kind: 'ambiguous' });
      expect(await server.isUsable(token)).toBe(true);
      server.inject({ kind: 'lose_answer' });
      expect(await refresh(server, token)).toMatchObject({ kind: 'ambiguous' });
      expect(await server.isUsable(token)).toBe(false);
      expect(server.tokenRequests()).toBe(2);
    }
  });
});

describe('a restart', () => {
  it('still knows every token, which are used, and the client', async () => {
    const folder = temporaryFolder();
    const before = await start(folder);
    const tokens: Record<string, { used: string; live: string }> = {};
    for (const name of ['strict', 'graceful', 'odd'] as const) {
      const used = await before[name].mint('crm');
      tokens[name] = { used, live: await rotated(before[name], used) };
    }
    await before.close();
    const after = await start(folder);
    for (const name of ['strict', 'graceful', 'odd'] as const) {
      expect(after[name].clientSecret).toBe(before[name].clientSecret);
      expect(await after[name].isUsable(tokens[name]?.live ?? '')).toBe(true);
      expect(await after[name].isUsable(tokens[name]?.used ?? '')).toBe(name === 'graceful');
    }
  });

  it('after being killed knows the token that was being used and its successor', async () => {
    const folder = temporaryFolder();
    const killed = await start(folder);
    const first = { strict: await killed.strict.mint('crm'), odd: await killed.odd.mint('crm') };
    const second = {
      strict: await rotated(killed.strict, first.strict),
      odd: await rotated(killed.odd, first.odd),
    };
    // The first run is still there and has written nothing since: what a killed one would leave.
    const after = await start(folder);
    for (const name of ['strict', 'odd'] as const) {
      expect(await after[name].isUsable(first[name])).toBe(true);
      expect(await after[name].isUsable(second[name])).toBe(true);
    }
  });

  it('says which file to delete when its state is not what it wrote', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'odd.json'), '{"tokens":');
    await expect(start(folder)).rejects.toThrow(/odd\.json is not the state .* delete it/);
  });

  it('leaves a private file, and none of the tokens of the odd server in it', async () => {
    const folder = temporaryFolder();
    const { odd } = await start(folder);
    const token = await odd.mint('crm');
    const path = join(folder, 'odd.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).not.toContain(token);
  });
});

it.each(['strict', 'graceful', 'odd'] as const)(
  'an administrator of the %s server can take all consents back',
  async (name) => {
    const { [name]: server } = await start();
    const token = await server.mint('crm');
    server.endConsents();
    expect(await server.isUsable(token)).toBe(false);
    expect(await refresh(server, token)).toMatchObject({ kind: 'refused', class: 'dead' });
    expect(await server.isUsable(await server.mint('crm'))).toBe(true);
  },
);
