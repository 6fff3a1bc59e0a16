import { readDeployment, UNNAMED_DEPLOYMENT } from '../kernel/deployment.ts';
import { nearestName } from '../kernel/nearestName.ts';
import { printable, printableAddress } from '../kernel/printable.ts';
import { type Fault, fault } from './fault.ts';
import { literalSecretFaults } from './literalSecrets.ts';
import {
  readBoolean,
  readCount,
  readGuid,
  readKeyId,
  readList,
  readOrigin,
  readSchedule,
  readText,
} from './readers.ts';

/** One app setting: what it is for, what stands when it is absent, and how its text is read. */
export interface SettingDefinition<T> {
  readonly meaning: string;
  readonly allowed: string;
  /** Text that stands when the setting is absent or empty; `''` means none. */
  readonly defaultText: string;
  /** A harmless value for the sample file. */
  readonly sample: string;
  /** Returns the value, or `undefined` when the text is not allowed. */
  readonly read: (text: string) => T | undefined;
}

const setting = <T>(definition: SettingDefinition<T>): SettingDefinition<T> => definition;

const SCHEDULE =
  'six fields of numbers, lists, ranges, * and */n, the first (the seconds) one number, so that it fires once a minute at most, on days that there are';

/** Every app setting that Keywatch reads. Where things are and when they run; what to watch is in the config file. */
export const SETTINGS = {
  KEYWATCH_VAULTS: setting({
    meaning: 'Vaults to scan, comma-separated, beside those in the config file.',
    allowed: 'addresses like https://NAME.vault.azure.net, separated by commas',
    defaultText: '',
    sample: 'https://kv-contoso-prod.vault.azure.net,https://kv-contoso-test.vault.azure.net',
    read: readList<string>(readText),
  }),
  KEYWATCH_SUBSCRIPTIONS: setting({
    meaning: 'Subscriptions whose vaults are all scanned, found by one Azure Resource Graph query.',
    allowed: 'subscription ids (GUIDs), separated by commas',
    defaultText: '',
    sample: '',
    read: readList<string>(readGuid),
  }),
  KEYWATCH_CONFIG_FILE: setting({
    meaning: 'Path of the config file, from the folder of host.json.',
    allowed: 'a path',
    defaultText: 'keywatch.config.json',
    sample: 'keywatch.config.json',
    read: readText,
  }),
  KEYWATCH_SCAN_SCHEDULE: setting({
    meaning: 'When the vaults are scanned (NCRONTAB, UTC).',
    allowed: `${SCHEDULE}: "0 7 * * * *" is seven minutes past each hour`,
    defaultText: '0 7 * * * *',
    sample: '0 7 * * * *',
    read: readSchedule,
  }),
  KEYWATCH_SCAN_TIMEOUT_SECONDS: setting({
    meaning: 'How long the scan of one vault may take before it counts as failed.',
    allowed: 'a whole number from 10 to 1400',
    defaultText: '1200',
    sample: '1200',
    read: readCount(10, 1400),
  }),
  KEYWATCH_DAILY_REPORT_HOUR_UTC: setting({
    meaning: 'Hour after which the first scan of the day reports every credential and finding.',
    allowed: 'a whole number from 0 to 23',
    defaultText: '5',
    sample: '5',
    read: readCount(0, 23),
  }),
  KEYWATCH_REFRESH_SCHEDULE: setting({
    meaning:
      'When grants are looked through for those that are due (NCRONTAB, UTC). From three minutes before a full hour until three after it a refresh is begun only where the deadline is less than an hour away, or by hand.',
    allowed: SCHEDULE,
    defaultText: '30 3,13,23,33,43,53 * * * *',
    sample: '30 3,13,23,33,43,53 * * * *',
    read: readSchedule,
  }),
  KEYWATCH_BLOB_SERVICE_URL: setting({
    meaning:
      'Blob service that holds the control record of every grant, and when each daily inventory was reported.',
    allowed: 'an address like https://ACCOUNT.blob.core.windows.net',
    defaultText: '',
    sample: 'http://127.0.0.1:10000/devstoreaccount1',
    read: readOrigin,
  }),
  KEYWATCH_FALLBACK_BLOB_SERVICE_URL: setting({
    meaning:
      'Blob service for a sealed token that neither the vault nor the control store takes: of another storage account, best in another region. KEYWATCH_BLOB_SERVICE_URL when absent, which fails with the control store; `npm run check` says so.',
    allowed: 'an origin like https://ACCOUNT.blob.core.windows.net',
    defaultText: '',
    sample: '',
    read: readOrigin,
  }),
  KEYWATCH_QUEUE_SERVICE_URL: setting({
    meaning:
      'Queue service for the watchdog of refreshes in flight, the first scan and the count of poison messages.',
    allowed: 'an address like https://ACCOUNT.queue.core.windows.net',
    defaultText: '',
    sample: 'http://127.0.0.1:10001/devstoreaccount1',
    read: readOrigin,
  }),
  KEYWATCH_SEALING_KEY_ID: setting({
    meaning: 'Key Vault key (RSA) that seals a rotated token in the control record.',
    allowed: 'a key identifier without a version, like https://NAME.vault.azure.net/keys/KEY',
    defaultText: '',
    sample: 'https://kv-contoso-prod.vault.azure.net/keys/keywatch-seal',
    read: readKeyId,
  }),
  KEYWATCH_SCANNER_CLIENT_ID: setting({
    meaning: 'Client id of the user-assigned identity that scans: it can list metadata and nothing else.',
    allowed: 'a client id (GUID)',
    defaultText: '',
    sample: '',
    read: readGuid,
  }),
  KEYWATCH_REFRESHER_CLIENT_ID: setting({
    meaning: 'Client id of the user-assigned identity that reads and writes the secrets of grants.',
    allowed: 'a client id (GUID)',
    defaultText: '',
    sample: '',
    read: readGuid,
  }),
  KEYWATCH_DEPLOYMENT: setting({
    meaning:
      'Id of this deployment, on every event and on the tokens that it writes, where there is no site whose name says it. In Azure it is the name of the site.',
    allowed: 'up to 60 letters, digits and dashes',
    defaultText: UNNAMED_DEPLOYMENT,
    sample: UNNAMED_DEPLOYMENT,
    read: readDeployment,
  }),
  KEYWATCH_LOCAL: setting({
    meaning: 'Local mode: stand-ins on this machine are accepted, over http. Refused in Azure.',
    allowed: '"true" or "false"',
    defaultText: 'false',
    sample: 'false',
    read: readBoolean,
  }),
} as const;

