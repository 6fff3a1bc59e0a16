import { Readable } from 'node:stream';
import type { ContainerClient } from '@azure/storage-blob';
import { expect, it } from 'vitest';
import { blobPieceStore } from '../../../../src/lib/board/blob/blobPieceStore.ts';
import { systemClock } from '../../../../src/lib/kernel/systemClock.ts';

it('ends the reading of a blob that is larger than any piece', async () => {
  const readableStreamBody = Readable.from([Buffer.from('x')]);
  const answer = { contentLength: 2 ** 30, etag: '"one"', readableStreamBody };
  const container = { containerName: 'board', getBlobClient: () => ({ download: async () => answer }) };
  const store = blobPieceStore({ container: container as unknown as ContainerClient, clock: systemClock });
  expect(await store.read('a.json')).toEqual({ ok: true, piece: { text: '', etag: '"one"' } });
  expect(readableStreamBody.destroyed).toBe(true);
});
