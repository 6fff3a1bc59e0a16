import { describe, expect, it } from 'vitest';
import { CLASSES, type ClassName, lenienceSeconds, runCell } from './crashTable.ts';

const classNames = Object.keys(CLASSES) as ClassName[];
const pairs = classNames.flatMap((configured) =>
  classNames.filter((really) => really !== configured).map((really) => [configured, really] as const),
);

describe('a provider of another class than the profile says', () => {
  it.each(pairs)(
    'configured %s, really %s: never loses a grant that is refreshed undisturbed',
    async (configured, really) => {
      const { losses, runs } = await runCell(configured, 'none', { really });
      expect(runs).toBeGreaterThan(20);
      expect(
        losses.filter(({ cause }) => cause !== 'crash between the answer and the first acknowledgement'),
      ).toEqual([]);
    },
  );

  const kept = pairs.filter(([, really]) => lenienceSeconds(really) === Number.POSITIVE_INFINITY);
  it.each(kept)(
    'configured %s, really %s: loses nothing, as the old token stays good',
    async (configured, really) => {
      for (const fault of ['answer lost', 'answer late'] as const)
        expect([fault, (await runCell(configured, fault, { really })).losses]).toEqual([fault, []]);
    },
  );

  const lenient = pairs.filter(
    ([configured, really]) => lenienceSeconds(configured) > lenienceSeconds(really),
  );
  it.each(lenient)('configured %s, really %s: what is lost is reported', async (configured, really) => {
    for (const fault of ['answer lost', 'answer late'] as const) {
      const { losses } = await runCell(configured, fault, { really });
      expect(losses.filter(({ told }) => !told)).toEqual([]);
    }
  });
});
