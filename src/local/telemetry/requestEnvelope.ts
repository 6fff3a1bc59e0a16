import { DAY_MS } from '../../lib/kernel/time.ts';
import { toHttpAnswer } from '../functionsHost/httpMessages.ts';
import type { Invocation } from '../functionsHost/invoker.ts';
import type { Envelope } from './envelope.ts';

/** `d.hh:mm:ss.fff` */
const durationOf = (ms: number): string => {
  const time = new Date(ms % DAY_MS).toISOString().slice(11, 23);
  return `${Math.floor(ms / DAY_MS)}.${time}`;
};

/**
 * What the Functions host sends of an invocation by itself: its name is the function's, its URL has no query, and
 * `success` says whether the function returned, so that a 401 is one that succeeded.
 * @see https://github.com/Azure/azure-webjobs-sdk WebJobsTelemetryInitializer.cs
 */
export const requestEnvelope = (invocation: Invocation): Envelope => {
  const { functionName, invocationId, startedEpochMs, durationMs, traceParent, http, outcome } = invocation;
  const [, traceId = '', spanId = ''] = traceParent.split('-');
  const url = http?.url === undefined ? undefined : new URL(http.url);
  const status = outcome.ok ? toHttpAnswer(outcome.returnValue).status : 500;
  return {
    name: 'Microsoft.ApplicationInsights.Request',
    time: new Date(startedEpochMs).toISOString(),
    tags: {
      'ai.cloud.role': 'keywatch',
      'ai.operation.id': traceId,
      'ai.operation.name': functionName,
      ...(url && { 'ai.location.ip': '127.0.0.1' }),
    },
    data: {
      baseType: 'RequestData',
      baseData: {
        id: spanId,
        name: functionName,
        duration: durationOf(durationMs),
        responseCode: url ? String(status) : '0',
        success: outcome.ok,
        ...(url && { url: `${url.origin}${url.pathname}` }),
        properties: {
          InvocationId: invocationId,
          ...(url && { HttpMethod: http?.method ?? '', HttpPath: url.pathname }),
        },
      },
    },
  };
};
