import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SEALED_SECRETS_CONTAINER } from '../../src/lib/app/containers.ts';
import { SINGLE_TRY } from '../../src/lib/azure/blobCalls.ts';
import { HOUR_MS } from '../../src/lib/kernel/time.ts';
import { accessTokenDigest } from '../../src/lib/refresh/protocol/keepAccessToken.ts';
import { blobTicketStore } from '../../src/lib/stores/blob/blobTicketStore.ts';
import type { TokenReply } from '../../src/lib/tokens/rules/tokenReply.ts';
import type { TokenWish } from '../../src/lib/tokens/rules/tokenRequest.ts';
import { recordingTelemetry } from '../fakes/recordingTelemetry.ts';
import { callerOf, tokensOver } from '../fakes/tokenInstances.ts';
import { realPorts } from './refresh/realPorts.ts';
import { buildStage, type Stage } from './refresh/stage.ts';

const CONSUMERS = 999;
const HOLDS = { store: 'sealed_secret', one: 'a sealed secret', setting: 'none' } as const;

let stage: Stage;
beforeAll(async () => {
  stage = await buildStage();
});
afterAll(() => stage.close());

it('a thousand consumers on three instances have one strict grant refreshed once for each need', async () => {
  const { strict } = stage.servers;
  const staged = await stage.addGrant(strict, 'handed-out');
  const grant = { ...staged.grant, accessTokens: { callers: [] } };
  const telemetry = recordingTelemetry();
  /** Three of the app, at the time that it is now. */
  const startInstances = () => {
    const setup = { ...stage.setupOf(staged), grant };
    const container = BlobServiceClient.fromConnectionString(setup.storage, SINGLE_TRY).getContainerClient(
      SEALED_SECRETS_CONTAINER,
    );
    return [1, 2, 3].map(() => {
      const ports = realPorts(setup, telemetry);
      const sealed = blobTicketStore({ container, clock: ports.clock, holds: HOLDS });
      return tokensOver({ ...ports, sealed }, setup);
    });
  };
  let instances = startInstances();
  /** The one token that all of them got. */
  const crowd = async (wish: TokenWish): Promise<string> => {
    const replies = await Promise.all(
      Array.from({ length: CONSUMERS }, (_, index): Promise<TokenReply> => {
        const { handOut } = instances[index % instances.length] ?? expect.unreachable();
        return handOut({ grantId: grant.id, caller: callerOf(`consumer-${index}`), wish });
      }),
    );
    const got = new Set(replies.map((reply) => (reply.kind === 'token' ? reply.accessToken : reply)));
    const [token] = got;
    if (typeof token !== 'string' || got.size > 1)
      throw new Error(JSON.stringify([got.size, [...got].slice(-2), telemetry.failures]));
    stage.canaries.add(token);
    expect(strict.revokedGrants).toEqual([]);
    return token;
  };

  const first = await crowd({});
  expect(strict.tokenRequests()).toBe(1);
  const second = await crowd({ refused: accessTokenDigest(first) });
  expect(second).not.toBe(first);
  expect(strict.tokenRequests()).toBe(2);
  expect(await crowd({})).toBe(second);
  expect(strict.tokenRequests()).toBe(2);
  // That the refresh token which is kept sealed works shows when it is spent.
  stage.clock.moveForward(HOUR_MS);
  instances = startInstances();
  const third = await crowd({});
  expect([third === second, strict.tokenRequests()]).toEqual([false, 3]);

  stage.printed.push(JSON.stringify(telemetry));
  const secrets = await stage.secretValues();
  for (const [where, text] of await stage.texts())
    for (const secret of secrets) expect([where, text.includes(secret)]).toEqual([where, false]);
});
