import type { Server } from 'node:http';
import type { AddressInfo, Server as AnyServer } from 'node:net';

/** @returns the origin, `http://127.0.0.1:PORT`; 0 takes any free port */
export const listen = (server: AnyServer, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });

/** Stops listening and breaks every open connection. */
export const stop = (server: Pick<Server, 'close' | 'closeAllConnections'>): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
