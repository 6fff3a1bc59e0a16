import { app, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { keywatch } from '../lib/compose.ts';

/** Says whether this instance is configured to work. Anybody may ask, so it names no vault and no fault. */
export const health = async (_request: unknown, context: InvocationContext): Promise<HttpResponseInit> => {
  const headers = { 'cache-control': 'no-store' };
  try {
    await keywatch();
    return { status: 200, headers, jsonBody: { status: 'healthy' } };
  } catch (error) {
    context.error(error instanceof Error ? error.message : 'the application could not be composed');
    return {
      status: 503,
      headers,
      jsonBody: { status: 'unhealthy', see: 'the log of the function "health"' },
    };
  }
};

app.http('health', { methods: ['GET'], authLevel: 'anonymous', handler: health });
