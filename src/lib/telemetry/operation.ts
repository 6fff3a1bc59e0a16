import { AsyncLocalStorage } from 'node:async_hooks';

/** The request of the host that something is reported during, as W3C Trace Context names it. */
export interface Operation {
  /** 32 hexadecimal digits: `OperationId` of the host's row in AppRequests. */
  readonly traceId: string;
  /** 16 of them. */
  readonly spanId: string;
}

const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/;

const operations = new AsyncLocalStorage<Operation | undefined>();

/** Runs work within the operation of a `traceparent` header; within none where it is absent or not readable. */
export const inOperation = <T>(traceParent: string | null | undefined, work: () => T): T => {
  const [, traceId, spanId] = TRACEPARENT.exec(traceParent ?? '') ?? [];
  return operations.run(traceId && spanId ? { traceId, spanId } : undefined, work);
};

/** The operation that the caller runs within; absent: none. */
export const currentOperation = (): Operation | undefined => operations.getStore();
