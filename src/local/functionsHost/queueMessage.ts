import { jsonOf } from '../../lib/kernel/json.ts';
import type { TypedData } from './coreTypes.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The text of a message as a function gets it; `undefined` when it is not in base64. */
export const decodeMessage = (messageText: string): string | undefined =>
  BASE64.test(messageText) ? Buffer.from(messageText, 'base64').toString('utf8') : undefined;

export const encodeMessage = (text: string): string => Buffer.from(text).toString('base64');

/** The messages that one output stands for: an array, also one in JSON text, stands for several. */
export const messagesOf = ({ json, string = '' }: TypedData): string[] => {
  const text = json ?? string;
  const parsed = jsonOf(text);
  if (!Array.isArray(parsed)) return [text];
  return parsed.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry)));
};
