import type { HttpRequest } from '@azure/functions';
import { textOf } from '../lib/kernel/bodyText.ts';

/** The text of a body that is no longer than this; `undefined` where it is: then the rest of it is not read. */
export const boundedBody = async (
  { headers, body }: Pick<HttpRequest, 'headers' | 'body'>,
  mostBytes: number,
): Promise<string | undefined> => {
  if (Number(headers.get('content-length')) > mostBytes) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return textOf(Buffer.concat(chunks));
};
