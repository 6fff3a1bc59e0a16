import { type PipelinePolicy, RestError } from '@azure/core-rest-pipeline';
import { RefusedRequestError } from './metadataOnlyPolicy.ts';

/** More than the largest page of any listing; what is larger would fill the memory of a worker. */
const MOST_BYTES = 32 * 1024 * 1024;

export interface BoundedAnswerOptions {
  /** Ends a request from outside. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly mostBytes?: number;
}

/**
 * Reads the whole answer within a time and a size. The SDK's own time limit ends with the headers, and a compressed
 * answer whose connection breaks would never end at all.
 * Rejects with an `AbortError` when time is up, and with a `RefusedRequestError` for what is too large.
 */
export const boundedAnswerPolicy = (options: BoundedAnswerOptions): PipelinePolicy => ({
  name: 'keywatchBoundedAnswerPolicy',
  async sendRequest(request, next) {
    const { signal, timeoutMs, mostBytes = MOST_BYTES } = options;
    // Of its own, and let go of at the end: what listens to a signal that lives on keeps the answer in memory.
    const ending = new AbortController();
    const end = (): void => ending.abort();
    const timer = setTimeout(end, timeoutMs);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    request.abortSignal = ending.signal;
    request.streamResponseStatusCodes = new Set([Number.POSITIVE_INFINITY]);
    try {
      const { readableStreamBody, ...response } = await next(request);
      return { ...response, bodyAsText: await textOf(readableStreamBody, mostBytes, ending.signal) };
    } catch (error) {
      // Closes the connection of an answer that was not read to its end.
      end();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  },
});

const textOf = (
  stream: NodeJS.ReadableStream | undefined,
  mostBytes: number,
  limit: AbortSignal,
): Promise<string> =>
  new Promise((resolve, reject) => {
    if (stream === undefined) return resolve('');
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timeIsUp = (): void => reject(Object.assign(new Error('time is up'), { name: 'AbortError' }));
    if (limit.aborted) return timeIsUp();
    limit.addEventListener('abort', timeIsUp, { once: true });
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= mostBytes) chunks.push(chunk);
      else reject(new RefusedRequestError(`the answer is larger than ${mostBytes} bytes`));
    });
    stream.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    stream.on('error', ({ message }: Error) =>
      reject(new RestError(`the answer broke off: ${message}`, { code: RestError.PARSE_ERROR })),
    );
  });
