import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Azurite } from '../../../src/local/azurite.ts';

const portOf = (url: string): number => Number(new URL(url).port);

interface Forwarding {
  readonly server: Server;
  readonly sockets: Set<Socket>;
  /** What comes next ends its connection, and goes no further. */
  cutNext: boolean;
}

const forwardingServer = async (target: () => number): Promise<Forwarding> => {
  const sockets = new Set<Socket>();
  const forwarding: Forwarding = { server: createServer(), sockets, cutNext: false };
  const { server } = forwarding;
  server.on('connection', (near) => {
    const far = connect(target(), '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', () => {
      if (!forwarding.cutNext) return;
      forwarding.cutNext = false;
      far.destroy();
    });
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return forwarding;
};

/** Two ports that stay, for the blob and the queue service of an Azurite that is started again on others. */
export const startForwarder = async (first: Azurite) => {
  let azurite = first;
  const blob = await forwardingServer(() => portOf(azurite.blobServiceUrl));
  const queue = await forwardingServer(() => portOf(azurite.queueServiceUrl));
  const near = ({ server }: { server: Server }) => String((server.address() as AddressInfo).port);
  return {
    connectionString: first.connectionString
      .replace(first.blobServiceUrl, first.blobServiceUrl.replace(/:\d+/, `:${near(blob)}`))
      .replace(first.queueServiceUrl, first.queueServiceUrl.replace(/:\d+/, `:${near(queue)}`)),
    forwardTo(next: Azurite) {
      azurite = next;
    },
    cutNextBlobCall() {
      blob.cutNext = true;
    },
    async close() {
      for (const { server, sockets } of [blob, queue]) {
        for (const socket of sockets) socket.destroy();
        server.close();
        await once(server, 'close');
      }
    },
  };
};
