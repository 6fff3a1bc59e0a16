import type { LocalAuthorizationServer, LocalServerOptions } from './localServer.ts';
import { startOddServer } from './oddServer.ts';
import { startOidcServer } from './oidcServer.ts';

export interface AuthorizationServers {
  /** 90 days, each token good once; a used one that comes back revokes the grant. */
  readonly strict: LocalAuthorizationServer;
  /** 180 days, a used token stays good for ten minutes. */
  readonly graceful: LocalAuthorizationServer;
  /** 90 days, strict, and no answer in the shape of RFC 6749. */
  readonly odd: LocalAuthorizationServer;
  close(): Promise<void>;
}

const GRACE_SECONDS = 600;

/** Starts the three authorization servers of the local mode, on free loopback ports. */
export const startAuthorizationServers = async (
  options: Pick<LocalServerOptions, 'nowEpochMs' | 'folder'>,
): Promise<AuthorizationServers> => {
  const started: LocalAuthorizationServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map((server) => server.close()));
  };
  const start = async (server: Promise<LocalAuthorizationServer>): Promise<LocalAuthorizationServer> => {
    started.push(await server);
    return server;
  };
  try {
    return {
      strict: await start(startOidcServer({ ...options, name: 'strict', lifetimeDays: 90, graceSeconds: 0 })),
      graceful: await start(
        startOidcServer({ ...options, name: 'graceful', lifetimeDays: 180, graceSeconds: GRACE_SECONDS }),
      ),
      odd: await start(startOddServer({ ...options, name: 'odd', lifetimeDays: 90 })),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
