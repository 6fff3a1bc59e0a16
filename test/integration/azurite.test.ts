import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { expect, it, onTestFinished } from 'vitest';
import { startAzurite } from '../../src/local/azurite.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';

it('serves blobs and queues on loopback and is gone after stop', async () => {
  const azurite = await startAzurite();
  const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString);
  const queues = QueueServiceClient.fromConnectionString(azurite.connectionString);
  const { containerClient } = await blobs.createContainer('grants');
  expect(await containerClient.exists()).toBe(true);
  const { messageId } = await queues
    .getQueueClient('work')
    .create()
    .then(() => queues.getQueueClient('work').sendMessage('hello'));
  expect(messageId).toBeTruthy();
  expect(new URL(azurite.blobServiceUrl).hostname).toBe('127.0.0.1');

  await azurite.stop();
  await expect(fetch(azurite.blobServiceUrl)).rejects.toThrow();
  await azurite.stop();
});

it('keeps its data in a folder when it is given one', async () => {
  const folder = temporaryFolder();
  const azurite = await startAzurite({ folder });
  await BlobServiceClient.fromConnectionString(azurite.connectionString).createContainer('kept');
  await azurite.stop();
  const again = await startAzurite({ folder });
  onTestFinished(() => again.stop());
  const blobs = BlobServiceClient.fromConnectionString(again.connectionString);
  expect(await blobs.getContainerClient('kept').exists()).toBe(true);
});

it('ends with a parent that is killed outright', async () => {
  const module = new URL('../../src/local/azurite.ts', import.meta.url).href;
  const program = `const { startAzurite } = await import('${module}'); console.log((await startAzurite()).blobServiceUrl);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const url = line.toString().trim();
  expect((await fetch(url)).status).toBeGreaterThanOrEqual(400);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await expect
    .poll(() =>
      fetch(url).then(
        () => 'answers',
        () => 'gone',
      ),
    )
    .toBe('gone');
});
