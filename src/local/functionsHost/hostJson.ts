import hostFile from '../../../host.json' with { type: 'json' };

const msOf = (timeSpan: string): number => {
  const [hours = 0, minutes = 0, seconds = 0] = timeSpan.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
};

const { http, queues } = hostFile.extensions;
const { batchSize, newBatchThreshold, maxDequeueCount, visibilityTimeout, maxPollingInterval } = queues;

/** What host.json says about the triggers that run here; everything else in it is Azure's business. */
export const { routePrefix } = http;
export const QUEUE_LIMITS = {
  ...{ batchSize, newBatchThreshold, maxDequeueCount },
  visibilityTimeoutMs: msOf(visibilityTimeout),
  maxPollingIntervalMs: msOf(maxPollingInterval),
};

export type QueueLimits = typeof QUEUE_LIMITS;
