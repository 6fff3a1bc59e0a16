import { MINUTE_MS } from '../../lib/kernel/time.ts';
import { pathOf } from '../../lib/web/rules/routes.ts';
import { SHARED_GRANT } from '../seed/people.ts';
import type { GameDay, Step } from './gameDay.ts';

const REQUESTS = 60;
const CALLS = 30;
const HOST = 'contoso.service-now.com';
const UNTIL_OVER: Step = { says: 'The alert ends after a quarter of an hour without refusals', minutes: 20 };

/** Calls that are refused, to the app and by others. */
export const trafficGameDays: readonly GameDay[] = [
  {
    rule: 'requests-401-spike',
    breaks: `A program whose settings were changed asks ${REQUESTS} times for a token, and is refused.`,
    subject: 'grantToken',
    timers: [],
    async happen(stage) {
      const address = `${stage.app.url}${pathOf('grantToken', { id: SHARED_GRANT })}`;
      for (let sent = 0; sent < REQUESTS; sent += 1) await fetch(address, { method: 'POST' });
      await stage.run();
    },
    mend: () => [
      {
        says: 'Who is refused? The settings of the caller are put right, and it gets its token',
        program: 'order-sync',
      },
      UNTIL_OVER,
    ],
  },
  {
    rule: 'dependencies-401-spike',
    breaks: `An application of Contoso calls ${HOST}, and is refused each time.`,
    subject: HOST,
    timers: [],
    async happen({ app, clock }) {
      const values = {
        ...{ TimeGenerated: clock.nowEpochMs() - MINUTE_MS, AppRoleName: 'incident-bridge', ItemCount: 1 },
        ...{ Target: HOST, DependencyType: 'HTTP', Name: 'POST /api/now/table/incident' },
        ...{ ResultCode: '401', Success: false },
      };
      await app.telemetry.store.insertRows(
        Array.from({ length: CALLS }, () => ({ table: 'AppDependencies', values })),
      );
    },
    mend: () => [
      {
        says: 'Read Evidence, and restart the consumer that holds what was replaced',
        inAzure: 'az webapp restart -g THEIR_GROUP -n THEIR_APP',
        act: () => undefined,
      },
      UNTIL_OVER,
    ],
  },
];
