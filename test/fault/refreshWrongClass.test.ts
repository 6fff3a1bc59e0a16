import { describe, expect, it } from 'vitest';
import { oncePerState } from '../fakes/refresh/worldState.ts';
import {
  CLASSES,
  type ClassName,
  type Fault,
  lenienceSeconds,
  recovered,
  runCell,
  tagsOf,
} from './crashTable.ts';

const classNames = Object.keys(CLASSES) as ClassName[];
const pairs = classNames.flatMap((configured) =>
  classNames.filter((really) => really !== configured).map((really) => [configured, really] as const),
);

const LATE = ['answer lost', 'answer late'] as const;

/** A pair with the strictest class stands for the others in npm run test:fast. */
const test = (configured: ClassName, really: ClassName, what: string, run: () => Promise<void>) =>
  it(
    `configured ${configured}, really ${really}: ${what}`,
    {
      tags: configured === 'strict' ? [] : tagsOf(really),
    },
    run,
  );

describe('a provider of another class than the profile says', () => {
  for (const [configured, really] of pairs) {
    const recover = oncePerState(recovered);
    const lossesBy = async (fault: Fault) => {
      const { losses, runs } = await runCell(configured, fault, { really, recover });
      expect(runs).toBeGreaterThan(20);
      return losses;
    };

    test(configured, really, 'never loses a grant that is refreshed undisturbed', async () => {
      const causes = (await lossesBy('none')).map(({ cause }) => cause);
      expect(
        causes.filter((cause) => cause !== 'crash between the answer and the first acknowledgement'),
      ).toEqual([]);
    });

    if (lenienceSeconds(really) === Number.POSITIVE_INFINITY)
      test(configured, really, 'loses nothing, as the old token stays good', async () => {
        for (const fault of LATE) expect([fault, await lossesBy(fault)]).toEqual([fault, []]);
      });

    if (lenienceSeconds(configured) > lenienceSeconds(really))
      test(configured, really, 'what is lost is reported', async () => {
        for (const fault of LATE) expect((await lossesBy(fault)).filter(({ told }) => !told)).toEqual([]);
      });
  }
});
