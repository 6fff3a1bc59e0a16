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
  readonly body: string;
}

/**
 * The webhook through which Event Grid reaches a function, with events in whichever schema. No subscription leads to
 * this machine, so it has no handshake; anybody on this machine may post, without a key.
 */
export const answerEventGrid = async (
  { method, functionName, body }: EventGridRequest,
  functions: readonly RegisteredFunction[],
  invoker: Invoker,
): Promise<HttpAnswer> => {
  const fn = functions.find(({ metadata }) => metadata.name === functionName);
  if (fn === undefined)
    return { status: 404, body: `there is no Event Grid function ${functionName ?? ''}\n` };
  if (method !== 'POST') return { status: 405, body: 'events are posted\n' };
  const parsed = jsonOf(body);
  const events: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  if (!events.every(isRecord)) return { status: 400, body: 'the body is no JSON object or array of them\n' };
  const invocations = await Promise.all(events.map((event) => invoker.invoke(fn, requestOf(fn, event))));
  return { status: invocations.every(({ outcome }) => outcome.ok) ? 202 : 500 };
};

const requestOf = (fn: RegisteredFunction, event: Readonly<Record<string, unknown>>) => ({
  inputData: [{ name: triggerOf(fn).name, data: { json: JSON.stringify(event) } }],
  triggerMetadata: { data: { json: JSON.stringify(event['data'] ?? null) } },
});
