import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TAGS } from '../../../../src/lib/credentials/tagNames.ts';
import type { ListedCredential } from '../../../../src/lib/directory/rules/directoryApplication.ts';
import { DAY_MS, HOUR_MS } from '../../../../src/lib/kernel/time.ts';
import {
  inUseOf,
  nextRemovalEpochMs,
  type RemovalView,
  removableOf,
} from '../../../../src/lib/rotate/rules/removable.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const ADOPTED = 'a0000000-0000-0000-0000-00000000000a';

const secret = (keyId: string, more: Partial<ListedCredential> = {}): ListedCredential => ({
  ...{ type: 'secret', keyId, displayName: `keywatch:crm:of-${keyId}`, identifier: undefined },
  ...{ startEpochMs: NOW - 30 * DAY_MS, endEpochMs: NOW + 60 * DAY_MS },
  ...more,
});

const version = (keyId: string | undefined, daysAgo: number) => ({
  version: `v-${keyId}-${daysAgo}`,
  tags: keyId === undefined ? {} : { [TAGS.keyId]: keyId },
  createdEpochMs: NOW - daysAgo * DAY_MS,
  expiresOnEpochMs: undefined,
});

/** The vault holds `new` for eight days. */
const view = (more: Partial<RemovalView> = {}): RemovalView => ({
  rotation: { id: 'crm', keepOldDays: 7, adopt: [ADOPTED] },
  credentials: [secret('old'), secret('new')],
  held: version('new', 8),
  heldKeyId: 'new',
  abandoned: undefined,
  nowEpochMs: NOW,
  ...more,
});

const removed = (more: Partial<RemovalView> = {}) =>
  removableOf(view(more)).map(({ keyId, why }) => `${why} ${keyId}`);

