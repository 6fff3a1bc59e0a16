import { app, type InvocationContext, output } from '@azure/functions';
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { beforeAll, expect, it } from 'vitest';
import type { Azurite } from '../../src/local/azurite.ts';
import { createLocalClock } from '../../src/local/clock.ts';
import type { QueueLimits } from '../../src/local/functionsHost/hostJson.ts';
import { startFunctionsHost } from '../fakes/startFunctionsHost.ts';
import { sharedAzurite } from './sharedAzurite.ts';

/** The host over a real queue service: what it does to messages is what Azure's host does. */
let azurite: Azurite;
let queueNumber = 0;

beforeAll(async () => {
  azurite = await sharedAzurite();
});

const newQueue = (): { queueName: string; queue: QueueClient; poison: QueueClient } => {
  const queueName = `work-${++queueNumber}`;
  const service = QueueServiceClient.fromConnectionString(azurite.connectionString);
  return {
    queueName,
    queue: service.getQueueClient(queueName),
    poison: service.getQueueClient(`${queueName}-poison`),
  };
};

const start = (register: () => unknown, limits: Partial<QueueLimits> = {}) =>
  startFunctionsHost(register, {
    settings: { AzureWebJobsStorage: azurite.connectionString },
    clock: createLocalClock(),
    limits,
  });

const base64 = (text: string) => Buffer.from(text).toString('base64');

it('hands each output message of a timer to its queue function, parsed, with its metadata', async () => {
  const { queueName } = newQueue();
  const seen: { message: unknown; dequeueCount: unknown; trigger: unknown }[] = [];
  const messages = output.storageQueue({ queueName, connection: 'AzureWebJobsStorage' });
  const { host } = await start(() => {
    app.timer('ask', {
      schedule: '0 0 0 * * *',
      extraOutputs: [messages],
      handler: (_timer, context) => context.extraOutputs.set(messages, [{ vault: 'a' }, { vault: 'ü' }]),
    });
    app.storageQueue('answer', {
      queueName,
      connection: 'AzureWebJobsStorage',
      handler: (message, context: InvocationContext) => {
        const { dequeueCount, queueTrigger } = context.triggerMetadata ?? {};
        seen.push({ message, dequeueCount, trigger: queueTrigger });
      },
    });
  });
  expect([(await host.runOnce()).messages, await host.waiting()]).toEqual([2, 0]);
  expect(seen.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
    { message: { vault: 'a' }, dequeueCount: 1, trigger: { vault: 'a' } },
    { message: { vault: 'ü' }, dequeueCount: 1, trigger: { vault: 'ü' } },
  ]);
});

it('tries a failing message again and puts it into the poison queue after the last attempt', async () => {
  const { queueName, queue, poison } = newQueue();
  const attempts: unknown[] = [];
  const { host, logged } = await start(
    () =>
      app.storageQueue('fail', {
        queueName,
        connection: 'AzureWebJobsStorage',
        handler: (_message, context) => {
          attempts.push(context.triggerMetadata?.['dequeueCount']);
          throw new Error('no luck');
        },
      }),
    { maxDequeueCount: 3, visibilityTimeoutMs: 0 },
  );
  await queue.createIfNotExists();
  await queue.sendMessage(base64('hello'));
  expect([(await host.runOnce()).messages, await host.waiting()]).toEqual([3, 0]);
  expect(attempts).toEqual([1, 2, 3]);
  const { peekedMessageItems } = await poison.peekMessages();
  expect(peekedMessageItems.map(({ messageText }) => messageText)).toEqual([base64('hello')]);
  expect(logged.some(({ message }) => message.includes(`${queueName}-poison`))).toBe(true);
});

it('leaves a failed message invisible for the time that host.json says', async () => {
  const { queueName, queue } = newQueue();
  let attempts = 0;
  const { host } = await start(
    () =>
      app.storageQueue('fail', {
        queueName,
        connection: 'AzureWebJobsStorage',
        handler: () => {
          attempts++;
          throw new Error('not now');
        },
      }),
    { visibilityTimeoutMs: 300_000 },
  );
  await queue.createIfNotExists();
  await queue.sendMessage(base64('later'));
  await host.runOnce();
  expect(await host.waiting()).toBe(1);
  expect(attempts).toBe(1);
});

it('puts a message that is not base64 into the poison queue without calling the function', async () => {
  const { queueName, queue, poison } = newQueue();
  let calls = 0;
  const { host } = await start(() =>
    app.storageQueue('never', { queueName, connection: 'AzureWebJobsStorage', handler: () => void calls++ }),
  );
  await queue.createIfNotExists();
  await queue.sendMessage('{"not":"base64"}');
  await host.runOnce();
  expect(calls).toBe(0);
  expect((await poison.peekMessages()).peekedMessageItems).toHaveLength(1);
});

it('runs at most a batch and its threshold at once while it polls, and drains when it stops', async () => {
  const { queueName, queue } = newQueue();
  let running = 0;
  let most = 0;
  let done = 0;
  const { host } = await start(
    () =>
      app.storageQueue('slow', {
        queueName,
        connection: 'AzureWebJobsStorage',
        handler: async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, 50));
          running--;
          done++;
        },
      }),
    { batchSize: 4, newBatchThreshold: 2 },
  );
  await queue.createIfNotExists();
  for (let index = 0; index < 12; index++) await queue.sendMessage(base64(String(index)));
  host.startTriggers();
  await expect.poll(() => done).toBeGreaterThan(0);
  await host.stop();
  expect(running).toBe(0);
  expect(most).toBeLessThanOrEqual(6);
  const { approximateMessagesCount = 0 } = await queue.getProperties();
  expect(done + approximateMessagesCount).toBe(12);
});

it('outlives a storage that does not answer, and says so', async () => {
  const { queueName } = newQueue();
  const { host, logged } = await startFunctionsHost(
    () =>
      app.storageQueue('idle', { queueName, connection: 'AzureWebJobsStorage', handler: () => undefined }),
    { settings: {}, clock: createLocalClock() },
  );
  host.startTriggers();
  await expect
    .poll(() => logged.map(({ message }) => message).join())
    .toContain('AzureWebJobsStorage holds no connection string');
  await host.stop();
});
