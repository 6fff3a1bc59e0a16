import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';

/** App settings by name, as the host's environment holds them. */
export type HostSettings = Readonly<Record<string, string | undefined>>;

/** The one connection that the functions name. */
const CONNECTION = 'AzureWebJobsStorage';

export interface HostQueues {
  /** Creates the queue when it is not there, as the host does. */
  open(queueName: string): Promise<QueueClient>;
}

/** @throws Error (at first use) where the setting of the connection is absent. */
export const createHostQueues = ({ [CONNECTION]: connectionString }: HostSettings): HostQueues => {
  const opened = new Map<string, Promise<QueueClient>>();
  let service: QueueServiceClient | undefined;

  const create = async (queueName: string): Promise<QueueClient> => {
    if (!connectionString) throw new Error(`the setting ${CONNECTION} holds no connection string`);
    service ??= QueueServiceClient.fromConnectionString(connectionString);
    const client = service.getQueueClient(queueName);
    await client.createIfNotExists();
    return client;
  };

  return {
    open(queueName) {
      const known = opened.get(queueName);
      if (known !== undefined) return known;
      const client = create(queueName);
      opened.set(queueName, client);
      client.catch(() => opened.delete(queueName));
      return client;
    },
  };
};
