import { writeSync } from 'node:fs';
import type { MethodDefinition } from '@grpc/grpc-js';

/**
 * The event stream between the Functions host and its Node.js worker: one bidirectional gRPC stream that the
 * worker opens. What it carries is JSON here; how it breaks is gRPC's own.
 */
export type ToWorker =
  /** Look at this grant, and halt for a moment after so many calls to the outside have ended. */
  | { readonly kind: 'invoke'; readonly grantId: string; readonly haltAfter?: number }
  /** `WorkerTerminate`: hooks, then exit. */
  | { readonly kind: 'terminate' }
  /** What another function of the same worker does wrong. */
  | { readonly kind: 'reject_unhandled' };

export type FromWorker =
  | { readonly kind: 'started' }
  | { readonly kind: 'answered'; readonly ok: boolean; readonly logs: readonly string[] };

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
export type Said = { readonly call: string } | { readonly halted: number };

export const say = (said: Said): void => void writeSync(1, `${JSON.stringify(said)}\n`);
