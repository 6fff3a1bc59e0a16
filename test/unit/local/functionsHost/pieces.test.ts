import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RegisteredFunction } from '../../../../src/local/functionsHost/functionApp.ts';
import { parseHostJson } from '../../../../src/local/functionsHost/hostJson.ts';
import {
  decodeMessage,
  encodeMessage,
  messagesOf,
} from '../../../../src/local/functionsHost/queueMessage.ts';
import { createRoutes } from '../../../../src/local/functionsHost/routes.ts';
import { anyText } from '../../../fakes/anyText.ts';

const functionWith = (name: string, trigger: object): RegisteredFunction => ({
  metadata: {
    name,
    bindings: { in: { type: 'httpTrigger', direction: 'in', methods: ['GET'], ...trigger } },
  },
  callback: () => undefined,
});

describe('host.json', () => {
  it('gives the defaults of the real host', () => {
    expect(parseHostJson('{"version":"2.0"}')).toEqual({
      routePrefix: 'api',
      queues: {
        batchSize: 16,
        newBatchThreshold: 8,
        maxDequeueCount: 5,
        visibilityTimeoutMs: 0,
        maxPollingIntervalMs: 60_000,
        messageEncoding: 'base64',
      },
    });
  });

  it('is read in time spans and limits', () => {
    const queues = { visibilityTimeout: '00:01:30', maxPollingInterval: '1.00:00:02', batchSize: 4 };
    expect(parseHostJson(JSON.stringify({ version: '2.0', extensions: { queues } })).queues).toMatchObject({
      visibilityTimeoutMs: 90_000,
      maxPollingIntervalMs: 86_402_000,
      newBatchThreshold: 2,
    });
  });

  it('is refused by field when it holds what the host would not take', () => {
    const text = JSON.stringify({ version: '2.0', extensions: { queues: { batchSize: 33 } } });
    expect(() => parseHostJson(text)).toThrow('batchSize');
  });
});

describe('a queue message', () => {
  it('survives base64 whatever it holds', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(decodeMessage(encodeMessage(text))).toBe(text);
      }),
    );
  });

  it('is not decoded when it is not base64', () => {
    expect(decodeMessage('{"vault":"a"}')).toBeUndefined();
  });

  it('is one of several when an array is put out', () => {
    expect(messagesOf({ json: '[{"a":1},"b"]' })).toEqual(['{"a":1}', 'b']);
    expect(messagesOf({ string: 'plain' })).toEqual(['plain']);
    expect(messagesOf({ json: '{"a":[1]}' })).toEqual(['{"a":[1]}']);
  });
});

describe('a route', () => {
  const routes = createRoutes(
    [
      functionWith('one', { route: 'grants/{id}' }),
      functionWith('literal', { route: 'grants/all' }),
      functionWith('named', {}),
    ],
    'api',
  );
  const hit = (path: string) => {
    const found = routes.find((route) => route.match(path));
    return found && { name: found.fn.metadata.name, params: found.match(path) };
  };

  it('is matched by the template without parameters first, without regard to case', () => {
    expect(hit('/api/grants/all')?.name).toBe('literal');
    expect(hit('/API/Grants/a%20b')).toEqual({ name: 'one', params: { id: 'a b' } });
    expect(hit('/api/named')).toEqual({ name: 'named', params: {} });
  });

  it('is nobody’s when the path is longer, shorter or without the prefix', () => {
    for (const path of ['/api/grants/a/b', '/api/grants', '/grants/all']) expect(hit(path)).toBeUndefined();
  });

  it.each(['{id:int}', '{id?}', '{*path}'])('is refused when it asks for %s', (part) => {
    expect(() => createRoutes([functionWith('f', { route: `a/${part}` })], 'api')).toThrow(part);
  });
});
