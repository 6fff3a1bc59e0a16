import { jsonOf } from '../../lib/kernel/json.ts';
import type { TypedData } from './coreTypes.ts';
import type { QueueLimits } from './hostJson.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The text of a message as a function gets it; `undefined` when it is not in the encoding of host.json. */
export const decodeMessage = (
  messageText: string,
  encoding: QueueLimits['messageEncoding'],
): string | undefined => {
  if (encoding === 'none') return messageText;
  return BASE64.test(messageText) ? Buffer.from(messageText, 'base64').toString('utf8') : undefined;
};

export const encodeMessage = (
  text: string | Uint8Array,
  encoding: QueueLimits['messageEncoding'],
): string => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : Buffer.from(text);
  return encoding === 'none' ? bytes.toString('utf8') : bytes.toString('base64');
};

/** The messages that one output stands for: an array, also one in JSON text, stands for several. */
export const messagesOf = (data: TypedData): (string | Uint8Array)[] => {
  if (data.bytes !== undefined) return [data.bytes];
  const text = data.json ?? data.string ?? String(data.int ?? data.double ?? '');
  const parsed = jsonOf(text);
  if (!Array.isArray(parsed)) return [text];
  return parsed.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry)));
};
