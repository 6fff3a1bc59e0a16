import { isRecord } from '../../lib/kernel/isRecord.ts';
import { jsonOf } from '../../lib/kernel/json.ts';
import type { RegisteredFunction } from './functionApp.ts';
import type { HttpAnswer } from './httpMessages.ts';
import type { Invoker } from './invoker.ts';
import { triggerOf } from './triggers.ts';

export const EVENT_GRID_PATH = '/runtime/webhooks/EventGrid';

export interface EventGridRequest {
  readonly method: string;
  readonly functionName: string | null;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/**
 * The webhook through which Event Grid reaches a function: both validation handshakes, events in Event
 * Grid's own schema and CloudEvents 1.0. Anybody on this machine may post: there is no key.
 */
export const answerEventGrid = async (
  request: EventGridRequest,
  functions: readonly RegisteredFunction[],
  invoker: Invoker,
): Promise<HttpAnswer> => {
  const { method, functionName, headers, body } = request;
  const fn = functions.find(({ metadata }) => metadata.name === functionName);
  if (fn === undefined)
    return { status: 404, body: `there is no Event Grid function ${functionName ?? ''}\n` };
  if (method === 'OPTIONS')
    return {
      status: 200,
      headers: { 'webhook-allowed-origin': header(headers, 'webhook-request-origin') ?? '*' },
    };
  if (method !== 'POST') return { status: 405, body: 'events are posted\n' };

  const events = readEvents(body);
  if (events === undefined) return { status: 400, body: 'the body is no JSON object or array of them\n' };
  const eventType = isCloudEvents(headers) ? 'Notification' : header(headers, 'aeg-event-type');
  if (eventType === 'SubscriptionValidation') return validate(events);
  if (eventType !== 'Notification')
    return { status: 400, body: 'the header aeg-event-type is missing: it should be Notification\n' };

  const invocations = await Promise.all(events.map((event) => invoker.invoke(fn, requestOf(fn, event))));
  return { status: invocations.every(({ outcome }) => outcome.ok) ? 202 : 500 };
};

type GridEvent = Readonly<Record<string, unknown>>;

const requestOf = (fn: RegisteredFunction, event: GridEvent) => ({
  inputData: [{ name: triggerOf(fn).name, data: { json: JSON.stringify(event) } }],
  triggerMetadata: { data: { json: JSON.stringify(event['data'] ?? null) } },
});

const header = (headers: EventGridRequest['headers'], name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

const isCloudEvents = (headers: EventGridRequest['headers']): boolean =>
  header(headers, 'content-type')?.startsWith('application/cloudevents') === true;

const readEvents = (body: string): GridEvent[] | undefined => {
  const parsed = jsonOf(body);
  const events: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return events.every(isRecord) ? events : undefined;
};

const validate = ([event]: readonly GridEvent[]): HttpAnswer => {
  const data = event?.['data'];
  const code = isRecord(data) ? data['validationCode'] : undefined;
  if (typeof code !== 'string') return { status: 400, body: 'the event holds no data.validationCode\n' };
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ validationResponse: code }),
  };
};
