import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEPLOYMENT_VARIABLES,
  readSettings,
  SETTINGS,
  type SettingName,
  settingsSchema,
} from '../../../src/lib/config/settings.ts';

const faults = (environment: Record<string, string>) =>
  readSettings(environment).issues.map(({ where, given, allowed }) => `${where}: ${given}; ${allowed}`);

const read = (name: SettingName, text: string): unknown => settingsSchema.shape[name].parse(text);

describe('app settings', () => {
  it('have their defaults when absent, empty or blank', () => {
    for (const text of [undefined, '', '  ']) {
      const { settings, issues: none } = readSettings({ KEYWATCH_SCAN_TIMEOUT_SECONDS: text });
      expect([settings.KEYWATCH_SCAN_TIMEOUT_SECONDS, settings.KEYWATCH_VAULTS, none]).toEqual([
        1200,
        undefined,
        [],
      ]);
    }
  });

  it.each(Object.entries(SETTINGS))(
    '%s is allowed to be its own default and its own sample',
    (name, { defaultText, sample }) => {
      expect(faults({ [name]: defaultText })).toEqual([]);
      expect(faults({ [name]: sample })).toEqual([]);
    },
  );

  it.each<[SettingName, string]>([
    ['KEYWATCH_VAULTS', ',;'],
    ['KEYWATCH_SUBSCRIPTIONS', 'my-subscription'],
    ['KEYWATCH_SUBSCRIPTIONS', ', ,'],
    ['KEYWATCH_SCAN_SCHEDULE', '7 * * * *'],
    ['KEYWATCH_SCAN_SCHEDULE', '0 60 * * * *'],
    ['KEYWATCH_SCAN_SCHEDULE', '* * * * * *'],
    ['KEYWATCH_SCAN_SCHEDULE', '*/30 * * * * *'],
    ['KEYWATCH_SCAN_SCHEDULE', '0,30 7 * * * *'],
    ['KEYWATCH_SCAN_SCHEDULE', '0-59 7 * * * *'],
    ['KEYWATCH_REFRESH_SCHEDULE', '* 3 * * * *'],
    ['KEYWATCH_REFRESH_SCHEDULE', '00:05:00'],
    ['KEYWATCH_SCAN_SCHEDULE', '0 */0 * * * *'],
    ['KEYWATCH_SCAN_SCHEDULE', '0 9-7 * * * *'],
    ['KEYWATCH_SCAN_SCHEDULE', '0 0 0 0 * *'],
    ['KEYWATCH_SCAN_SCHEDULE', '0 0 0 30 2 *'],
    ['KEYWATCH_REFRESH_SCHEDULE', '0 0 0 31 2,4,6,9,11 *'],
    ['KEYWATCH_REFRESH_SCHEDULE', '0 0 0 30-31 2 *'],
    ['KEYWATCH_REFRESH_SCHEDULE', '@daily'],
    ['KEYWATCH_SCAN_TIMEOUT_SECONDS', '9'],
    ['KEYWATCH_SCAN_TIMEOUT_SECONDS', '-60'],
    ['KEYWATCH_SCAN_TIMEOUT_SECONDS', '60.5'],
    ['KEYWATCH_DAILY_REPORT_HOUR_UTC', '24'],
    ['KEYWATCH_BLOB_SERVICE_URL', 'http://contoso.blob.core.windows.net'],
    ['KEYWATCH_SEALING_KEY_ID', 'http://kv-contoso.vault.azure.net/keys/seal'],
    ['KEYWATCH_SEALING_KEY_ID', 'https://kv-contoso.vault.azure.net/secrets/seal'],
    ['KEYWATCH_SCANNER_CLIENT_ID', 'scanner'],
    ['KEYWATCH_LOCAL', '1'],
  ])('%s = "%s" is a fault that says what is allowed', (name, text) => {
    expect(faults({ [name]: text })).toEqual([`${name}: "${text}"; ${SETTINGS[name].allowed}`]);
  });

  it.each<[SettingName, string, string]>([
    [
      'KEYWATCH_BLOB_SERVICE_URL',
      'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=hunter2',
      'a literal secret (not shown)',
    ],
    [
      'KEYWATCH_BLOB_SERVICE_URL',
      'https://a.blob.core.windows.net/?hunter2',
      '"https://a.blob.core.windows.net/?…"',
    ],
    [
      'KEYWATCH_QUEUE_SERVICE_URL',
      'https://user:hunter2@a.queue.core.windows.net',
      '"https://…@a.queue.core.windows.net"',
    ],
    ['KEYWATCH_SEALING_KEY_ID', 'https://u:hunter2@b@kv/keys/seal', '"https://…@kv/keys/seal"'],
  ])('%s = "%s" is a fault that does not show the secret', (name, text, shown) => {
    expect(faults({ [name]: text })).toEqual([`${name}: ${shown}; ${SETTINGS[name].allowed}`]);
  });

  it('with a name that is none are a fault that says which was meant', () => {
    expect(faults({ KEYWATCH_VALUTS: 's3cret' })).toEqual([
      'KEYWATCH_VALUTS: a name that Keywatch does not know; "KEYWATCH_VAULTS", if that was meant',
    ]);
    expect(faults({ 'KEYWATCH_\u001b[2J': '' })[0]).not.toContain('\u001b');
  });

  it('of others are none of our business', () => {
    expect(faults({ KEYWATCHX: '', AzureWebJobsStorage: 'x', keywatch_vaults: 'x' })).toEqual([]);
  });

  it('may stand beside the variables of the deployment, and these are known all', () => {
    const infra = join(import.meta.dirname, '../../../infra');
    const named = [
      'main.bicepparam',
      'samples/dev.bicepparam',
      'samples/prod.bicepparam',
      'main.bicep',
    ].flatMap((file) => {
      const text = readFileSync(join(infra, file), 'utf8');
      const read = text.matchAll(/readEnvironmentVariable\('(KEYWATCH_\w+)'|^output (KEYWATCH_\w+)/gm);
      return [...read].map(([, variable, output]) => variable ?? output ?? '');
    });
    // Where what is deployed reads the same variable, the app's own reader judges its value.
    const others = named.filter((name) => !Object.hasOwn(SETTINGS, name));
    expect(new Set(others)).toEqual(DEPLOYMENT_VARIABLES);
    expect(faults(Object.fromEntries(others.map((name) => [name, 'x'])))).toEqual([]);
  });

  it('list each item once, whatever separates them', () => {
    const text = ' https://a.example, https://b.example;https://a.example\nhttps://c.example ,';
    expect(read('KEYWATCH_VAULTS', text)).toEqual([
      'https://a.example',
      'https://b.example',
      'https://c.example',
    ]);
  });

  it('take a schedule without the spaces around it', () => {
    for (const rare of ['0 0 0 29 2 *', '0 0 0 31 */3 *', '0 0 0 30 1-2 *', '0 0 0 31,5 2 *'])
      expect(read('KEYWATCH_SCAN_SCHEDULE', rare)).toBe(rare);
    expect(read('KEYWATCH_SCAN_SCHEDULE', '  0  7,37 */2 1-15 * 1-5 ')).toBe('0 7,37 */2 1-15 * 1-5');
  });

  it('of rubbish are faults, never a crash', () => {
    const environment = fc.dictionary(
      fc.constantFrom(...Object.keys(SETTINGS)),
      fc.string({ maxLength: 256 }),
    );
    fc.assert(
      fc.property(environment, (given) => {
        for (const fault of faults(given)) expect(fault).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});
