import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../lib/kernel/time.ts';
import { clientSecretName, tokenName } from '../seed/grants.ts';
import { SHARED_GRANT } from '../seed/people.ts';
import type { GameDay, Step } from './gameDay.ts';
import { GRANTS_VAULT, secretStep } from './secretStep.ts';
import type { Stage } from './stage.ts';

const GRANT = SHARED_GRANT;

/** Its provider tolerates a token that was replaced, for some minutes. */
const KEPT_GRANT = 'servicenow-incidents';

/** The authorization server of a grant. */
export const serverOf = ({ app }: Stage, grantId = GRANT) => {
  const server = app.grants.serverOf.get(grantId);
  if (server === undefined) throw new Error(`there is no grant ${grantId}`);
  return server;
};

/** What is done from a machine of one's own is in nobody's telemetry until the timer tells of grants that are well. */
const untilTold = ({ clock }: Stage): Step => ({
  says: 'Nobody is told of what was done by hand: the first run of the timer in the next hour tells it',
  minutes: Math.ceil((HOUR_MS - (clock.nowEpochMs() % HOUR_MS)) / MINUTE_MS),
});

/** At its provider no refresh moves the end of a consent. */
const ENDING_GRANT = 'loyalty-partner';

/** What takes so long that it comes last: the others have their dates then. */
export const lateGameDays: readonly GameDay[] = [
  {
    rule: 'consent-ending',
    breaks: `Three months pass, and the consent of ${ENDING_GRANT} ends in 29 days, whatever is refreshed.`,
    subject: `grant/${ENDING_GRANT}`,
    timers: ['refreshTimer'],
    async happen(stage) {
      // A token lives for three months: it is refreshed on the way.
      for (const day of [45, 91]) {
        stage.aheadToDay(day);
        await stage.run();
      }
    },
    mend: (stage) => [
      {
        says: 'The person who may consent opens ReconnectUrl, or the link that this prints, and approves',
        run: ['connect', '--grant', ENDING_GRANT, '--replace', '--port', '0'],
        consents: true,
      },
      untilTold(stage),
    ],
  },
];

/** What becomes of grants. */
export const grantGameDays: readonly GameDay[] = [
  {
    rule: 'grant-dead',
    breaks: `An administrator of the provider took back the consent behind ${GRANT}.`,
    subject: `grant/${GRANT}`,
    timers: ['refreshTimer'],
    async happen(stage) {
      serverOf(stage).endConsents();
      await stage.refresh(GRANT);
    },
    mend: (stage) => [
      {
        says: 'Open ReconnectUrl in a browser, sign in as "Robin, on call", go on, approve, and it is done. Or without that page: open the link that this prints, sign in as the account that owns the integration, approve',
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
    timers: ['refreshTimer'],
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
      { says: 'Check the config', run: ['check'] },
      { says: 'Try it', run: ['refresh', '--grant', GRANT] },
      untilTold(stage),
    ],
  },
  {
    rule: 'refresh-ambiguous',
    breaks: `The connection broke before the answer to a refresh of ${KEPT_GRANT} was here.`,
    subject: `grant/${KEPT_GRANT}`,
    timers: ['refreshTimer'],
    async happen(stage) {
      for (let lost = 0; lost < 5; lost += 1) serverOf(stage, KEPT_GRANT).inject({ kind: 'lose_answer' });
      await stage.refresh(KEPT_GRANT);
    },
    mend: (stage) => [
      {
        says: 'Do not refresh by hand; see when Keywatch repeats it',
        run: ['refresh', '--grant', KEPT_GRANT, '--dry-run'],
      },
      {
        says: 'Wait until Keywatch repeats it',
        inAzure: 'nothing: a message in the queue waits for that',
        // The queue goes by the clock of the machine, which cannot be moved.
        async act() {
          serverOf(stage, KEPT_GRANT).heal();
          stage.ahead(2 * MINUTE_MS);
          await stage.refresh(KEPT_GRANT);
        },
      },
    ],
  },
  {
    rule: 'rotated-token-not-stored',
    breaks: `The vault takes no writes any more, just when the provider has replaced the token of ${KEPT_GRANT}.`,
    subject: `grant/${KEPT_GRANT}`,
    timers: ['refreshTimer'],
    async happen(stage) {
      const match = { method: 'PUT', path: new RegExp(`/secrets/${tokenName(KEPT_GRANT)}`) };
      const action = {
        kind: 'answer',
        status: 403,
        code: 'Forbidden',
        innerCode: 'ForbiddenByFirewall',
      } as const;
      // The first write is the proof that it can be written, before the token is spent.
      stage.refuse(GRANTS_VAULT, { match, skip: 1, action });
      await stage.refresh(KEPT_GRANT);
    },
    mend: (stage) => [
      {
        says: 'Make the vault writable again: firewall, role of the refresher. Do not restart the app',
        inAzure: 'az keyvault network-rule add --name VAULT --ip-address KEYWATCH_OUTBOUND_ADDRESS',
        act: stage.relent,
      },
      { says: 'Hurry it', run: ['refresh', '--grant', KEPT_GRANT] },
      untilTold(stage),
    ],
  },
];
