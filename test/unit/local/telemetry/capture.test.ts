import { gzipSync } from 'node:zlib';
import { createPipelineRequest } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { captureTelemetry } from '../../../../src/local/telemetry/capture.ts';
import type { Envelope } from '../../../../src/local/telemetry/envelope.ts';

const envelope = (name: string): Envelope => ({
  name: 'Microsoft.ApplicationInsights.Event',
  time: '2026-11-22T12:00:00.000Z',
  tags: {},
  data: { baseType: 'EventData', baseData: { name } },
});

const post = (names: readonly string[], { gzip = false, timeout = 0 } = {}) => {
  const request = createPipelineRequest({ url: 'https://127.0.0.1/v2.1/track', method: 'POST', timeout });
  const text = JSON.stringify(names.map(envelope));
  request.body = gzip ? gzipSync(text) : text;
  if (gzip) request.headers.set('content-encoding', 'gzip');
  return request;
};

const names = (envelopes: readonly Envelope[]) => envelopes.map(({ data }) => data.baseData.name);

describe('the capture', () => {
  it('reads plain and compressed batches and hands each on before it answers', async () => {
    const batches: (string | undefined)[][] = [];
    const capture = captureTelemetry({ onBatch: (batch) => void batches.push(names(batch)) });
    await capture.httpClient.sendRequest(post(['a', 'b']));
    const { status, bodyAsText } = await capture.httpClient.sendRequest(post(['c'], { gzip: true }));
    expect(batches).toEqual([['a', 'b'], ['c']]);
    expect(status).toBe(200);
    expect(JSON.parse(bodyAsText ?? '')).toEqual({ itemsReceived: 1, itemsAccepted: 1, errors: [] });
    expect(capture.traffic.posts).toBe(2);
  });

  it('keeps only the part that it says it took', async () => {
    const capture = captureTelemetry();
    capture.setFault({ kind: 'partial', accepted: 1 });
    const { status, bodyAsText } = await capture.httpClient.sendRequest(post(['a', 'b']));
    expect(status).toBe(206);
    expect(JSON.parse(bodyAsText ?? '')).toMatchObject({ itemsReceived: 2, itemsAccepted: 1 });
    expect(names(capture.envelopes)).toEqual(['a']);
  });

  it('hangs until the request times out, or until the fault ends', async () => {
    const capture = captureTelemetry();
    capture.setFault({ kind: 'hang' });
    await expect(capture.httpClient.sendRequest(post(['a'], { timeout: 5 }))).rejects.toThrow(
      'did not answer',
    );
    const waiting = capture.httpClient.sendRequest(post(['b']));
    capture.setFault(undefined);
    expect((await waiting).status).toBe(200);
  });
});
