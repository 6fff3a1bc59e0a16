import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Certificates of a connection, as PEM. */
export interface ConnectionCertificates {
  /** Trusted instead of the system's own; only tests and private authorities need it. */
  readonly ca?: string | undefined;
  /** The client's own, with its key, for mutual TLS. */
  readonly cert?: string;
  readonly key?: string;
}

const portOf = ({ port, protocol }: URL): number => {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
};

/**
 * A fresh connection, for https with the server's certificate already verified. Until it resolves
 * not one byte of a request exists, so a rejection always means: not sent.
 */
export const openConnection = (
  url: URL,
  signal: AbortSignal,
  certificates: ConnectionCertificates = {},
): Promise<Socket> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = portOf(url);
    const secure = url.protocol === 'https:';
    const socket = secure
      ? connectTls({
          host,
          port,
          minVersion: 'TLSv1.2',
          // Said here, or NODE_TLS_REJECT_UNAUTHORIZED decides.
          rejectUnauthorized: true,
          ALPNProtocols: ['http/1.1'],
          ...(isIP(host) === 0 ? { servername: host } : {}),
          ...Object.fromEntries(Object.entries(certificates).filter(([, pem]) => pem !== undefined)),
        })
      : connect({ host, port });
    const giveUp = (error: unknown): void => {
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => giveUp(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    // Stays: a connection that breaks between here and the request must not end the process.
    socket.on('error', giveUp);
    socket.once('close', () => giveUp(new Error('the connection was closed before it was ready')));
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners('close');
      resolve(socket);
    });
  });
