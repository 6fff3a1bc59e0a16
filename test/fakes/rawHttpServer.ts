import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';
import { listen } from '../../src/local/listen.ts';

export interface RawHttpServer {
  readonly port: number;
  readonly origin: string;
  /** Every byte that clients sent, one entry for each connection. */
  readonly received: string[];
  close(): Promise<void>;
}

/**
 * A server that answers with bytes of the test's choosing, once a whole request has come. `answer`
 * writes to the socket itself, so that it can stop in the middle, stall or break off. It ends with the test.
 */
export const startRawHttpServer = async (
  answer: (socket: Socket, request: string) => void,
  tls?: TlsOptions,
): Promise<RawHttpServer> => {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    const index = received.push('') - 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    let answered = false;
    socket.on('data', (chunk: Buffer) => {
      received[index] += chunk.toString('latin1');
      const [head = '', body] = (received[index] ?? '').split('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (answered || body === undefined || body.length < length) return;
      answered = true;
      answer(socket, received[index] ?? '');
    });
  };
  const server: Server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  server.on('tlsClientError', () => undefined);
  const origin = await listen(server, 0);
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  onTestFinished(close);
  return { port: Number(new URL(origin).port), origin, received, close };
};

/** An HTTP answer as text. */
export const httpAnswer = (
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): string => {
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers });
  return `HTTP/1.1 ${status} X\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
};
