import { describe, expect, it } from 'vitest';
import { type ClassName, type Fault, runCell } from './crashTable.ts';
import { exploreRaces } from './races.ts';
import { SABOTAGE } from './sabotage.ts';

/** The fault tests are shown able to fail: each part of the protocol, taken away, costs grants somewhere. */
describe('the protocol with one part taken away', () => {
  const cases: { part: keyof typeof SABOTAGE; className: ClassName; fault: Fault; because: string }[] = [
    {
      part: 'withoutSealedJournal',
      className: 'strict',
      fault: 'vault down',
      because: 'a vault outage after the answer',
    },
    {
      part: 'withoutThirdSink',
      className: 'strict',
      fault: 'both down',
      because: 'an outage of both stores, then a crash',
    },
    {
      part: 'withoutWatchdog',
      className: 'grace 30 s',
      fault: 'none',
      because: 'a crash at a graceful provider',
    },
  ];
  for (const { part, className, fault, because } of cases) {
    it(`${part} loses more grants by ${because}`, async () => {
      const whole = await runCell(className, fault);
      const broken = await runCell(className, fault, SABOTAGE[part]);
      expect(broken.losses.length).toBeGreaterThan(whole.losses.length);
    });
  }

  it('withoutIntent lets a second worker replay the token of one that stands still', async () => {
    const found = await exploreRaces({
      className: 'strict',
      jumpsMs: [61_000],
      maximumSwitches: 1,
      sabotage: SABOTAGE.withoutIntent,
    });
    expect(found.losses.length).toBeGreaterThan(0);
    expect(found.familyKills).toBeGreaterThan(0);
  });
});
