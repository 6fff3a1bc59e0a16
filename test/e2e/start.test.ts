import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import { listen, stop } from '../../src/local/listen.ts';
import { amidTheHour, newFolder, type Running, runKeywatch, runStart, unwritable } from './runStart.ts';

const urlIn = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';
const running = async (started: Running): Promise<string> => {
  await started.seen(/Functions host/);
  return urlIn(started.output(), /GET +(http:\/\/127\.0\.0\.1:\d+)\/api\/health/);
};

describe('npm start -- --once', () => {
  it('runs one run through the functions, prints table, vaults and alerts, and ends with 0', async () => {
    const started = runStart(['--once'], { KEYWATCH_VAULTS: 'https://kv-contoso-prod.vault.azure.net' });
    expect(await started.ended).toBe(0);
    const text = started.output();
    expect(text).toMatch(/One run of .*scanTimer: \d+ queue messages, 0 failures/);
    expect(text).toMatch(
      /! critical +salesforce-oauth-client-secret +kv-contoso-integration +secret +in 9 days/,
    );
    for (const target of [
      'kv-contoso-integration',
      'kv-contoso-payments',
      'kv-contoso-legacy',
      'contoso-entra',
    ])
      expect(text).toContain(`✓ ${target}: `);
    expect(text).toMatch(/▲ warning +Workday(\/[0-9a-f]{8}){2} +contoso-entra +saml_certificate +in 24 days/);
    const numbers = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, number]) => Number(number));
    const sum = (all: readonly number[]) => all.reduce((one, other) => one + other, 0);
    const [objects = 0] = numbers(/company +(\d+) objects/g);
    const [ignored = 0] = numbers(/(\d+) of which a tag says to ignore/g);
    // The rotation made one more.
    expect(sum(numbers(/: (\d+) credentials: /g))).toBe(objects - ignored + 1);
    expect(sum(numbers(/(\d+) ignored/g))).toBe(ignored);
    expect(ignored).toBeGreaterThan(0);
    expect(text).toMatch(/\d+ alerts would fire/);
    expect(text).toMatch(/Credential expired +kv-contoso-integration\/secret\/dynamics-app-secret · crm/);
    expect(text).toMatch(
      /client\/dynamics-orders +credential wrong +401 +owner +crm-integration@contoso\.example/,
    );
    expect(text).toMatch(/reporting-export +proven +200/);
    expect(text).toMatch(/rotation\/reporting-export +stored +- +oauth-app-reporting-export +\d{4}-/);
    expect(text).toMatch(/warehouse-sync +proven +200 .*excess_scope/);
    expect(text).toMatch(/loyalty-points +proven +200/);
    expect(text).toMatch(/grant\/salesforce-orders +proven +200/);
    expect(text).toMatch(
      /Credential refused +client\/dynamics-orders · kv-contoso-integration · crm-integration@contoso\.example/,
    );
    expect(text).toContain('ignored    KEYWATCH_VAULTS');
    expect(text).not.toContain('seeded-value-of');
    expect(text).not.toContain('\u001b');
  });

  it('says when it stops, and that it has, also before the run is done', async () => {
    const started = runStart(['--once', '--days', '60']);
    await started.seen(/60 days ahead/);
    started.child.kill('SIGINT');
    expect(await started.ended).toBe(0);
    expect(started.output()).toMatch(/\nstopping: [^\n]+\n(.*\n)*Keywatch has stopped\.\n$/);
    expect(started.output()).not.toContain('would fire');
    const time = urlIn(started.output(), /time +(\S+), 60 days ahead/);
    expect(Date.now() + 60 * DAY_MS - Date.parse(time)).toBeLessThan(2 * DAY_MS);
  });

  it('explains an option that it does not know', async () => {
    const started = runStart(['--onec']);
    expect(await started.ended).toBe(2);
    expect(started.output()).toBe('There is no option --onec; did you mean --once?\n');
  });
});

describe('npm start', () => {
  const taken = createServer();
  let port = 0;
  beforeAll(async () => {
    port = Number(new URL(await listen(taken, 0)).port);
  });
  afterAll(() => stop(taken));

  it('takes the next free port, serves, takes events, is read in part or not at all, stops cleanly, and goes on with its data 60 days later', async () => {
    const folder = newFolder();
    const environment = amidTheHour();
    const first = runStart(['--port', String(port), '--data', folder], environment);
    const url = await running(first);
    expect(first.output()).toContain(`Port ${port} is taken`);
    expect(Number(new URL(url).port)).toBeGreaterThan(port);
    expect((await fetch(`${url}/api/health`)).status).toBe(200);
    expect(statSync(folder).mode & 0o777).toBe(0o700);

    const vault = urlIn(first.output(), /kv-contoso-integration +(http:\S+)/);
    const event = {
      id: '1',
      topic:
        '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/r/providers/Microsoft.KeyVault/vaults/v',
      subject: 'databricks-pat',
      eventType: 'Microsoft.KeyVault.SecretNearExpiry',
      eventTime: '2026-11-22T12:00:00Z',
      dataVersion: '1',
      data: {
        Id: `${vault}/secrets/databricks-pat/0`,
        VaultName: 'v',
        ObjectType: 'Secret',
        ObjectName: 'databricks-pat',
      },
    };
    const answer = await fetch(`${url}/runtime/webhooks/EventGrid?functionName=vaultEvent`, {
      method: 'POST',
      headers: { 'aeg-event-type': 'Notification' },
      body: JSON.stringify([event]),
    });
    expect(answer.status).toBe(202);

    // As `| head` does.
    const unread = runKeywatch(['scan', '--local', folder, '--all', '--fail-on', 'never'], { environment });
    unread.child.stdout?.destroy();
    expect([await unread.ended, unread.output()]).toEqual([0, '']);

    // Some fire, which is 1 where it can be said.
    const unwritten = runKeywatch(['alerts', '--local', folder], { environment, stdout: unwritable() });
    expect(await unwritten.ended).toBe(2);
    expect(unwritten.output()).toMatch(/^The output is incomplete, it cannot be written: EBADF: .*\n$/);

    const second = runStart(['--port', '0', '--data', folder]);
    expect(await second.ended).toBe(2);
    expect(second.output()).toMatch(
      /^Process \d+ already runs Keywatch with the data in .*--data OTHER.*\n$/,
    );

    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(first.output()).toMatch(/\nstopping: [^\n]+\n(.*\n)*Keywatch has stopped\.\n$/);
    await expect(fetch(vault)).rejects.toThrow();

    const again = runStart(['--port', '0', '--data', folder, '--days', '60', '--all'], environment);
    await running(again);
    const text = again.output();
    expect(text).toContain('as it was left last time');
    expect(urlIn(text, /kv-contoso-integration +(http:\S+)/)).toBe(vault);
    expect(text).toContain('60 days ahead');
    expect(text).toMatch(/✗ expired +salesforce-oauth-client-secret/);
    for (const server of ['strict', 'graceful'])
      expect(text).toMatch(new RegExp(`refreshed, rotated +contoso-${server} +no\\. 3 `));
    again.child.kill('SIGINT');
    expect(await again.ended).toBe(0);
  });
});
