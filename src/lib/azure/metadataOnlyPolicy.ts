import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/** The listings of a vault and of an object's versions, and the policies of renewal: all that a scan ever asks for. */
const METADATA =
  /^\/(?:(?:secrets|keys|certificates)(?:\/[^/]+\/versions)?|certificates\/[^/]+\/policy|keys\/[^/]+\/rotationpolicy)$/;

/** Thrown instead of sending a request that a scan has no business to send. */
export class RefusedRequestError extends Error {
  override readonly name = 'RefusedRequestError';
}

export interface MetadataOnlyPolicyOptions {
  /** Origin of the vault. */
  readonly origin: string;
  /** Ends every request, those of later pages too, which the SDK sends without their caller's signal. */
  readonly signal: AbortSignal;
  readonly requestTimeoutMs: number;
  /** Reported the `Date` of each answer, as epoch milliseconds; `undefined` where it is absent or unreadable. */
  readonly onServerDate: (epochMs: number | undefined) => void;
}

/**
 * Lets nothing but requests for metadata of one vault reach the wire. A `nextLink` that leads to another host
 * would take the token there; any other path could hold a value.
 */
export const metadataOnlyPolicy = (options: MetadataOnlyPolicyOptions): PipelinePolicy => ({
  name: 'keywatchMetadataOnlyPolicy',
  async sendRequest(request, next) {
    const { origin, pathname } = new URL(request.url);
    if (origin !== options.origin)
      throw new RefusedRequestError(`a page of ${options.origin} is said to be at ${origin}`);
    if (request.method !== 'GET' || !METADATA.test(pathname))
      throw new RefusedRequestError(`${request.method} ${pathname} is no request for metadata`);
    request.abortSignal = options.signal;
    request.timeout = options.requestTimeoutMs;
    const response = await next(request);
    const dateEpochMs = Date.parse(response.headers.get('date') ?? '');
    options.onServerDate(Number.isNaN(dateEpochMs) ? undefined : dateEpochMs);
    return response;
  },
});
