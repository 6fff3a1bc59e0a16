import * as z from 'zod/mini';
import { readDeployment, UNNAMED_DEPLOYMENT } from '../kernel/deployment.ts';
import { LINK_FOR_PEOPLE } from '../kernel/linkForPeople.ts';
import type { ConfigIssue } from './configIssue.ts';
import { issuesOf } from './issuesOf.ts';
import { type Parsed, parsedBy } from './parsedBy.ts';
import {
  readBareOrigin,
  readBoolean,
  readCount,
  readGuid,
  readKeyId,
  readLink,
  readList,
  readOrigin,
  readText,
} from './readers.ts';
import { DEFAULT_SCHEDULES, readSchedule } from './schedule.ts';

/** What people are told of one app setting. */
interface SettingAbout {
  readonly meaning: string;
  readonly allowed: string;
  /** Text that stands when the setting is absent or empty; absent: none. */
  readonly defaultText?: string;
  /** A harmless value for the sample file; the default when absent. */
  readonly sample?: string;
}

interface SettingRow<T> extends SettingAbout {
  /** Returns the value, or `undefined` when the text is not allowed. */
  readonly read: (text: string) => T | undefined;
}

const ABOUT = z.registry<SettingAbout>();

/** One app setting, with a default or without. */
function setting<T>(row: SettingRow<T> & { readonly defaultText: string }): z.ZodMiniPrefault<Parsed<T>>;
function setting<T>(row: SettingRow<T>): z.ZodMiniOptional<Parsed<T>>;
function setting<T>({ read, ...about }: SettingRow<T>) {
  const type = parsedBy(z.string(), (text) => {
    const value = read(text);
    return value === undefined ? { ok: false, allowed: about.allowed } : { ok: true, value };
  });
  const { defaultText } = about;
  return (defaultText === undefined ? z.optional(type) : z.prefault(type, defaultText)).register(
    ABOUT,
    about,
  );
}

const SCHEDULE =
  'six fields of numbers, lists, ranges, * and */n, the first (the seconds) one number, so that it fires once a minute at most, on days that there are';

