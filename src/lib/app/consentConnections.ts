import type { Config } from '../config/config.ts';
import type { CodeExchange } from '../oauth/ports.ts';
import type { TicketStore } from '../stores/ports.ts';
import { CONSENT_CONTAINER } from './containers.ts';
import { openedOnUse } from './openedOnUse.ts';
import type { Platform } from './platform.ts';
import { ticketStore } from './recordStores.ts';

/** What asking a person for a consent works with, besides what a refresh does. */
export interface ConsentConnections {
  readonly server: CodeExchange;
  /** What was begun in the browsers of people. */
  readonly tickets: TicketStore;
}

/** Asked for nothing where no grant is refreshed. */
export const connectConsents = (
  { refresh, allowLoopback }: Pick<Config, 'refresh' | 'allowLoopback'>,
  platform: Pick<Platform, 'clock' | 'storage'>,
): ConsentConnections => ({
  tickets: ticketStore(refresh?.blobServiceUrl ?? '', CONSENT_CONTAINER, platform),
  server: openedOnUse<CodeExchange>({ exchangeCode: true }, async () => {
    const { tokenEndpoint } = await import('../oauth/tokenEndpoint/tokenEndpoint.ts');
    return tokenEndpoint({ clock: platform.clock, allowLoopback });
  }),
});
