import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A connection whose incoming bytes are kept, so that what an HTTP parser refuses is not lost. */
export interface TappedConnection {
  /** For the HTTP client: when that destroys it the socket goes on reading. */
  readonly stream: Duplex;
  /** Waits for the end of the connection, for the signal or for enough, and gives all that came. */
  readonly readOn: (signal: AbortSignal, isEnough: (bytes: Buffer) => boolean) => Promise<Buffer>;
  readonly close: () => void;
}

/** Of an answer with a body of a MiB at most: beyond that nothing useful comes. */
const MOST_KEPT_BYTES = 4 * 1024 * 1024;

export const tapConnection = (socket: Socket): TappedConnection => {
  const kept: Buffer[] = [];
  let size = 0;
  let isOver = socket.destroyed;
  let hasEnded = false;
  const listeners = new Set<() => void>();
  const notify = (): void => {
    for (const listener of listeners) listener();
  };
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, (error) => done(error)),
    // The request's end is in its headers; half a connection would make some servers give up.
    final: (done) => done(),
  });
  const end = (): void => {
    if (!hasEnded && !stream.destroyed) stream.push(null);
    hasEnded = true;
    isOver = true;
    notify();
  };
  socket.on('data', (chunk: Buffer) => {
    if (size < MOST_KEPT_BYTES) kept.push(chunk);
    else isOver = true;
    size += chunk.length;
    if (!stream.destroyed) stream.push(chunk);
    notify();
  });
  socket.on('end', end);
  socket.on('close', end);
  socket.on('error', (error) => {
    stream.destroy(error);
    end();
  });
  // After a parser error nobody else listens.
  stream.on('error', () => undefined);
  return {
    stream,
    readOn: (signal, isEnough) =>
      new Promise((resolve) => {
        const notice = (): void => {
          const bytes = Buffer.concat(kept);
          if (!isOver && !signal.aborted && !isEnough(bytes)) return;
          listeners.delete(notice);
          signal.removeEventListener('abort', notice);
          resolve(bytes);
        };
        listeners.add(notice);
        signal.addEventListener('abort', notice);
        notice();
      }),
    close: () => {
      stream.destroy();
      socket.destroy();
    },
  };
};
