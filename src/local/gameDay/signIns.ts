import { randomUUID } from 'node:crypto';
import { DAY_MS, MINUTE_MS } from '../../lib/kernel/time.ts';
import { addSecret, removeSecret } from '../entra/tenant.ts';
import { applicationOf } from './clients.ts';
import type { GameDay } from './gameDay.ts';
import type { Stage } from './stage.ts';

const DIRECTORY = 'contoso-entra';
const REFUSED = 'Data lake export';
const ENDING = 'CRM portal';
/** `invalid client secret` @see src/lib/prove/rules/entraAnswer.ts */
const WRONG_SECRET = '7000215';
const ACCEPTED = '0';

/** What the tenant writes into the workspace when something signs in as an application: a model, no stand-in does it. */
const signIn = (
  stage: Stage,
  name: string,
  { result, keyId = '', minutesAgo }: { result: string; keyId?: string; minutesAgo: number },
): Promise<void> =>
  stage.app.telemetry.store.insertRows([
    {
      table: 'AADServicePrincipalSignInLogs',
      values: {
        ...{ TimeGenerated: stage.clock.nowEpochMs() - minutesAgo * MINUTE_MS, Id: randomUUID() },
        ...{ AppId: applicationOf(stage, name).appId, ServicePrincipalName: name, ResultType: result },
        ...{ IPAddress: '203.0.113.7', ServicePrincipalCredentialKeyId: keyId },
        ResourceDisplayName: 'Microsoft Graph',
      },
    },
  ]);

/** What is seen in the sign-in logs of the tenant. Both rules are off unless a deployment has those logs. */
export const signInGameDays: readonly GameDay[] = [
  {
    rule: 'entra-secret-refused',
    breaks: `A server that nobody knew of signs in as ${REFUSED} with a secret that was removed.`,
    subject: `${DIRECTORY}/application/${REFUSED}`,
    timers: [],
    async happen(stage) {
      for (const minutesAgo of [9, 2]) await signIn(stage, REFUSED, { result: WRONG_SECRET, minutesAgo });
    },
    mend: (stage) => [
      {
        says: 'Find it by its address, and give it the secret that the application has now',
        inAzure: 'az functionapp restart -g THEIR_GROUP -n THEIR_APP',
        act: () => signIn(stage, REFUSED, { result: ACCEPTED, minutesAgo: 0 }),
      },
    ],
  },
  {
    rule: 'entra-old-secret-used',
    breaks: `${ENDING} got a new secret, and a server still signs in with the old one, which ends in days.`,
    subject: DIRECTORY,
    timers: ['scanTimer'],
    async happen(stage) {
      const { tenant } = stage.app.directory.directory;
      const application = applicationOf(stage, ENDING);
      const [old] = application.secrets;
      addSecret(tenant, application, { endEpochMs: stage.clock.nowEpochMs() + 300 * DAY_MS });
      // Only the daily inventory tells of what a newer one took over from.
      stage.ahead(DAY_MS);
      await stage.run();
      await signIn(stage, ENDING, { result: ACCEPTED, minutesAgo: 1, keyId: old?.keyId ?? '' });
    },
    mend: (stage) => [
      {
        says: 'Give that consumer the newer one; once nobody uses the old one, remove it',
        inAzure: 'az ad app credential delete --id CLIENT_ID --key-id KEY_ID',
        act: () => {
          const application = applicationOf(stage, ENDING);
          removeSecret(application, application.secrets[0]?.keyId ?? '');
        },
      },
      { says: 'The next daily inventory does not see it any more', minutes: 24 * 60 },
    ],
  },
];
