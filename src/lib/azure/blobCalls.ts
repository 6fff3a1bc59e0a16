import type { ContainerClient } from '@azure/storage-blob';
import type { Clock } from '../kernel/clock.ts';
import type { StoreFailure } from '../kernel/storeFailure.ts';
import { type StoreCall, storeFailureOf } from './storeFailures.ts';

const CALL_TIMEOUT_MS = 5_000;

/**
 * How every client of Blob Storage that guards a token is made: a conditional write that is sent twice
 * answers "the condition is not met" of its own first success.
 */
export const SINGLE_TRY = { retryOptions: { maxTries: 1 } } as const;

export const errorCodeOf = (error: unknown): string | undefined => {
  const { code, details } = error as { code?: string; details?: { errorCode?: string } };
  return details?.errorCode ?? code;
};

/** What every store of blobs is made of. */
export interface BlobStoreOptions {
  /** Made with `SINGLE_TRY`. Created when there is none. */
  readonly container: ContainerClient;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
}

/** One call, bounded, with whatever it throws translated. */
export const blobCall = async <T>(
  clock: Pick<Clock, 'nowEpochMs'>,
  call: Omit<StoreCall, 'nowEpochMs'>,
  run: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T | StoreFailure> => {
  try {
    return await run(AbortSignal.timeout(CALL_TIMEOUT_MS));
  } catch (error) {
    return storeFailureOf(error, { ...call, nowEpochMs: clock.nowEpochMs() });
  }
};

/** Runs `write`, and once more after making the container when there is none. */
export const inContainer = async <T>(
  container: ContainerClient,
  abortSignal: AbortSignal,
  write: () => Promise<T>,
): Promise<T> => {
  try {
    return await write();
  } catch (error) {
    if (errorCodeOf(error) !== 'ContainerNotFound') throw error;
    await container.createIfNotExists({ abortSignal });
    return write();
  }
};

/** A read without any answer is asked once more: a connection that was idle may be gone without a word. */
export const readAgain = async <T>(read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== undefined) throw error;
    return read();
  }
};

/** Several times what any record comes to: a blob that somebody else wrote may be anything. */
const MOST_BYTES = 8 * 2 ** 20;

/** The text of a blob, cut off where it is too large to be one of ours; `undefined` when there is none. */
export const readText = async (
  container: ContainerClient,
  name: string,
  abortSignal: AbortSignal,
): Promise<{ text: string; etag: string | undefined; date: Date | undefined } | undefined> => {
  try {
    const blob = container.getBlobClient(name);
    const answer = await readAgain(() => blob.download(0, undefined, { abortSignal, maxRetryRequests: 0 }));
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.readableStreamBody ?? []) {
      chunks.push(Buffer.from(chunk));
      size += chunk.length;
      if (size > MOST_BYTES) break;
    }
    return { text: Buffer.concat(chunks).toString(), etag: answer.etag, date: answer.date };
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === 'BlobNotFound' || code === 'ContainerNotFound') return undefined;
    throw error;
  }
};
