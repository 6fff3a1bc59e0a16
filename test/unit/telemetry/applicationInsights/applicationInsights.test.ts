import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { applicationInsights } from '../../../../src/lib/telemetry/applicationInsights/applicationInsights.ts';
import { stackOf } from '../../../../src/lib/telemetry/applicationInsights/failureRecord.ts';
import { createRedactor } from '../../../../src/lib/telemetry/redact.ts';
import { manualClock } from '../../../fakes/manualClock.ts';

const failure = { ok: false, code: 'x', retryable: true, message: 'it broke', action: 'wait' } as const;

const withoutKey = (said: string[] = []) =>
  applicationInsights({
    deployment: 'kw-test',
    connectionString: 'InstrumentationKey=not-a-key;IngestionEndpoint=https://127.0.0.1/',
    clock: manualClock(),
    redactor: createRedactor(),
    notice: (sentence) => void said.push(sentence),
  });

it('begins to load the SDK when what was asked for with the first fact has left', async () => {
  // The first thing that it does.
  const begun = () => process.env['OTEL_NODE_RESOURCE_DETECTORS'];
  delete process.env['OTEL_NODE_RESOURCE_DETECTORS'];
  const telemetry = withoutKey();
  telemetry.metric('keywatch.scan.pages', 1, { vault: 'kv-a' });
  await turn();
  expect(begun()).toBeUndefined();
  await telemetry.flush(60_000);
  expect(begun()).toBe('none');
});

describe('an SDK that cannot start', () => {
  it('is said in words, without the connection string, and costs the callers nothing', async () => {
    const said: string[] = [];
    const telemetry = withoutKey(said);
    telemetry.metric('keywatch.scan.pages', 1, { vault: 'kv-a' });
    expect(await telemetry.flush(60_000)).toEqual({ finished: true, undeliveredBatches: 1 });
    telemetry.metric('keywatch.scan.pages', 1, { vault: 'kv-a' });
    await telemetry.close(1_000);
    expect(said).toEqual([expect.stringMatching(/nothing is sent/)]);
    expect(said[0]).not.toContain('not-a-key');
  });
});

describe('a failure as a record', () => {
  it('shows errors and sentences, and no object: it might be an answer with a token in it', () => {
    expect(stackOf({ ...failure, cause: { refresh_token: 'abc' } })).toBe(
      'x: it broke\nCaused by: (a object, not shown)',
    );
    expect(stackOf({ ...failure, cause: 'because' })).toContain('Caused by: because');
  });

  it('ends even where the causes form a circle or a long chain', () => {
    const circle = new Error('run');
    circle.cause = circle;
    expect(stackOf({ ...failure, cause: circle }).match(/Caused by/g)?.length).toBe(1);
    let chain = new Error('end');
    for (let depth = 0; depth < 50; depth += 1) chain = new Error(`level ${depth}`, { cause: chain });
    expect(stackOf({ ...failure, cause: chain }).match(/Caused by/g)?.length).toBe(8);
  });
});
