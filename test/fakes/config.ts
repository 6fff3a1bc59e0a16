import { type Config, loadConfig } from '../../src/lib/config/config.ts';
import { ConfigError } from '../../src/lib/config/configIssue.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What comes of settings and of a config file, given as the value that its JSON says. */
export const configOf = (environment: Environment = {}, file?: unknown): Config =>
  loadConfig({
    environment,
    readTextFile: (path) =>
      path === 'keywatch.config.json' && file !== undefined ? JSON.stringify(file) : undefined,
  });

/** The faults of settings and config file, each as the line that a person reads. */
export const faultsOf = (environment: Environment = {}, file?: unknown): string[] => {
  try {
    configOf(environment, file);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
};

/** What a deployment with a refreshed grant needs besides. */
export const REFRESH_SETTINGS = {
  KEYWATCH_BLOB_SERVICE_URL: 'https://contoso.blob.core.windows.net',
  KEYWATCH_QUEUE_SERVICE_URL: 'https://contoso.queue.core.windows.net',
  KEYWATCH_SEALING_KEY_ID: 'https://kv-a.vault.azure.net/keys/seal',
};

/** A provider and a grant at it, as a config file says them. */
export const PARTNER = { id: 'partner', tokenEndpoint: 'https://as.partner.example/token' } as const;
export const BOOKINGS = {
  id: 'bookings',
  provider: PARTNER.id,
  vault: 'https://kv-a.vault.azure.net',
  secretName: 'bookings-refresh-token',
  clientId: 'contoso',
  clientSecret: { secretName: 'bookings-client-secret' },
} as const;
