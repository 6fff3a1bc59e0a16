import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { MINUTE_MS } from '../../lib/kernel/time.ts';
import { pathOf } from '../../lib/web/rules/routes.ts';
import { SHARED_GRANT } from '../seed/people.ts';
import type { GameDay, Step } from './gameDay.ts';
import { serverOf } from './grants.ts';
import type { Stage } from './stage.ts';

const REQUESTS = 60;
const CALLS = 30;
const HOST = 'contoso.service-now.com';
/** A program of the company that may have the token of the shared grant. */
const PROGRAM = 'order-sync';
/** Longer than an access token of the company lives. */
const PAST_ITS_END_MS = 11 * MINUTE_MS;
/** Longer than Keywatch waits before it asks a provider anew that gave none to hand on. */
const PAUSE_MS = 6 * MINUTE_MS;
const UNTIL_OVER: Step = { says: 'The alert ends after a quarter of an hour without refusals', minutes: 20 };

const tokenAddress = ({ app }: Stage): string => `${app.url}${pathOf('grantToken', { id: SHARED_GRANT })}`;

/** Asks for an access token as samples/program.mjs does, and leaves the answer unread. */
const askForToken = async (stage: Stage): Promise<void> => {
  const path = join(stage.app.folder.path, 'programs', `${PROGRAM}.env`);
  const {
    TOKEN_ENDPOINT = '',
    CLIENT_ID = '',
    CLIENT_SECRET = '',
    SCOPE = '',
  } = parseEnv(readFileSync(path, 'utf8'));
  const form = { client_id: CLIENT_ID, client_secret: CLIENT_SECRET, scope: SCOPE };
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...form });
  const own = (await (await fetch(TOKEN_ENDPOINT, { method: 'POST', body })).json()) as object;
  const authorization = `Bearer ${Object.entries(own).find(([name]) => name === 'access_token')?.[1]}`;
  await fetch(tokenAddress(stage), { method: 'POST', headers: { authorization } });
};

/** Calls that are refused, to the app and by others. */
export const trafficGameDays: readonly GameDay[] = [
  {
    rule: 'requests-401-spike',
    breaks: `A program whose settings were changed asks ${REQUESTS} times for a token, and is refused.`,
    subject: 'grantToken',
    timers: [],
    async happen(stage) {
      for (let sent = 0; sent < REQUESTS; sent += 1) await fetch(tokenAddress(stage), { method: 'POST' });
      await stage.run();
    },
    mend: () => [
      {
        says: 'Who is refused? The settings of the caller are put right, and it gets its token',
        program: PROGRAM,
      },
      UNTIL_OVER,
    ],
  },
  {
    rule: 'access-token-unavailable',
    breaks: `The provider of ${SHARED_GRANT} binds its access tokens to a key since somebody changed the client there: every refresh is well, and ${PROGRAM} gets no token.`,
    subject: `grant/${SHARED_GRANT}`,
    timers: [],
    async happen(stage) {
      for (let left = 0; left < 10; left += 1) serverOf(stage).inject({ kind: 'bind_token' });
      stage.ahead(PAST_ITS_END_MS);
      for (let asked = 0; asked < 3; asked += 1) {
        await askForToken(stage);
        stage.ahead(PAUSE_MS);
      }
      await stage.run();
    },
    mend: (stage) => [
      {
        says: 'none_usable: have the provider give this client bearer tokens again',
        inAzure: 'the settings of the client at the provider: no DPoP, no mutual TLS',
        act: () => serverOf(stage).heal(),
      },
      { says: 'Keywatch asks again five minutes after the last answer', minutes: 6 },
      { says: 'See that the program gets its token', program: PROGRAM },
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
