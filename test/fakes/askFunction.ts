import { type HttpHandler, type HttpMethod, HttpRequest, type HttpResponseInit } from '@azure/functions';
import { invocation } from './invocation.ts';

interface Asked {
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of its route. */
  readonly params?: Readonly<Record<string, string>>;
  /** Absent or empty: there is none. */
  readonly body?: string | Buffer | undefined;
}

/** Calls a function as the host does for a request. */
export const askFunction = async (
  handler: HttpHandler,
  url: string,
  { method = 'GET', headers = {}, params = {}, body = '' }: Asked,
): Promise<HttpResponseInit> => {
  const content = typeof body === 'string' ? { string: body } : { bytes: body };
  const request = new HttpRequest({
    ...{ url, method: method as HttpMethod, headers, params },
    ...(body.length > 0 && { body: content }),
  });
  return (await handler(request, invocation().context)) as HttpResponseInit;
};
