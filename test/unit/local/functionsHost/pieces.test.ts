import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RegisteredFunction } from '../../../../src/local/functionsHost/functionApp.ts';
import { QUEUE_LIMITS } from '../../../../src/local/functionsHost/hostJson.ts';
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

it('host.json is read in milliseconds', () => {
  expect(QUEUE_LIMITS).toEqual({
    ...{ batchSize: 8, newBatchThreshold: 4, maxDequeueCount: 5 },
    ...{ visibilityTimeoutMs: 30_000, maxPollingIntervalMs: 30_000 },
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
