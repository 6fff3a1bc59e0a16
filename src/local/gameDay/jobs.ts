import { HOUR_MS } from '../../lib/kernel/time.ts';
import type { GameDay } from './gameDay.ts';

/** What happens to the watching itself. */
export const jobGameDays: readonly GameDay[] = [
  {
    rule: 'scan-missed',
    breaks: 'The timer of the scan stopped, and three hours pass.',
    subject: 'keyvault-scan',
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
];