/** Every app setting that Keywatch reads. Where things are and when they run; what to watch is in the config file. */
export const settingsSchema = z.strictObject({
  KEYWATCH_VAULTS: setting({
    meaning: 'Vaults to scan, comma-separated, beside those in the config file.',
    allowed: 'addresses like https://NAME.vault.azure.net, separated by commas',
    sample: 'https://kv-contoso-prod.vault.azure.net,https://kv-contoso-test.vault.azure.net',
    read: readList<string>(readText),
  }),
  KEYWATCH_SUBSCRIPTIONS: setting({
    meaning: 'Subscriptions whose vaults are all scanned, found by one Azure Resource Graph query.',
    allowed: 'subscription ids (GUIDs), separated by commas',
    read: readList<string>(readGuid),
  }),
  KEYWATCH_CONFIG_FILE: setting({
    meaning: 'Path of the config file, from the folder of host.json.',
    allowed: 'a path',
    defaultText: 'keywatch.config.json',
    read: readText,
  }),
  KEYWATCH_SCAN_SCHEDULE: setting({
    meaning: 'When the vaults are scanned (NCRONTAB, UTC).',
    allowed: `${SCHEDULE}: "0 7 * * * *" is seven minutes past each hour`,
    defaultText: DEFAULT_SCHEDULES.KEYWATCH_SCAN_SCHEDULE,
    read: readSchedule,
  }),
  KEYWATCH_SCAN_TIMEOUT_SECONDS: setting({
    meaning: 'How long the scan of one vault may take before it counts as failed.',
    allowed: 'a whole number from 10 to 1400',
    defaultText: '1200',
    read: readCount(10, 1400),
  }),
  KEYWATCH_DAILY_REPORT_HOUR_UTC: setting({
    meaning: 'Hour after which the first scan of the day reports every credential and finding.',
    allowed: 'a whole number from 0 to 23',
    defaultText: '5',
    read: readCount(0, 23),
  }),
  KEYWATCH_REFRESH_SCHEDULE: setting({
    meaning:
      'When grants are looked through for those that are due (NCRONTAB, UTC). From three minutes before a full hour until three after it a refresh is begun only where the deadline is less than an hour away, or by hand.',
    allowed: SCHEDULE,
    defaultText: DEFAULT_SCHEDULES.KEYWATCH_REFRESH_SCHEDULE,
    read: readSchedule,
  }),
  KEYWATCH_PROOF_SCHEDULE: setting({
    meaning:
      'When clients are proven (NCRONTAB, UTC): how long a revoked secret goes unnoticed at most, and one request for a token each.',
    allowed: SCHEDULE,
    defaultText: DEFAULT_SCHEDULES.KEYWATCH_PROOF_SCHEDULE,
    read: readSchedule,
  }),
  KEYWATCH_BLOB_SERVICE_URL: setting({
    meaning:
      'Blob service that holds the control record of every grant and rotation, and when each daily inventory was reported.',
    allowed: 'an address like https://ACCOUNT.blob.core.windows.net',
    sample: 'http://127.0.0.1:10000/devstoreaccount1',
    read: readOrigin,
  }),
  KEYWATCH_FALLBACK_BLOB_SERVICE_URL: setting({
    meaning:
      'Blob service for a sealed token that neither the vault nor the control store takes: of another storage account, best in another region. The sealed refresh tokens of grants that are refreshed too often for a vault are there as well. KEYWATCH_BLOB_SERVICE_URL when absent, which fails with the control store; `npm run check` says so.',
    allowed: 'an origin like https://ACCOUNT.blob.core.windows.net',
    read: readOrigin,
  }),
  KEYWATCH_QUEUE_SERVICE_URL: setting({
    meaning:
      'Queue service for the watchdog of refreshes in flight, the first scan and the count of poison messages.',
    allowed: 'an address like https://ACCOUNT.queue.core.windows.net',
    sample: 'http://127.0.0.1:10001/devstoreaccount1',
    read: readOrigin,
  }),
  KEYWATCH_SEALING_KEY_ID: setting({
    meaning: 'Key Vault key (RSA) that seals a rotated token, or a new client secret, in its record.',
    allowed: 'a key identifier without a version, like https://NAME.vault.azure.net/keys/KEY',
    sample: 'https://kv-contoso-prod.vault.azure.net/keys/keywatch-seal',
    read: readKeyId,
  }),
  KEYWATCH_SCANNER_CLIENT_ID: setting({
    meaning: 'Client id of the user-assigned identity that scans: it can list metadata and nothing else.',
    allowed: 'a client id (GUID)',
    read: readGuid,
  }),
  KEYWATCH_REFRESHER_CLIENT_ID: setting({
    meaning:
      'Client id of the user-assigned identity that reads and writes the secrets of grants, and proves clients.',
    allowed: 'a client id (GUID)',
    read: readGuid,
  }),
  KEYWATCH_ROTATOR_CLIENT_ID: setting({
    meaning:
      'Client id of the user-assigned identity that rotates client secrets: it owns their applications, and writes their secrets in the vault (docs/rotation.md).',
    allowed: 'a client id (GUID)',
    read: readGuid,
  }),
  KEYWATCH_SIGN_IN_WORKSPACE_ID: setting({
    meaning:
      'Log Analytics workspace that the tenant sends the sign-in logs of its service principals to, read by the identity that rotates: an old client secret stays while they show its use (docs/rotation.md). Absent: it goes after `keepOldDays`, whoever uses it.',
    allowed: 'a workspace ID (GUID), which is not its name',
    read: readGuid,
  }),
  KEYWATCH_USE_WORKSPACE_ID: setting({
    meaning:
      'Log Analytics workspace that has the audit logs of the vaults and the sign-in logs of the tenant, read once a day by the identity that scans, for who uses which credential (docs/board.md, "Used by"). Absent: nobody asks, and that is not known.',
    allowed: 'a workspace ID (GUID), which is not its name',
    read: readGuid,
  }),
  KEYWATCH_DEPLOYMENT: setting({
    meaning:
      'Id of this deployment, on every event and on the tokens that it writes, where there is no site whose name says it. In Azure it is the name of the site.',
    allowed: 'up to 60 letters, digits and dashes',
    defaultText: UNNAMED_DEPLOYMENT,
    read: readDeployment,
  }),
  KEYWATCH_PUBLIC_URL: setting({
    meaning:
      'Where browsers find this app: redirects and links are made of it, and never of what a request says. Absent: nobody can sign in or reconnect there.',
    allowed: 'an https origin like https://APP.azurewebsites.net; in local mode also http on this machine',
    read: readBareOrigin,
  }),
  KEYWATCH_RUNBOOK_BASE_URL: setting({
    meaning: 'What stands before the paths of runbooks on the board. Absent: they are not linked.',
    allowed: `${LINK_FOR_PEOPLE}: that of your copy of the repository`,
    read: readLink,
  }),
  KEYWATCH_WORKBOOK_URL: setting({
    meaning: 'Where the workbook is, for the board. Absent: it is not linked.',
    allowed: LINK_FOR_PEOPLE,
    read: readLink,
  }),
  KEYWATCH_LOCAL: setting({
    meaning: 'Local mode: stand-ins on this machine are accepted, over http. Refused in Azure.',
    allowed: '"true" or "false"',
    defaultText: 'false',
    read: readBoolean,
  }),
});

