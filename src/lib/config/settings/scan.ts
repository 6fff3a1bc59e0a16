import { readCount, readGuid, readList, readText } from '../readers.ts';
import { ALLOWED_SCHEDULE, DEFAULT_SCHEDULES, readSchedule } from '../schedule.ts';
import { setting } from './setting.ts';

/** What is scanned, when, and by whom. */
export const SCAN_SETTINGS = {
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
  KEYWATCH_SCAN_SCHEDULE: setting({
    meaning: 'When the vaults are scanned (NCRONTAB, UTC).',
    allowed: `${ALLOWED_SCHEDULE}: "0 7 * * * *" is seven minutes past each hour`,
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
  KEYWATCH_SCANNER_CLIENT_ID: setting({
    meaning: 'Client id of the user-assigned identity that scans: it can list metadata and nothing else.',
    allowed: 'a client id (GUID)',
    read: readGuid,
  }),
};
