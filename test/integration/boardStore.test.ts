import { gzipSync } from 'node:zlib';
import { BlobServiceClient } from '@azure/storage-blob';
import { beforeAll, describe, expect, it } from 'vitest';
import { SINGLE_TRY } from '../../src/lib/azure/blobCalls.ts';
import { blobPieceStore } from '../../src/lib/board/blob/blobPieceStore.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import type { Azurite } from '../../src/local/azurite.ts';
import { fakePieceStore } from '../fakes/fakePieceStore.ts';
import { sharedAzurite } from './sharedAzurite.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await sharedAzurite();
});

let containers = 0;
const newContainer = () => {
  containers += 1;
  const service = BlobServiceClient.fromConnectionString(azurite.connectionString, SINGLE_TRY);
  return service.getContainerClient(`board-${containers}`);
};
const overBlobs = (container = newContainer()) => blobPieceStore({ container, clock: systemClock });
const CONFLICT = { ok: false, code: 'board_state_conflict' };

describe.each([
  ['on Blob Storage', () => overBlobs()],
  ['in memory, as tests have it', fakePieceStore],
])('the store of the board %s', (_, open) => {
  it('starts empty, also without a container', async () => {
    const store = open();
    expect(await store.list('')).toEqual({ ok: true, pieces: [] });
    expect(await store.read('a/b.json')).toEqual({ ok: true, piece: undefined });
    expect(await store.readLines('a/b.jsonl')).toEqual({ ok: true, text: '' });
    expect(await store.remove('a/b.json')).toEqual({ ok: true });
  });

  it('makes a piece once, and replaces what was read and nothing newer', async () => {
    const store = open();
    const text = `ünïcode ${'x'.repeat(100_000)}`;
    expect(await store.write('a/b.json', text, undefined)).toEqual({ ok: true });
    expect(await store.write('a/b.json', 'other', undefined)).toMatchObject(CONFLICT);
    const read = await store.read('a/b.json');
    expect(read).toMatchObject({ ok: true, piece: { text } });
    const etag = read.ok ? read.piece?.etag : undefined;
    expect(await store.write('a/b.json', 'second', etag)).toEqual({ ok: true });
    expect(await store.write('a/b.json', 'third', etag)).toMatchObject(CONFLICT);
    expect(await store.read('a/b.json')).toMatchObject({ piece: { text: 'second' } });
  });

  it('lists by the beginning of names, with the ETag that a read gives', async () => {
    const store = open();
    for (const name of ['a/1.json', 'a/2.json', 'b/1.json']) await store.write(name, name, undefined);
    const listed = await store.list('a/');
    const read = await store.read('a/1.json');
    expect(listed.ok && listed.pieces.map(({ name }) => name)).toEqual(['a/1.json', 'a/2.json']);
    expect(listed.ok && listed.pieces[0]?.etag).toBe(read.ok && read.piece?.etag);
  });

  it('removes the piece that was read and nothing newer', async () => {
    const store = open();
    await store.write('a/1.json', 'first', undefined);
    const first = await store.read('a/1.json');
    const etag = first.ok ? first.piece?.etag : undefined;
    await store.write('a/1.json', 'second', etag);
    expect(await store.remove('a/1.json', etag)).toMatchObject(CONFLICT);
    const second = await store.read('a/1.json');
    expect(second).toMatchObject({ piece: { text: 'second' } });
    expect(await store.remove('a/1.json', second.ok ? second.piece?.etag : '')).toEqual({ ok: true });
    expect(await store.read('a/1.json')).toEqual({ ok: true, piece: undefined });
  });

  it('adds lines of many writers at once', async () => {
    const store = open();
    const lines = Array.from({ length: 10 }, (_, index) => `{"line":${index}}\n`);
    const answers = await Promise.all(lines.map((line) => store.append('h/1.jsonl', line)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    const read = await store.readLines('h/1.jsonl');
    expect(read.ok && read.text.split('\n').sort()).toEqual(['', ...lines.map((line) => line.trim())].sort());
  });
});

it('reads a blob that somebody else wrote as a piece without a text, so that it is written anew', async () => {
  const container = newContainer();
  const store = overBlobs(container);
  await store.write('a.json', 'text', undefined);
  for (const other of ['', 'no gzip', gzipSync('x'.repeat(100)).subarray(0, 20)]) {
    await container.getBlockBlobClient('a.json').upload(other, other.length);
    const read = await store.read('a.json');
    expect(read).toMatchObject({ ok: true, piece: { text: '' } });
    expect(await store.write('a.json', 'anew', read.ok ? read.piece?.etag : undefined)).toEqual({ ok: true });
    expect(await store.read('a.json')).toMatchObject({ piece: { text: 'anew' } });
  }
});

it('goes on adding lines where somebody restored them as a block blob', async () => {
  const container = newContainer();
  const store = overBlobs(container);
  await container.createIfNotExists();
  await container.getBlockBlobClient('h/1.jsonl').upload('restored', 8);
  expect(await store.append('h/1.jsonl', 'new\n')).toEqual({ ok: true });
  expect(await store.append('h/1.jsonl', 'newer\n')).toEqual({ ok: true });
  expect(await store.readLines('h/1.jsonl')).toEqual({ ok: true, text: 'restored\nnew\nnewer\n' });
});
