import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { expect, it } from 'vitest';
import { createDelivery } from '../../../../src/lib/telemetry/applicationInsights/telemetryDelivery.ts';
import { createRedactor } from '../../../../src/lib/telemetry/redact.ts';
import { manualClock } from '../../../fakes/manualClock.ts';

it('an ingestion that samples, and so refuses a part of each batch, is told at once and is waited for', async () => {
  const told: unknown[] = [];
  const delivery = createDelivery(createRedactor(), manualClock(), (...loss) => void told.push(loss));
  const request = createPipelineRequest({ url: 'https://ingestion.example/', method: 'POST', body: '[]' });
  const bodyAsText = JSON.stringify({ itemsReceived: 9, itemsAccepted: 4 });
  await delivery.policy.sendRequest(request, async () => ({
    ...{ request, status: 206, headers: createHttpHeaders(), bodyAsText },
  }));
  expect(told).toEqual([[206, 1]]);
  expect(delivery.undeliveredBatches()).toBe(1);
  expect(delivery.isFailing()).toBe(false);
});
