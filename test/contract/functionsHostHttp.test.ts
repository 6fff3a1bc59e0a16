import { app, type EventGridEvent, type HttpRequest } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { startFunctionsHost } from '../fakes/startFunctionsHost.ts';

const serve = async (register: () => unknown) => {
  const started = await startFunctionsHost(register);
  return { ...started, url: await started.host.listen(0) };
};

describe('an HTTP function', () => {
  it('gets the request and answers through the library’s own conversion', async () => {
    const { url } = await serve(() =>
      app.http('greet', {
        route: 'greet/{name}',
        methods: ['POST'],
        handler: async (request: HttpRequest) => ({
          status: 201,
          headers: { 'x-seen': request.headers.get('x-sent') ?? '' },
          jsonBody: {
            name: request.params['name'],
            tone: request.query.get('tone'),
            body: await request.text(),
            url: request.url,
          },
        }),
      }),
    );
    const answer = await fetch(`${url}/api/greet/Ada%20L?tone=warm`, {
      method: 'POST',
      body: 'hé',
      headers: { 'x-sent': 'yes' },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-seen')).toBe('yes');
    expect(await answer.json()).toEqual({
      name: 'Ada L',
      tone: 'warm',
      body: 'hé',
      url: `${url}/api/greet/Ada%20L?tone=warm`,
    });
  });

  it('answers 204 when it returns nothing, 404 for other paths and methods, 500 when it throws', async () => {
    const { url, logged } = await serve(() => {
      app.http('quiet', { methods: ['GET'], handler: () => undefined as never });
      app.http('broken', {
        handler: () => {
          throw new Error('out of order');
        },
      });
    });
    const statusOf = async (path: string, method = 'GET') => (await fetch(url + path, { method })).status;
    expect(await statusOf('/api/quiet')).toBe(204);
    expect(await statusOf('/api/quiet', 'POST')).toBe(404);
    expect(await statusOf('/quiet')).toBe(404);
    // Who opens the address in a browser is told what there is, instead of a white page.
    for (const path of ['/', '/api/none'])
      expect(await (await fetch(url + path)).text()).toBe(
        'Nothing answers GET here; the functions answer at\n/api/quiet\n/api/broken\n',
      );
    const broken = await fetch(`${url}/api/broken`);
    expect([broken.status, await broken.text()]).toEqual([500, '']);
    expect(logged.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('runs in the trace that its caller names, or in one of its own, and is told of with it', async () => {
    const { url, finished } = await serve(() =>
      app.http('trace', { handler: (_, { traceContext }) => ({ body: traceContext?.traceParent ?? '' }) }),
    );
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
    const traces = [
      await fetch(`${url}/api/trace`, { headers: { traceparent } }),
      await fetch(`${url}/api/trace`),
    ];
    const [named = '', own = ''] = await Promise.all(traces.map((answer) => answer.text()));
    expect([named.includes(traceId), own.includes(traceId), named === traceparent]).toEqual([
      true,
      false,
      false,
    ]);
    expect(own).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(finished).toMatchObject([{ traceParent: named }, { traceParent: own, http: { method: 'GET' } }]);
  });

  it('is not reached under the name of another site', async () => {
    const { url } = await serve(() => app.http('open', { handler: () => ({ body: 'inside' }) }));
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      request(`${url}/api/open`, { headers: { host: 'evil.example' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).end();
    });
    expect(status).toBe(403);
  });
});

describe('hooks', () => {
  it('surround each invocation and end the app, and may change input, result and error', async () => {
    const seen: string[] = [];
    const { url, host } = await serve(() => {
      app.hook.preInvocation((context) => {
        seen.push(`pre ${context.invocationContext.functionName}`);
      });
      app.hook.postInvocation((context) => {
        seen.push(`post ${context.error === undefined ? 'ok' : 'failed'}`);
        context.error = undefined;
        context.result = { body: 'mended' };
      });
      app.hook.appTerminate(() => void seen.push('appTerminate'));
      app.http('broken', { handler: () => Promise.reject(new Error('torn')) });
    });
    expect(await (await fetch(`${url}/api/broken`)).text()).toBe('mended');
    await host.stop();
    expect(seen).toEqual(['pre broken', 'post failed', 'appTerminate']);
    await expect(fetch(`${url}/api/broken`)).rejects.toThrow();
  });
});

describe('an Event Grid function', () => {
  const EVENT = {
    id: '1',
    topic: '/subscriptions/x',
    subject: 'api-token',
    eventType: 'Microsoft.KeyVault.SecretNearExpiry',
    eventTime: '2026-11-22T12:00:00Z',
    dataVersion: '1',
    metadataVersion: '1',
    data: { ObjectName: 'api-token' },
  };
  const post = async (url: string, body: unknown, functionName = 'onEvent') => {
    const address = `${url}/runtime/webhooks/EventGrid?functionName=${functionName}`;
    return (await fetch(address, { method: 'POST', body: JSON.stringify(body) })).status;
  };
  const start = async () => {
    const events: EventGridEvent[] = [];
    const started = await serve(() =>
      app.eventGrid('onEvent', {
        handler: (event) => {
          if (event.id === 'bad') throw new Error('no such object');
          events.push(event);
        },
      }),
    );
    return { ...started, events };
  };

  it('gets each event that comes, alone or with others, and 202 says that all went well', async () => {
    const { url, events } = await start();
    expect(await post(url, [EVENT, { ...EVENT, id: '2' }])).toBe(202);
    expect(await post(url, { ...EVENT, id: '3' })).toBe(202);
    expect(events.map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect(events[0]).toEqual(EVENT);
    expect(await post(url, [EVENT, { ...EVENT, id: 'bad' }])).toBe(500);
  });

  it('refuses what is no event and no known function', async () => {
    const { url } = await start();
    expect(await post(url, 7)).toBe(400);
    expect(await post(url, [EVENT], 'nobody')).toBe(404);
  });
});
