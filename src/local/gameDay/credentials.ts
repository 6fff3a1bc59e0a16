import { isoDate } from '../../lib/kernel/instant.ts';
import { DAY_MS } from '../../lib/kernel/time.ts';
import type { GameDay, Step } from './gameDay.ts';
import { GRANTS_VAULT, secretStep } from './secretStep.ts';
import type { Stage } from './stage.ts';

const DATA = 'data-platform@contoso.example';
const CRM = 'crm-integration@contoso.example';
const ITSM = 'itsm-platform@contoso.example';
const PAYMENTS_VAULT = 'kv-contoso-payments';
const NEW_TEAM = 'new-team@contoso.example';

/** Time passes until so many days before the end of a secret. */
const passed = async ({ app, clock, ahead, run }: Stage, name: string, daysBefore: number): Promise<void> => {
  const { expiresOnEpochMs = 0 } = app.vaults.standIn.vault(GRANTS_VAULT).newestSecret(name) ?? {};
  ahead(Math.max(0, expiresOnEpochMs - daysBefore * DAY_MS - clock.nowEpochMs()));
  await run();
};

/** Somebody writes a secret without an end into a vault where everything must have one. */
const writtenWithoutEnd = async ({ app, run }: Stage, name: string): Promise<void> => {
  const tags = { 'keywatch-owner': NEW_TEAM };
  app.vaults.standIn.vault(PAYMENTS_VAULT).seed.secret(name, { value: 'as its issuer gave it', tags });
  await run();
};

const endStep = ({ clock }: Stage, name: string): Step => ({
  says: 'Give it the end that it has where it comes from',
  run: [
    ...(['secret', '--vault', PAYMENTS_VAULT, '--name', name, '--keep-value'] as const),
    ...['--expires', isoDate(clock.nowEpochMs() + 180 * DAY_MS)],
  ],
});

/** What vaults hold, and when it ends. */
export const credentialGameDays: readonly GameDay[] = [
  {
    rule: 'credential-expired',
    breaks: 'Half a day passes, and nobody renews powerbi-embed-secret.',
    subject: `${GRANTS_VAULT}/secret/powerbi-embed-secret`,
    timers: ['scanTimer'],
    happen: (stage) => passed(stage, 'powerbi-embed-secret', -1 / 24),
    mend: (stage) => [
      secretStep(stage, 'It is in use: renew it where it comes from, and write the new version', {
        ...{ name: 'powerbi-embed-secret', owner: DATA },
      }),
      { says: 'See where it stands', run: ['scan', '--explain', 'powerbi-embed-secret'] },
    ],
  },
  {
    rule: 'credential-without-end',
    breaks: 'Somebody wrote a secret without an end into a vault where everything must have one.',
    subject: `${PAYMENTS_VAULT}/secret/new-acquirer-key`,
    timers: ['scanTimer'],
    happen: (stage) => writtenWithoutEnd(stage, 'new-acquirer-key'),
    mend: (stage) => [
      {
        says: 'Who said that it must?',
        run: ['scan', '--explain', 'new-acquirer-key', '--fail-on', 'never'],
      },
      endStep(stage, 'new-acquirer-key'),
    ],
  },
  {
    rule: 'digest',
    breaks: 'A team that has had nothing open wrote a secret without an end.',
    subject: NEW_TEAM,
    timers: ['scanTimer'],
    happen: (stage) => writtenWithoutEnd(stage, 'settlement-key'),
    mend: (stage) => [endStep(stage, 'settlement-key')],
  },
];

/** What takes weeks. */
export const datedGameDays: readonly GameDay[] = [
  {
    rule: 'credential-critical',
    breaks:
      'Time passes until nine days before the end of servicenow-oauth-client-secret, and nobody renews it.',
    subject: `${GRANTS_VAULT}/secret/servicenow-oauth-client-secret`,
    timers: ['scanTimer'],
    happen: (stage) => passed(stage, 'servicenow-oauth-client-secret', 9),
    mend: (stage) => [
      secretStep(stage, 'Renew it where it comes from, and write the new version', {
        ...{ name: 'servicenow-oauth-client-secret', owner: ITSM },
      }),
    ],
  },
  {
    rule: 'credential-expiring',
    breaks: 'Time passes until 29 days before the end of salesforce-sandbox-client-secret.',
    subject: `${GRANTS_VAULT}/secret/salesforce-sandbox-client-secret`,
    timers: ['scanTimer'],
    happen: (stage) => passed(stage, 'salesforce-sandbox-client-secret', 29),
    mend: (stage) => [
      secretStep(stage, 'Renew it where it comes from, and write the new version', {
        ...{ name: 'salesforce-sandbox-client-secret', owner: CRM },
      }),
    ],
  },
];
