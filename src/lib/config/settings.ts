import * as z from 'zod/mini';
import type { ConfigIssue } from './configIssue.ts';
import { issuesOf } from './issuesOf.ts';
import { APP_SETTINGS } from './settings/app.ts';
import { BOARD_SETTINGS } from './settings/board.ts';
import { REFRESH_SETTINGS } from './settings/refresh.ts';
import { ROTATE_SETTINGS } from './settings/rotate.ts';
import { SCAN_SETTINGS } from './settings/scan.ts';
import { aboutOf, type SettingAbout } from './settings/setting.ts';
import { STORE_SETTINGS } from './settings/stores.ts';

/** Every app setting that Keywatch reads. Where things are and when they run; what to watch is in the config file. */
export const settingsSchema = z.strictObject({
  ...SCAN_SETTINGS,
  ...REFRESH_SETTINGS,
  ...ROTATE_SETTINGS,
  ...STORE_SETTINGS,
  ...BOARD_SETTINGS,
  ...APP_SETTINGS,
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
  Object.entries(settingsSchema.shape).map(([name, type]) => [name, aboutOf(type)]),
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