describe('which secrets of an application may be removed', () => {
  it('is the one that consumers had, when they have had time to take the new one', () => {
    expect(removed()).toEqual(['superseded old']);
    const held = version('new', 6);
    expect(removed({ held })).toEqual([]);
    expect(nextRemovalEpochMs(view({ held }))).toBe(NOW + DAY_MS);
  });

  it('is none that somebody signed in with since, until that is as long ago or it has ended', () => {
    const lastUses = new Map([['old', NOW - 7 * DAY_MS + 1]]);
    expect(removed({ lastUses })).toEqual([]);
    expect(inUseOf(view({ lastUses }))).toEqual({ keyId: 'old', lastUsedEpochMs: NOW - 7 * DAY_MS + 1 });
    expect(removed({ lastUses: new Map([['old', NOW - 7 * DAY_MS]]) })).toEqual(['superseded old']);
    const credentials = [secret('old', { endEpochMs: NOW }), secret('new')];
    expect(removed({ lastUses, credentials })).toEqual(['superseded old']);
    expect(inUseOf(view({ lastUses, credentials }))).toBeUndefined();
  });

  it('is none that consumers had, where the one that they read is not listed, has ended, or is nobody knows which', () => {
    expect(removed({ credentials: [secret('old')] })).toEqual([]);
    expect(removed({ credentials: [secret('old'), secret('new', { endEpochMs: NOW - 1 })] })).toEqual([]);
    expect(removed({ held: undefined, heldKeyId: undefined })).toEqual([]);
    expect(removed({ heldKeyId: undefined })).toEqual([]);
  });

  it('goes by the value, and not by a tag that a person took away or wrote', () => {
    expect(removed({ held: version(undefined, 8) })).toEqual(['superseded old']);
    expect(removed({ held: version('old', 8) })).toEqual([]);
  });

  it('is an orphan, the secret of an attempt that was given up, once no write can be under way', () => {
    const orphan = (startEpochMs: number | undefined) => ({
      credentials: [secret('new'), secret('lost', { startEpochMs })],
      abandoned: 'of-lost',
    });
    expect(removed(orphan(NOW - HOUR_MS))).toEqual(['orphan lost']);
    expect(removed(orphan(NOW - HOUR_MS + 1))).toEqual([]);
    expect(nextRemovalEpochMs(view(orphan(NOW - HOUR_MS + 60_000)))).toBe(NOW + 60_000);
    expect(removed(orphan(undefined))).toEqual([]);
  });

  it('is only later one of ours that no attempt of the record made: consumers may have it from elsewhere', () => {
    const ours = (daysAgo: number) => [
      secret('new'),
      secret('elsewhere', { startEpochMs: NOW - daysAgo * DAY_MS }),
    ];
    expect(removed({ credentials: ours(7) })).toEqual(['superseded elsewhere']);
    expect(removed({ credentials: ours(6) })).toEqual([]);
    expect(nextRemovalEpochMs(view({ credentials: ours(6) }))).toBe(NOW + DAY_MS);
    expect(removed({ credentials: ours(30), held: undefined, heldKeyId: undefined })).toEqual([]);
  });

  it('is none of somebody else, unless it was adopted by its key id', () => {
    const foreign = (keyId: string) => ({
      credentials: [secret('new'), secret(keyId, { displayName: 'keywatch:crm:' })],
    });
    expect(removed(foreign('foreign'))).toEqual([]);
    expect(removed(foreign(ADOPTED))).toEqual([`superseded ${ADOPTED}`]);
    expect(
      removed({ credentials: [secret('new'), secret('x', { displayName: 'keywatch:other:1' })] }),
    ).toEqual([]);
  });

  const credential = fc.record({
    keyId: fc.constantFrom('a', 'b', 'c', 'd', ADOPTED),
    isOwn: fc.boolean(),
    type: fc.constantFrom('secret' as const, 'certificate' as const),
    startDaysAgo: fc.integer({ min: 0, max: 50 }),
    endDays: fc.integer({ min: -5, max: 50 }),
  });

  it('never is what the vault holds, a certificate, a stranger, or all that works', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(credential, { selector: ({ keyId }) => keyId }),
        fc.option(fc.constantFrom('a', 'b', 'x'), { nil: undefined }),
        fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
        fc.integer({ min: 0, max: 20 }),
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', ADOPTED), fc.integer({ min: -1, max: 10 }))),
        (all, heldKeyId, abandoned, heldDays, usedDaysAgo) => {
          const credentials = all.map(({ keyId, isOwn, type, startDaysAgo, endDays }) =>
            secret(keyId, {
              type,
              displayName: isOwn ? `keywatch:crm:${keyId}` : 'by hand',
              startEpochMs: NOW - startDaysAgo * DAY_MS,
              endEpochMs: NOW + endDays * DAY_MS,
            }),
          );
          const held = version(heldKeyId, heldDays);
          const lastUses = new Map<string, number>(
            usedDaysAgo.map(([id, days]) => [id, NOW - days * DAY_MS]),
          );
          const known = view({ credentials, held, abandoned, heldKeyId, lastUses });
          const found = removableOf(known);
          const unasked = removableOf({ ...known, lastUses: undefined });
          expect(unasked, 'logs only ever keep a secret').toEqual(expect.arrayContaining([...found]));
          expect(inUseOf(known) === undefined, 'what is kept is told').toBe(unasked.length === found.length);
          for (const { keyId, why } of found) {
            const one = all.find((each) => each.keyId === keyId);
            expect(keyId).not.toBe(heldKeyId);
            expect(one?.type).toBe('secret');
            expect(one?.isOwn === true || keyId === ADOPTED).toBe(true);
            const left = credentials.filter((each) => each.keyId !== keyId);
            expect(left.some(({ endEpochMs = 0 }) => endEpochMs > NOW)).toBe(true);
            if (why === 'orphan') continue;
            expect(left.map((each) => each.keyId)).toContain(heldKeyId);
            if (one !== undefined && one.endDays > 0)
              expect(NOW - (lastUses.get(keyId) ?? 0)).toBeGreaterThanOrEqual(7 * DAY_MS);
          }
        },
      ),
    );
  });
});
