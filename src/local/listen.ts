import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** @returns the origin, `http://127.0.0.1:PORT`; 0 takes any free port */
export const listen = (server: Server, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });

/** Stops listening and breaks every open connection. */
export const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
