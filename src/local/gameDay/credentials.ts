import { HOUR_MS } from '../../lib/kernel/time.ts';
import type { GameDay } from './gameDay.ts';
import { GRANTS_VAULT, secretStep } from './secretStep.ts';

/** What vaults hold, and when it ends. */
export const credentialGameDays: readonly GameDay[] = [
  {
    rule: 'credential-expired',
    breaks: 'Twelve hours pass, and nobody renews powerbi-embed-secret.',
    subject: `${GRANTS_VAULT}/secret/powerbi-embed-secret`,
    async happen(stage) {
      stage.ahead(12 * HOUR_MS);
      await stage.run();
    },
    mend: (stage) => [
      secretStep(stage, 'It is in use: renew it where it comes from, and write the new version', {
        name: 'powerbi-embed-secret',
        owner: 'data-platform@contoso.example',
      }),
      { says: 'See where it stands', run: ['scan', '--explain', 'powerbi-embed-secret'] },
    ],
  },
];
