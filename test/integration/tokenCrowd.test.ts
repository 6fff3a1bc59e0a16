import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessTokenDigest } from '../../src/lib/refresh/protocol/keepAccessToken.ts';
import type { TokenReply } from '../../src/lib/tokens/rules/tokenReply.ts';
import type { TokenWish } from '../../src/lib/tokens/rules/tokenRequest.ts';
import { recordingTelemetry } from '../fakes/recordingTelemetry.ts';
import { callerOf, tokensOver } from '../fakes/tokenInstances.ts';
import { realPorts } from './refresh/realPorts.ts';
import { buildStage, type Stage } from './refresh/stage.ts';

const CONSUMERS = 999;

let stage: Stage;
beforeAll(async () => {
  stage = await buildStage();
});
afterAll(() => stage.close());

it('a thousand consumers on three instances have one strict grant refreshed once for each need', async () => {
  const { strict } = stage.servers;
  const staged = await stage.addGrant(strict, 'handed-out');
  const { profile, ...setup } = stage.setupOf(staged);
  const grant = { ...staged.grant, accessTokens: { callers: [] } };
  const telemetry = recordingTelemetry();
  const instances = [1, 2, 3].map(() =>
    tokensOver(realPorts({ ...setup, profile, grant }, telemetry), { grant, profile }),
  );
  /** The one token that all of them got. */
  const crowd = async (wish: TokenWish): Promise<string> => {
    const replies = await Promise.all(
      Array.from({ length: CONSUMERS }, (_, index): Promise<TokenReply> => {
        const { handOut } = instances[index % instances.length] ?? expect.unreachable();
        return handOut({ grantId: grant.id, caller: callerOf(`consumer-${index}`), wish });
      }),
    );
    const got = new Set(replies.map((reply) => (reply.kind === 'token' ? reply.accessToken : reply.kind)));
    expect(got.size).toBe(1);
    const [token = expect.unreachable()] = got;
    stage.canaries.add(token);
    expect(strict.revokedGrants).toEqual([]);
    expect(await stage.storedTokenWorks(staged)).toBe(true);
    return token;
  };

  const first = await crowd({});
  expect(strict.tokenRequests()).toBe(1);
  const second = await crowd({ refused: accessTokenDigest(first) });
  expect(second).not.toBe(first);
  expect(strict.tokenRequests()).toBe(2);
  expect(await crowd({})).toBe(second);
  expect(strict.tokenRequests()).toBe(2);

  stage.printed.push(JSON.stringify(telemetry));
  const secrets = await stage.secretValues();
  for (const [where, text] of await stage.texts())
    for (const secret of secrets) expect([where, text.includes(secret)]).toEqual([where, false]);
});
