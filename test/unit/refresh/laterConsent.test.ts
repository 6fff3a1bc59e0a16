import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/lib/kernel/time.ts';
import { mayConnect } from '../../../src/lib/refresh/connectGrant.ts';
import { accessTokenDigest } from '../../../src/lib/refresh/protocol/keepAccessToken.ts';
import { clockOf, connectUntil, runOn, worldOf } from '../../fakes/refresh/consents.ts';

import { runSolo } from '../../fakes/refresh/soloWorker.ts';
import { portsAtOnce, recordOf } from '../../fakes/refresh/worldEvents.ts';

describe('the account of a consent', () => {
  it('is kept through refreshes, and handed to whoever judges the next one', async () => {
    const world = await worldOf('new');
    await connectUntil(world);
    await runSolo(world, { trigger: 'manual' });
    const ports = portsAtOnce(world, clockOf(world));
    expect(await mayConnect(ports, world)).toMatchObject({ account: 'anna' });
  });
});

describe.each(['alive', 'kept sealed'] as const)(
  'what is known of the consent of a grant that is %s',
  (state) => {
    it.each([
      ['it ends', []],
      ['the control store goes away', ['control']],
      ['both stores go away', ['control', 'vault']],
    ] as const)('is never taken for that of the next one, wherever %s', async (_what, stores) => {
      const connected = async () => {
        const plain = await worldOf(state);
        const world = { ...plain, grant: { ...plain.grant, accessTokens: { callers: [] } } };
        await connectUntil(world);
        world.elapsedMs += HOUR_MS / 60;
        return world;
      };
      const { calls } = await connectUntil(await connected(), undefined, undefined, 'ben');
      for (let from = calls.indexOf('exchange') + 1; from <= calls.length; from++) {
        const world = await connected();
        const { fingerprint } = recordOf(world);
        const beforeCall = (_name: string, made: readonly string[]) => {
          if (made.length >= from) for (const store of stores) world[store].down = true;
        };
        await connectUntil(world, stores.length > 0 ? undefined : from, beforeCall, 'ben');
        for (const store of stores) world[store].down = false;
        await runOn(world);
        const record = recordOf(world);
        if (record.fingerprint === fingerprint) continue;
        expect([from, record.account === 'anna']).toEqual([from, false]);
        if (record.accessToken !== undefined) expect(record.accessToken.seq).toBe(record.seq);
      }
    });
  },
);

describe('the access token of a consent', () => {
  it('is kept where it is handed out, in place of that of the consent before', async () => {
    const plain = await worldOf('alive');
    const world = { ...plain, grant: { ...plain.grant, accessTokens: { callers: [] } } };
    await runSolo(world, { trigger: 'manual' });
    const before = recordOf(world).accessToken;
    expect(before).toBeDefined();
    await connectUntil(world);
    const { accessToken, seq } = recordOf(world);
    expect(accessToken).toMatchObject({ digest: accessTokenDigest('access-token'), seq, refusals: 0 });
    expect(accessToken?.digest).not.toBe(before?.digest);
  });
});
