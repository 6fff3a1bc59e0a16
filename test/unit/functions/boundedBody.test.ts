import type { HttpRequest, InvocationContext } from '@azure/functions';
import { expect, it, vi } from 'vitest';
import { boundedBody } from '../../../src/functions/boundedBody.ts';
import { secured } from '../../../src/functions/secured.ts';
import { READ } from '../../../src/lib/callers/rules/roles.ts';
import { startCallers } from '../../fakes/startCallers.ts';

/** A body that gives these pieces and then, as a slow sender does, nothing more. */
const slowBody = (...pieces: readonly number[]) => {
  let read = 0;
  const cancel = vi.fn();
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const size = pieces[read];
        if (size !== undefined) controller.enqueue(new Uint8Array(size).fill(0x61));
        read += 1;
        return size === undefined ? new Promise<void>(() => {}) : undefined;
      },
      cancel,
    },
    { highWaterMark: 0 },
  );
  return { body: body as NonNullable<HttpRequest['body']>, cancel, read: () => read };
};

const lengthOf = (length: number) => new Headers({ 'content-length': String(length) });

it('a body is read no further than its bound, however slowly the rest comes', async () => {
  const { body, cancel, read } = slowBody(60, 60, 60);
  expect(await boundedBody({ headers: new Headers(), body }, 100)).toBeUndefined();
  expect(read()).toBe(2);
  expect(cancel).toHaveBeenCalledOnce();
});

it('a body that says that it is too long is not read at all', async () => {
  const { body, read } = slowBody(10);
  expect(await boundedBody({ headers: lengthOf(10 * 1024 * 1024), body }, 100)).toBeUndefined();
  expect(read()).toBe(0);
});

it('nothing is read of the body of whoever is refused, so that a slow one holds nobody up', async () => {
  await startCallers();
  const { body, read } = slowBody();
  const request = { method: 'POST', url: 'https://x.example/api/x', headers: lengthOf(5), body };
  const context = { functionName: 'x' } as InvocationContext;
  const guarded = secured(READ, async (asked) => ({ body: await boundedBody(asked, 100) }));
  expect((await guarded(request as unknown as HttpRequest, context)).status).toBe(401);
  expect(read()).toBe(0);
});
