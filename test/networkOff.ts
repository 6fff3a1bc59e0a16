import net from 'node:net';
import { afterAll, beforeAll } from 'vitest';

/** Fails any connection that a fast test opens beyond this machine: the suite must pass with no network. */
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

const { connect } = net.Socket.prototype;

beforeAll(() => {
  net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
    const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
    const host =
      typeof first === 'object' && first !== null && 'port' in first
        ? (first as { host?: string }).host
        : undefined;
    if (host !== undefined && !LOOPBACK.has(host)) throw new Error(`a fast test tried to reach ${host}`);
    return Reflect.apply(connect, this, args) as net.Socket;
  } as typeof connect;
});

// Of a worker that keeps its modules each file would wrap what the one before it left.
afterAll(() => {
  net.Socket.prototype.connect = connect;
});
