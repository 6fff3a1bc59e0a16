import { SHARED_GRANT } from '../seed/people.ts';
import type { GameDay } from './gameDay.ts';

const REQUESTS = 60;

/** Calls that are refused, to the app and by others. */
export const trafficGameDays: readonly GameDay[] = [
  {
    rule: 'requests-401-spike',
    breaks: `A program whose settings were changed asks ${REQUESTS} times for a token, and is refused.`,
    subject: 'grantToken',
    async happen(stage) {
      const address = `${stage.app.url}/api/grants/${SHARED_GRANT}/token`;
      for (let sent = 0; sent < REQUESTS; sent += 1) await fetch(address, { method: 'POST' });
      await stage.run();
    },
    mend: () => [
      {
        says: 'Who is refused? The settings of the caller are put right, and it gets its token',
        program: 'order-sync',
      },
      { says: 'The alert ends after a quarter of an hour without refusals', minutes: 20 },
    ],
  },
];