/** What the deployment reads and gives back: in the shell of whoever deploys these are no typing errors. */
export const DEPLOYMENT_VARIABLES: ReadonlySet<string> = new Set([
  'KEYWATCH_ALERTS_PRINCIPAL_ID',
  'KEYWATCH_ALERT_EMAIL',
  'KEYWATCH_COMPONENT_NAME',
  'KEYWATCH_FALLBACK_STORAGE_ACCOUNT',
  'KEYWATCH_OUTBOUND_ADDRESS',
  'KEYWATCH_PAGERDUTY_ADDRESS',
  'KEYWATCH_REFRESHER_PRINCIPAL_ID',
  'KEYWATCH_ROTATE_CLIENT_SECRETS',
  'KEYWATCH_ROTATOR_PRINCIPAL_ID',
  'KEYWATCH_RUNBOOKS_OF_COMMIT',
  'KEYWATCH_SCANNER_PRINCIPAL_ID',
  'KEYWATCH_SIGN_IN_LOGS',
  'KEYWATCH_STORAGE_ACCOUNT',
  'KEYWATCH_SUBSCRIBE_TO_VAULT_EVENTS',
  'KEYWATCH_URL',
  'KEYWATCH_VAULT_IDS',
  'KEYWATCH_VAULT_NAME',
  'KEYWATCH_WORKSPACE_ID',
]);

export type SettingName = keyof typeof settingsSchema.shape;

/** The value of every setting; absent where it is not given and has no default. */
export type Settings = z.output<typeof settingsSchema>;

/** What each setting means, what it may be, and what it is when nobody says (`''`: nothing). */
export const SETTINGS = Object.fromEntries(
  Object.entries(settingsSchema.shape).map(([name, type]) => {
    const { meaning = '', allowed = '', defaultText = '', sample = defaultText } = ABOUT.get(type) ?? {};
    return [name, { meaning, allowed, defaultText, sample }];
  }),
) as Readonly<Record<SettingName, Required<SettingAbout>>>;

/**
 * Reads all settings from an environment, with every fault of theirs. What is at fault has its default, so that
 * the others can be judged.
 */
export const readSettings = (
  environment: Readonly<Record<string, string | undefined>>,
): { settings: Settings; issues: readonly ConfigIssue[] } => {
  const given = Object.entries(environment).flatMap(([name, text = '']) =>
    name.startsWith('KEYWATCH_') && !DEPLOYMENT_VARIABLES.has(name) ? [[name, text.trim()] as const] : [],
  );
  // An empty setting is an absent one, but a wrong name is wrong without a value, too.
  const known = given.filter(([name, text]) => text !== '' || !Object.hasOwn(SETTINGS, name));
  const values = Object.fromEntries(known);
  const parsed = settingsSchema.safeParse(values);
  if (parsed.success) return { settings: parsed.data, issues: [] };
  const issues = issuesOf(parsed.error, { schema: settingsSchema, value: values });
  const faulty = new Set(issues.map(({ where }) => where));
  const sound = known.filter(([name]) => Object.hasOwn(SETTINGS, name) && !faulty.has(name));
  return { settings: settingsSchema.parse(Object.fromEntries(sound)), issues };
};
