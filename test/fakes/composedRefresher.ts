import { join } from 'node:path';
import type { RefreshMessage } from '../../src/lib/refresh/rules/refreshMessage.ts';
import { composeApp } from './composeApp.ts';
import { REFRESH_SETTINGS } from './config.ts';
import { manualClock } from './manualClock.ts';
import { type RefreshWorld, refreshWorld, START_EPOCH_MS } from './refresh/refreshWorld.ts';
import { portsAtOnce } from './refresh/worldEvents.ts';

const SETTINGS = {
  KEYWATCH_CONFIG_FILE: join(import.meta.dirname, '../fixtures/oneGrant.config.json'),
  ...REFRESH_SETTINGS,
};

/** Makes the application of this process look after one strict grant, `crm`, never refreshed, until the test ends. */
export const composeRefresher = (): { readonly world: RefreshWorld; readonly sent: RefreshMessage[] } => {
  const world = refreshWorld({ kind: 'strict' });
  const sent: RefreshMessage[] = [];
  const clock = manualClock(START_EPOCH_MS);
  const dispatch = {
    async send(message: RefreshMessage) {
      sent.push(message);
      return { ok: true } as const;
    },
  };
  const { telemetry } = world;
  const refresh = { ...portsAtOnce(world, clock), dispatch };
  composeApp(SETTINGS, () => ({ clock, telemetry, refresh }));
  return { world, sent };
};
