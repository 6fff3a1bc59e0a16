import { expect } from 'vitest';
import type { RotationClass } from '../../src/lib/oauth/rules/providerProfile.ts';
import { accessTokenDigest } from '../../src/lib/refresh/protocol/keepAccessToken.ts';
import type { TokenWish } from '../../src/lib/tokens/rules/tokenRequest.ts';
import { ACCESS_CANARY, handingOut } from './refresh/handingOut.ts';
import { type RefreshWorld, refreshWorld } from './refresh/refreshWorld.ts';
import { runSolo } from './refresh/soloWorker.ts';
import { callerOf, tokenInstances } from './tokenInstances.ts';

const STRICT: RotationClass = { kind: 'strict' };

/** One instance of a grant whose access token, of an hour, was obtained just now. */
export const tokenScene = async (change: (world: RefreshWorld) => RefreshWorld = handingOut) => {
  const world = change(refreshWorld(STRICT));
  await runSolo(world, { trigger: 'access_token' });
  const [instance = expect.unreachable()] = tokenInstances(world, 1);
  const ask = (wish: TokenWish = {}, name = 'orders', grantId = 'crm') =>
    instance.tokens.handOut({ grantId, caller: callerOf(name), wish });
  return { world, ask, calls: instance.calls };
};

/** Of the token that the grant's n-th refresh brought. */
export const digestOfToken = (number: number) => accessTokenDigest(`${ACCESS_CANARY}-${number}`);
