import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import type { HostSettings } from './settingExpansion.ts';

const DEFAULT_CONNECTION = 'AzureWebJobsStorage';

/** Queue clients by binding, one service client a connection. */
export interface HostQueues {
  /** Creates the queue when it is not there, as the host does; `connection` names a setting. */
  open(queueName: string, connection: unknown): Promise<QueueClient>;
}

/** @throws Error (at first use) when a connection is none that works here. */
export const createHostQueues = (settings: HostSettings): HostQueues => {
  const services = new Map<string, QueueServiceClient>();
  const opened = new Map<string, Promise<QueueClient>>();

  const serviceOf = (connection: string): QueueServiceClient => {
    const known = services.get(connection);
    if (known !== undefined) return known;
    const value = settings[connection];
    if (value === undefined || value === '')
      throw new Error(
        settings[`${connection}__queueServiceUri`] === undefined
          ? `the setting ${connection} holds no connection string`
          : `${connection} uses an identity; the local host takes a connection string only`,
      );
    const service = QueueServiceClient.fromConnectionString(value);
    services.set(connection, service);
    return service;
  };

  const create = async (queueName: string, connection: string): Promise<QueueClient> => {
    const client = serviceOf(connection).getQueueClient(queueName);
    await client.createIfNotExists();
    return client;
  };

  return {
    open(queueName, connection) {
      const name = typeof connection === 'string' && connection !== '' ? connection : DEFAULT_CONNECTION;
      const key = `${name}/${queueName}`;
      const known = opened.get(key);
      if (known !== undefined) return known;
      const client = create(queueName, name);
      opened.set(key, client);
      client.catch(() => opened.delete(key));
      return client;
    },
  };
};
