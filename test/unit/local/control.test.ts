import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { UsageError } from '../../../src/lib/kernel/usageError.ts';
import { ask, startControl } from '../../../src/local/control.ts';
import { listen, stop } from '../../../src/local/listen.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const start = async () => {
  const folder = temporaryFolder();
  const broken: string[] = [];
  const close = await startControl(folder, {
    async break(grantId) {
      if (grantId === 'odd') throw new UsageError('--break: there is no grant of that name');
      if (grantId === 'torn') throw new Error('the queue is away');
      broken.push(grantId);
      return `${grantId} is ended`;
    },
  });
  onTestFinished(close);
  return { folder, broken, close };
};

it('does what another process of the same user asks, and says what it did', async () => {
  const { folder, broken } = await start();
  expect(await ask(folder, 'break', 'crm/é')).toBe('crm/é is ended');
  expect(broken).toEqual(['crm/é']);
  expect(statSync(join(folder, 'control.json')).mode & 0o777).toBe(0o600);
});

it('hands on why it cannot', async () => {
  const { folder } = await start();
  await expect(ask(folder, 'break', 'odd')).rejects.toThrow(UsageError);
  await expect(ask(folder, 'break', 'torn')).rejects.toThrow('it could not be done: the queue is away');
  for (const order of ['mend', 'toString'])
    await expect(ask(folder, order)).rejects.toThrow(`takes no order "${order}"`);
});

it('refuses whoever cannot read the folder', async () => {
  const { folder, broken } = await start();
  const { url } = JSON.parse(readFileSync(join(folder, 'control.json'), 'utf8'));
  for (const headers of [{}, { 'keywatch-nonce': 'a', 'keywatch-proof': 'guessed' }])
    expect((await fetch(`${url}/break`, { method: 'POST', headers })).status).toBe(401);
  expect(broken).toEqual([]);
});

it('names the folder with which nothing runs', async () => {
  const { folder, close } = await start();
  await close();
  await expect(ask(folder, 'break', 'crm')).rejects.toThrow(`No Keywatch runs with the data in ${folder}`);
});

it('asks nobody but this machine, whatever the file says', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'control.json'), JSON.stringify({ url: 'http://192.0.2.1', token: 'secret' }));
  await expect(ask(folder, 'break', 'crm')).rejects.toThrow('No Keywatch runs');
});

it('believes nobody who cannot read the folder: the port of what was killed may be a stranger’s', async () => {
  const folder = temporaryFolder();
  const sent: string[] = [];
  const server = createServer((request, response) => {
    sent.push(JSON.stringify(request.headers));
    response.writeHead(sent.length === 1 ? 200 : 422, { 'keywatch-proof': 'guessed' }).end('"done"');
  });
  const url = await listen(server, 0);
  onTestFinished(() => stop(server));
  writeFileSync(join(folder, 'control.json'), JSON.stringify({ url, token: 'between-us' }));
  for (let asked = 0; asked < 2; asked++)
    await expect(ask(folder, 'break', 'crm')).rejects.toThrow('No Keywatch runs');
  expect(sent.join()).not.toContain('between-us');
});
