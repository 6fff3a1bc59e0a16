import { DAY_MS, HOUR_MS } from '../../lib/kernel/time.ts';
import { addSecret, type TenantApplication } from '../entra/tenant.ts';
import { OTHER_CLIENT } from '../seed/clients.ts';
import { ROTATOR } from '../seed/rotator.ts';
import type { GameDay } from './gameDay.ts';
import { secretStep } from './secretStep.ts';
import type { Stage } from './stage.ts';

export const applicationOf = ({ app }: Stage, name: string): TenantApplication => {
  const found = app.directory.directory.tenant.applications.find(({ displayName }) => displayName === name);
  if (found === undefined) throw new Error(`there is no application ${name}`);
  return found;
};

const PROVED = 'warehouse-sync';
const APPLICATION = 'Warehouse sync';
const ROLES = ['Stock.Read', 'Stock.ReadWrite'];
const outage = { kind: 'proxy_error', status: 503 } as const;

/** What becomes of clients that are proven and rotated. */
export const clientGameDays: readonly GameDay[] = [
  {
    rule: 'credential-not-permitted',
    breaks: `An administrator took the roles of ${APPLICATION} away.`,
    subject: `client/${PROVED}`,
    timers: ['proveTimer'],
    async happen(stage) {
      applicationOf(stage, APPLICATION).roles = [];
      await stage.run();
    },
    mend: (stage) => [
      {
        says: 'Grant what is missing at the application',
        inAzure: 'az ad app permission admin-consent --id CLIENT_ID',
        act: () => {
          applicationOf(stage, APPLICATION).roles = ROLES;
        },
      },
      { says: 'See that it is permitted', run: ['prove', '--client', PROVED] },
    ],
  },
  {
    rule: 'credential-refused',
    breaks: `Somebody removed the secret of ${APPLICATION} at Entra ID, months before its end.`,
    subject: `client/${PROVED}`,
    timers: ['proveTimer'],
    async happen(stage) {
      applicationOf(stage, APPLICATION).secrets = [];
      await stage.run();
    },
    mend: (stage) => {
      const { tenant } = stage.app.directory.directory;
      const endEpochMs = stage.clock.nowEpochMs() + 180 * DAY_MS;
      const { value } = addSecret(tenant, applicationOf(stage, APPLICATION), { endEpochMs });
      const owner = 'logistics@contoso.example';
      return [
        secretStep(
          stage,
          'Write the new secret that the owner of the application made (az ad app credential reset)',
          { name: `oauth-app-${PROVED}`, value, owner },
        ),
        { says: 'See that it is accepted', run: ['prove', '--client', PROVED] },
      ];
    },
  },
  {
    rule: 'credential-unproven',
    breaks: 'The token endpoint of a provider answers 503 for half a day.',
    subject: `client/${OTHER_CLIENT.id}`,
    timers: ['proveTimer'],
    async happen({ app, run, ahead }) {
      const server = app.grants.servers[OTHER_CLIENT.server];
      for (let left = 0; left < 100; left += 1) server.inject(outage);
      await run();
      ahead(13 * HOUR_MS);
      await run();
    },
    mend: ({ app }) => [
      {
        says: 'Ask whoever runs that server',
        inAzure: 'they have tools of their own',
        act: () => app.grants.servers[OTHER_CLIENT.server].heal(),
      },
      { says: 'See that it answers', run: ['prove', '--client', OTHER_CLIENT.id] },
    ],
  },
];

/** What takes weeks. */
export const rotationGameDays: readonly GameDay[] = [
  {
    rule: 'rotation-failing',
    breaks:
      'Six weeks later the secret of Reporting API is to be rotated again, and the rotator is no owner of it any more.',
    subject: 'rotation/reporting-export',
    timers: ['rotateTimer'],
    async happen(stage) {
      applicationOf(stage, 'Reporting API').owners = [];
      stage.aheadToDay(46);
      await stage.run();
    },
    mend: (stage) => [
      {
        says: 'directory_forbidden: make the rotator an owner of the application',
        inAzure: 'az ad app owner add --id CLIENT_ID --owner-object-id ROTATOR_PRINCIPAL_ID',
        act: () => {
          applicationOf(stage, 'Reporting API').owners = [ROTATOR];
        },
      },
      { says: 'Wait: what somebody has to help with is tried again every six hours', minutes: 6 * 60 },
    ],
  },
];
