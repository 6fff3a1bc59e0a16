import { readFileSync } from 'node:fs';
import { z } from 'zod';

const TIME_SPAN = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})$/;

const timeSpanMs = z
  .string()
  .regex(TIME_SPAN, 'a time span is written hh:mm:ss')
  .transform((text) => {
    const [days = 0, hours = 0, minutes = 0, seconds = 0] = (TIME_SPAN.exec(text) ?? [])
      .slice(1)
      .map((part) => Number(part ?? 0));
    return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  });

/** The defaults are the real host's. */
const schema = z.object({
  version: z.literal('2.0'),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      queues: z
        .object({
          batchSize: z.int().min(1).max(32).default(16),
          newBatchThreshold: z.int().min(0).optional(),
          maxDequeueCount: z.int().min(1).default(5),
          visibilityTimeout: timeSpanMs.default(0),
          maxPollingInterval: timeSpanMs.default(60_000),
          messageEncoding: z.literal('base64').default('base64'),
        })
        .prefault({}),
    })
    .prefault({}),
});

/** What host.json says about the triggers that run here; everything else in it is Azure's business. */
export type HostJson = ReturnType<typeof parseHostJson>;

/** @see https://learn.microsoft.com/azure/azure-functions/functions-host-json#queues */
export type QueueLimits = HostJson['queues'];

/** @throws Error that names the field when host.json says something the host would not take. */
export const parseHostJson = (text: string) => {
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`host.json: ${z.prettifyError(parsed.error)}`);
  const { extensions } = parsed.data;
  const { visibilityTimeout, maxPollingInterval, newBatchThreshold, ...queues } = extensions.queues;
  return {
    routePrefix: extensions.http.routePrefix,
    queues: {
      ...queues,
      newBatchThreshold: newBatchThreshold ?? Math.floor(queues.batchSize / 2),
      visibilityTimeoutMs: visibilityTimeout,
      maxPollingIntervalMs: maxPollingInterval,
    },
  };
};

export const readHostJson = (path: string): HostJson => parseHostJson(readFileSync(path, 'utf8'));
