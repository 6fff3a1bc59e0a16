import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../lib/kernel/time.ts';
import { clientSecretName } from '../localGrants.ts';
import { SHARED_GRANT } from '../seed/people.ts';
import type { GameDay, Step } from './gameDay.ts';
import { GRANTS_VAULT, secretStep } from './secretStep.ts';
import type { Stage } from './stage.ts';

const GRANT = SHARED_GRANT;

const serverOf = ({ app }: Stage) => {
  const server = app.grants.serverOf.get(GRANT);
  if (server === undefined) throw new Error(`there is no grant ${GRANT}`);
  return server;
};

/** What is done from a machine of one's own is in nobody's telemetry until the timer tells of grants that are well. */
const untilTold = ({ clock }: Stage): Step => ({
  says: 'Nobody is told of what was done by hand: the first run of the timer in the next hour tells it',
  minutes: Math.ceil((HOUR_MS - (clock.nowEpochMs() % HOUR_MS)) / MINUTE_MS),
});

/** What becomes of grants. */
export const grantGameDays: readonly GameDay[] = [
  {
    rule: 'grant-dead',
    breaks: `An administrator of the provider took back the consent behind ${GRANT}.`,
    subject: `grant/${GRANT}`,
    async happen(stage) {
      serverOf(stage).endConsents();
      await stage.refresh(GRANT);
    },
    mend: (stage) => [
      {
        says: 'Get a new token: open the link that this prints, sign in as the account that owns the integration, approve',
        run: ['connect', '--grant', GRANT, '--port', '0'],
        consents: true,
      },
      { says: 'See that it is alive', run: ['refresh', '--grant', GRANT, '--dry-run'] },
      untilTold(stage),
    ],
  },
  {
    rule: 'refresh-failing',
    breaks: `Somebody wrote a wrong client secret into the vault, and ${GRANT} is refused with it.`,
    subject: `grant/${GRANT}`,
    async happen(stage) {
      const name = clientSecretName(serverOf(stage));
      const expiresOnEpochMs = stage.clock.nowEpochMs() + 180 * DAY_MS;
      const { seed } = stage.app.vaults.standIn.vault(GRANTS_VAULT);
      seed.secret(name, { value: 'the-secret-of-another-client', expiresOnEpochMs });
      await stage.refresh(GRANT);
    },
    mend: (stage) => [
      secretStep(stage, 'Renew the client secret', {
        name: clientSecretName(serverOf(stage)),
        value: serverOf(stage).clientSecret,
        owner: 'crm-integration@contoso.example',
      }),
      { says: 'Try it', run: ['refresh', '--grant', GRANT] },
      untilTold(stage),
    ],
  },
];
