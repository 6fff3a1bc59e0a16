import type { QueueClient } from '@azure/storage-queue';
import { SCAN_QUEUE } from '../../lib/azure/queues.ts';
import { TAGS } from '../../lib/credentials/tagNames.ts';
import { HOUR_MS } from '../../lib/kernel/time.ts';
import { writeSecret } from '../writeSecret.ts';
import type { GameDay } from './gameDay.ts';
import type { Stage } from './stage.ts';

const REFUSED_VAULT = 'kv-contoso-payments';
const SHRUNK_VAULT = 'kv-contoso-legacy';
const POISON_QUEUE = `${SCAN_QUEUE}-poison`;

/** Tags that a clean-up adds to the secrets of a vault whose names begin so, or takes away again. */
const tagAll = async ({ app }: Stage, isIgnored: boolean): Promise<void> => {
  const vault = app.vaults.standIn.vault(SHRUNK_VAULT);
  const seeded = app.vaults.company.find(({ name }) => name === SHRUNK_VAULT)?.objects ?? [];
  for (const { name, kind } of seeded) {
    if (kind !== 'secret') continue;
    const { [TAGS.ignore]: _, ...others } = vault.newestSecret(name)?.tags ?? {};
    const tags = isIgnored ? { ...others, [TAGS.ignore]: 'true' } : others;
    await writeSecret(app.company, { vault: SHRUNK_VAULT, name, tags });
  }
};

const queueOf = async ({ app }: Stage, name: string): Promise<QueueClient> => {
  // On first use: whoever only asks which game days there are does not wait for it.
  const { QueueClient } = await import('@azure/storage-queue');
  return new QueueClient(app.azurite.connectionString, name);
};

/** What happens to the watching itself. */
export const jobGameDays: readonly GameDay[] = [
  {
    rule: 'scan-incomplete',
    breaks: `Somebody took the role of the scanner on ${REFUSED_VAULT} away.`,
    subject: REFUSED_VAULT,
    timers: ['scanTimer'],
    async happen(stage) {
      const action = {
        kind: 'answer',
        status: 403,
        code: 'Forbidden',
        innerCode: 'ForbiddenByRbac',
      } as const;
      stage.refuse(REFUSED_VAULT, { action });
      await stage.run();
    },
    mend: ({ relent }) => [
      {
        says: 'forbidden: give the scanner its role again',
        inAzure:
          'az role assignment create --assignee SCANNER_CLIENT_ID --role "Key Vault Reader" --scope VAULT_ID',
        act: relent,
      },
      { says: 'Try it now', run: ['scan', '--fail-on', 'never'] },
    ],
  },
  {
    rule: 'inventory-shrank',
    breaks: `A clean-up script tagged every secret of ${SHRUNK_VAULT} keywatch-ignore.`,
    subject: SHRUNK_VAULT,
    timers: ['scanTimer'],
    async happen(stage) {
      await tagAll(stage, true);
      await stage.run();
    },
    mend: (stage) => [
      { says: 'Nothing is deleted: count what is ignored', run: ['scan', '--fail-on', 'never'] },
      {
        says: 'Take the tag away from each',
        inAzure: 'az keyvault secret set-attributes --vault-name VAULT --name NAME --tags …',
        act: () => tagAll(stage, false),
      },
    ],
  },
  {
    rule: 'scan-missed',
    breaks: 'The timer of the scan stopped, and three hours pass.',
    subject: 'keyvault-scan',
    timers: ['scanTimer'],
    async happen(stage) {
      stage.stopped.add('scanTimer');
      stage.ahead(3 * HOUR_MS);
      await stage.run();
    },
    mend: ({ stopped }) => [
      {
        says: 'It does not run: restart the app',
        inAzure: 'az functionapp restart -g GROUP -n APP',
        act: () => stopped.clear(),
      },
    ],
  },
  {
    rule: 'poison-queue',
    breaks: 'A message that nobody can read is in the queue of the scan, and the host gives it up.',
    subject: POISON_QUEUE,
    timers: ['scanTimer'],
    async happen(stage) {
      await (await queueOf(stage, SCAN_QUEUE)).sendMessage('{ no message of ours');
      await stage.run();
      await stage.run();
    },
    mend: (stage) => [
      {
        says: 'Read it and the exception, correct the cause (whoever sent it), then empty the queue',
        inAzure: 'az storage message clear --account-name ACCOUNT --queue-name QUEUE --auth-mode login',
        act: async () => void (await (await queueOf(stage, POISON_QUEUE)).clearMessages()),
      },
    ],
  },
  {
    rule: 'telemetry-delivery-failing',
    breaks:
      'For half an hour Application Insights refused what Keywatch sent, and takes only some of it now.',
    subject: '403',
    timers: ['refreshTimer'],
    async happen({ app, run }) {
      app.telemetry.refuseWith(403);
      for (let runs = 0; runs < 3; runs += 1) await run();
      app.telemetry.refuseWith(undefined);
      await run();
    },
    mend: () => [
      {
        says: '403: give the identity that sends the telemetry its role again',
        inAzure:
          'az role assignment create --assignee SCANNER_CLIENT_ID --role "Monitoring Metrics Publisher" --scope COMPONENT_ID',
        act: () => undefined,
      },
      { says: 'The alert ends when no batch was refused for an hour', minutes: 65 },
    ],
  },
];
