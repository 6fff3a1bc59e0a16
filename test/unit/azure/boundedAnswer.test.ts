import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { boundedAnswerPolicy } from '../../../src/lib/azure/boundedAnswerPolicy.ts';
import { manualLimits } from '../../fakes/manualLimits.ts';

const send = async (
  body: Readable,
  {
    timeoutMs = 5_000,
    signal = new AbortController().signal,
  }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<PipelineResponse> => {
  const request = createPipelineRequest({ url: 'https://graph.microsoft.com/' });
  const response = { status: 200, headers: createHttpHeaders(), request, readableStreamBody: body };
  return boundedAnswerPolicy({ signal, timeoutMs, mostBytes: 10 }).sendRequest(request, async () => response);
};

describe('an answer', () => {
  it('is read to its end, and lets go of whoever might end it', async () => {
    const { signal } = new AbortController();
    const { bodyAsText, readableStreamBody } = await send(
      Readable.from([Buffer.from('12345'), Buffer.from('67890')]),
      { signal },
    );
    expect([bodyAsText, readableStreamBody]).toEqual(['1234567890', undefined]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('is refused where it is larger than it may be', async () => {
    await expect(send(Readable.from([Buffer.from('12345678901')]))).rejects.toThrow('larger than 10 bytes');
  });

  it('ends when its time is up, and when somebody ends it, also before it began', async () => {
    const pass = manualLimits();
    const never = (read = () => {}) => new Readable({ read });
    await expect(
      send(
        never(() => pass(5_000)),
        { timeoutMs: 5_000 },
      ),
    ).rejects.toMatchObject({ name: 'AbortError' });
    await expect(send(never(), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('counts as unreadable where it breaks off', async () => {
    const broken = new Readable({ read: () => void broken.destroy(new Error('reset')) });
    await expect(send(broken)).rejects.toMatchObject({ name: 'RestError', code: 'PARSE_ERROR' });
  });
});