/** What the deployment reads and gives back: in the shell of whoever deploys these are no typing errors. */
export const DEPLOYMENT_VARIABLES: ReadonlySet<string> = new Set([
  'KEYWATCH_ALERTS_PRINCIPAL_ID',
  'KEYWATCH_ALERT_EMAIL',
  'KEYWATCH_COMPONENT_NAME',
  'KEYWATCH_FALLBACK_STORAGE_ACCOUNT',
  'KEYWATCH_OUTBOUND_ADDRESS',
  'KEYWATCH_PAGERDUTY_ADDRESS',
  'KEYWATCH_REFRESHER_PRINCIPAL_ID',
  'KEYWATCH_RUNBOOKS_OF_COMMIT',
  'KEYWATCH_RUNBOOK_BASE_URL',
  'KEYWATCH_SCANNER_PRINCIPAL_ID',
  'KEYWATCH_STORAGE_ACCOUNT',
  'KEYWATCH_SUBSCRIBE_TO_VAULT_EVENTS',
  'KEYWATCH_URL',
  'KEYWATCH_VAULT_IDS',
  'KEYWATCH_VAULT_NAME',
  'KEYWATCH_WORKSPACE_ID',
]);

export type SettingName = keyof typeof SETTINGS;

/** The value of every setting; `undefined` where it is absent and has no default. */
export type Settings = {
  readonly [N in SettingName]: ReturnType<(typeof SETTINGS)[N]['read']>;
};

/** What was given, for the log and the terminal: somebody may have pasted a connection string, or an address with a key. */
const shown = (text: string): string =>
  literalSecretFaults(text, '').length > 0 ? 'a literal secret (not shown)' : `"${printableAddress(text)}"`;

/** Reads all settings from an environment, collecting every fault instead of stopping at the first. */
export const readSettings = (
  environment: Readonly<Record<string, string | undefined>>,
): { settings: Settings; faults: readonly Fault[] } => {
  const faults: Fault[] = [];
  const names = Object.keys(SETTINGS) as SettingName[];
  const entries = names.map((name) => {
    const { read, defaultText, allowed } = SETTINGS[name];
    const text = environment[name]?.trim() || defaultText;
    if (text === '') return [name, undefined];
    const value = read(text);
    if (value === undefined) faults.push(fault(name, shown(text), allowed));
    return [name, value];
  });
  for (const given of Object.keys(environment)) {
    if (!given.startsWith('KEYWATCH_') || names.includes(given as SettingName)) continue;
    if (DEPLOYMENT_VARIABLES.has(given)) continue;
    const near = nearestName(given, names);
    faults.push(
      fault(
        printable(given),
        'a setting that Keywatch does not know',
        near ? `${near}, if that was meant` : names.join(', '),
      ),
    );
  }
  return { settings: Object.fromEntries(entries) as Settings, faults };
};
