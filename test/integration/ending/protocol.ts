import { writeSync } from 'node:fs';
import type { MethodDefinition } from '@grpc/grpc-js';
import type { Halt } from '../refresh/meetingPoint.ts';

/**
 * The event stream between the Functions host and its Node.js worker: one bidirectional gRPC stream that the
 * worker opens. What it carries is JSON here; how it breaks is gRPC's own.
 */
export type ToWorker =
  /** A message for each of these grants; the worker halts for a moment when all attempts that shall have come so far. */
  | { readonly kind: 'invoke'; readonly messages: readonly Message[] }
  /** `WorkerTerminate`: hooks, then exit. */
  | { readonly kind: 'terminate' }
  /** What another function of the same worker does wrong. */
  | { readonly kind: 'reject_unhandled' };

export type FromWorker =
  | { readonly kind: 'started' }
  | ({ readonly kind: 'answered'; readonly grantId: string } & Answer);

export interface Message extends Halt {
  readonly grantId: string;
}

export interface Answer {
  readonly ok: boolean;
  readonly logs: readonly string[];
}

const json = {
  serialize: (message: object): Buffer => Buffer.from(JSON.stringify(message)),
  deserialize: (bytes: Buffer) => JSON.parse(bytes.toString()),
};

export const EVENT_STREAM: MethodDefinition<FromWorker, ToWorker> = {
  path: '/AzureFunctionsRpcMessages.FunctionRpc/EventStream',
  requestStream: true,
  responseStream: true,
  requestSerialize: json.serialize,
  requestDeserialize: json.deserialize,
  responseSerialize: json.serialize,
  responseDeserialize: json.deserialize,
};

/** What the worker says on its standard output: synchronously, so that the last line is never missing. */
export type Said = { readonly grantId: string; readonly call: string } | { readonly halted: true };

export const say = (said: Said): void => void writeSync(1, `${JSON.stringify(said)}\n`);
