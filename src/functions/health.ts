import type { HttpResponseInit, InvocationContext } from '@azure/functions';
import { app } from '../lib/app/app.ts';
import { serve } from './serve.ts';

/**
 * Says whether this instance is configured to work, and how much it watches. Anybody may ask, so it names no
 * vault and no fault. `subscriptions` may show more vaults than those that are named.
 */
export const health = async (_request: unknown, context: InvocationContext): Promise<HttpResponseInit> => {
  const headers = { 'cache-control': 'no-store' };
  try {
    const { vaults, subscriptionIds, directory, grants, clients, rotate } = (await app()).config;
    const watches = {
      vaults: vaults.length,
      subscriptions: subscriptionIds.length,
      directories: directory === undefined ? 0 : 1,
      grants: grants.length,
      clients: clients.length,
      rotations: rotate?.rotations.length ?? 0,
    };
    return { status: 200, headers, jsonBody: { status: 'healthy', watches } };
  } catch (error) {
    context.error(error instanceof Error ? error.message : 'the application could not be composed');
    return {
      status: 503,
      headers,
      jsonBody: { status: 'unhealthy', see: 'the log of the function "health"' },
    };
  }
};

serve('health', 'GET', 'health', health);
