import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { expect, it, onTestFinished } from 'vitest';
import { startAzurite } from '../../src/local/azurite.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';

it('serves blobs and queues on loopback until it is stopped, and keeps its data in the folder that it is given', async () => {
  const folder = temporaryFolder();
  const azurite = await startAzurite({ folder });
  await BlobServiceClient.fromConnectionString(azurite.connectionString).createContainer('kept');
  const work = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient('work');
  await work.create();
  expect((await work.sendMessage('hello')).messageId).toBeTruthy();
  expect(new URL(azurite.blobServiceUrl).hostname).toBe('127.0.0.1');

  await azurite.stop();
  await expect(fetch(azurite.blobServiceUrl)).rejects.toThrow();
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
