import { gunzipSync } from 'node:zlib';
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { Envelope } from './envelope.ts';

/** A key of no resource and a host that nobody answers at: the capture takes the place of the network. */
export const NOWHERE =
  'InstrumentationKey=00000000-0000-4000-8000-000000000001;IngestionEndpoint=https://127.0.0.1/';

/** How ingestion misbehaves: a status, a redirect, a part taken, no answer, no connection. */
export type CaptureFault =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'partial'; readonly accepted: number }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'hang' }
  | { readonly kind: 'refused' };

export interface CaptureOptions {
  /** Given each batch that was accepted, before it is answered. Absent: they are kept. */
  readonly onBatch?: (batch: readonly Envelope[]) => void | Promise<void>;
}

export interface TelemetryCapture {
  /** Give this to `applicationInsights` in place of the network. */
  readonly httpClient: HttpClient;
  /** What was kept, oldest first. */
  readonly envelopes: readonly Envelope[];
  /** POSTs and their bytes so far, refused ones and retries included. */
  readonly traffic: { readonly posts: number; readonly bytes: number };
  /** From now on; `undefined` ends it, and releases what hangs. */
  setFault(fault: CaptureFault | undefined): void;
  clear(): void;
}

const bodyOf = ({ body, headers }: PipelineRequest): string => {
  if (typeof body === 'string') return body;
  if (!(body instanceof Uint8Array)) throw new Error(`the capture reads text and bytes, not ${typeof body}`);
  const bytes = headers.get('content-encoding') === 'gzip' ? gunzipSync(body) : body;
  return Buffer.from(bytes).toString('utf8');
};

const answer = (
  request: PipelineRequest,
  status: number,
  received: number,
  accepted: number,
): PipelineResponse => ({
  request,
  status,
  headers: createHttpHeaders({ 'content-type': 'application/json' }),
  bodyAsText: JSON.stringify({
    itemsReceived: received,
    itemsAccepted: accepted,
    errors:
      accepted < received ? [{ index: accepted, statusCode: 400, message: 'refused by the capture' }] : [],
  }),
});

const redirect = (request: PipelineRequest, location: string): PipelineResponse => ({
  request,
  status: 308,
  headers: createHttpHeaders({ location }),
});

/**
 * Stands where Application Insights' ingestion would: the real SDK's batches, in this process. It stores
 * nothing and checks no key; what ingestion does to an item afterwards is not modelled here.
 */
export const captureTelemetry = ({ onBatch }: CaptureOptions = {}): TelemetryCapture => {
  const envelopes: Envelope[] = [];
  const traffic = { posts: 0, bytes: 0 };
  let fault: CaptureFault | undefined;
  let released = Promise.withResolvers<void>();

  const hang = ({ timeout, abortSignal }: PipelineRequest) =>
    new Promise<void>((resolve, reject) => {
      const giveUp = () => reject(new Error('the capture did not answer'));
      const timer = setTimeout(giveUp, timeout === 0 ? 60_000 : timeout).unref();
      abortSignal?.addEventListener('abort', giveUp, { once: true });
      void released.promise.then(() => {
        clearTimeout(timer);
        resolve();
      });
    });

  const keep = (batch: readonly Envelope[]) => (onBatch ?? ((all) => void envelopes.push(...all)))(batch);

  return {
    envelopes,
    traffic,
    clear: () => void envelopes.splice(0),
    setFault(next) {
      fault = next;
      released.resolve();
      released = Promise.withResolvers();
    },
    httpClient: {
      async sendRequest(request) {
        const text = bodyOf(request);
        traffic.posts += 1;
        traffic.bytes += Buffer.byteLength(text);
        const batch = JSON.parse(text) as Envelope[];
        if (fault?.kind === 'hang') await hang(request);
        if (fault?.kind === 'refused') throw new Error('the capture refused the connection');
        if (fault?.kind === 'redirect' && new URL(request.url).host !== new URL(fault.location).host)
          return redirect(request, fault.location);
        if (fault?.kind === 'status') return answer(request, fault.status, batch.length, 0);
        const accepted = fault?.kind === 'partial' ? Math.min(fault.accepted, batch.length) : batch.length;
        await keep(batch.slice(0, accepted));
        return answer(request, accepted < batch.length ? 206 : 200, batch.length, accepted);
      },
    },
  };
};
