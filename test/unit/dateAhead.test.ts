import { describe, expect, it } from 'vitest';
import { dateAhead } from '../later/dateAhead.ts';

const AHEAD_MS = 400 * 86_400_000;

describe('the clock of the later run', () => {
  const Later = dateAhead(Date, AHEAD_MS);

  it.each([
    ['new Date()', () => new Later().getTime()],
    ['Date.now()', () => Later.now()],
    ['Date()', () => Date.parse(Later())],
  ])('is ahead in %s', (_, read) => {
    const aheadMs = read() - Date.now();
    expect(aheadMs).toBeGreaterThan(AHEAD_MS - 60_000);
    expect(aheadMs).toBeLessThan(AHEAD_MS + 60_000);
  });

  it('reads, counts and recognises given instants as ever', () => {
    expect(new Later(0).toISOString()).toBe('1970-01-01T00:00:00.000Z');
    expect(new Later(2028, 1, 29).getMonth()).toBe(1);
    expect(new Later('2028-02-29').getTime()).toBe(Later.parse('2028-02-29'));
    expect(Later.UTC(2028, 1, 29)).toBe(Date.UTC(2028, 1, 29));
    expect(new Later() instanceof Date && new Date(0) instanceof Later).toBe(true);
  });

  it('can be put ahead once more, and be extended', () => {
    const muchLater = dateAhead(Later, AHEAD_MS);
    expect(muchLater.now() - Date.now()).toBeGreaterThan(2 * AHEAD_MS - 60_000);
    class Named extends Later {
      readonly name = 'named';
    }
    expect(new Named()).toBeInstanceOf(Named);
    expect(new Named().getTime() - Date.now()).toBeGreaterThan(AHEAD_MS - 60_000);
  });
});
