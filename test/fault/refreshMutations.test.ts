import { describe, expect, it } from 'vitest';
import { runHealthy } from '../fakes/refresh/healthyRuns.ts';
import { type RefreshWorld, refreshWorld, storedTokenWorks } from '../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../fakes/refresh/soloWorker.ts';
import type { NetworkFault } from '../fakes/refresh/tokenNetwork.ts';
import { CLASSES, type ClassName, type Fault, runCell } from './crashTable.ts';
import { exploreRaces } from './races.ts';
import { runRandomSchedules } from './randomRuns.ts';
import { SABOTAGE } from './sabotage.ts';
import { UNAVOIDABLE } from './unavoidable.ts';
import { type ActorName, runWorldCell } from './worldTable.ts';

/** The part whose loss takes the shortest to show: it stands for the others in npm run test:fast. */
const FEW = 'withoutFence';

/** The fault tests are shown able to fail: each part of the protocol, taken away, costs grants somewhere. */
describe('the protocol with one part taken away', () => {
  const cases: { part: keyof typeof SABOTAGE; className: ClassName; fault: Fault; because: string }[] = [
    {
      part: 'withoutSealedRecord',
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
    {
      part: 'withoutTolerance',
      className: 'strict',
      fault: 'odd answer',
      because: 'an answer of an odd shape',
    },
  ];
  for (const { part, className, fault, because } of cases) {
    it(`${part} loses grants as the whole protocol never does, by ${because}`, async () => {
      const { losses } = await runCell(className, fault, { sabotage: SABOTAGE[part] });
      const allowed = UNAVOIDABLE[`${className} / ${fault}`] ?? [];
      expect(losses.filter(({ cause }) => !allowed.includes(cause)).length).toBeGreaterThan(0);
    });
  }

  const worldCases: {
    part: keyof typeof SABOTAGE;
    className: ClassName;
    actor: ActorName;
  }[] = [
    { part: 'withoutStoreClock', className: 'strict', actor: 'clock 400 days ahead' },
    { part: 'withoutFence', className: 'strict', actor: 'suspended for 20 minutes' },
    { part: 'withoutNames', className: 'strict', actor: 'a second deployment' },
    { part: 'withoutMemory', className: 'strict', actor: 'a person writes a spent token' },
    { part: 'withoutSealedRecord', className: 'strict', actor: 'vault restored' },
  ];
  for (const { part, className, actor } of worldCases) {
    it(`${part} loses more grants by ${actor}`, { tags: part === FEW ? [] : ['exhaustive'] }, async () => {
      const whole = await runWorldCell(className, actor);
      const { losses } = await runWorldCell(
        className,
        actor,
        SABOTAGE[part],
        refreshWorld,
        whole.losses.length,
      );
      expect(losses.length).toBeGreaterThan(whole.losses.length);
    });
  }

  const answerCases: {
    part: keyof typeof SABOTAGE;
    className: ClassName;
    fault: NetworkFault;
    because: string;
  }[] = [
    {
      part: 'withoutPatience',
      className: 'strict',
      fault: 'answer_late',
      because: 'an answer that comes late',
    },
    {
      part: 'withoutMemory',
      className: 'static',
      fault: 'answer_late',
      because: 'a strict provider called static',
    },
  ];
  for (const { part, className, fault, because } of answerCases) {
    it(`${part} loses the grant by ${because}`, async () => {
      const works = async (sabotage?: RefreshWorld['sabotage']): Promise<boolean> => {
        const world = refreshWorld(CLASSES[className], CLASSES.strict);
        world.sabotage = sabotage ?? world.sabotage;
        await runSolo(world);
        world.elapsedMs += 46 * 86_400_000;
        world.network.fault = fault;
        world.network.requestsToFault = 1;
        await runSolo(world);
        await runHealthy(world, 2 * 3_600_000);
        return storedTokenWorks(world);
      };
      expect(await works()).toBe(true);
      expect(await works(SABOTAGE[part])).toBe(false);
    });
  }

  const tags = ['exhaustive'];
  it('withoutInspectBelow loses grants by a person who writes an old token', { tags }, async () => {
    const { failure } = await runRandomSchedules({
      runs: 1_000,
      seed: 5,
      sabotage: SABOTAGE.withoutInspectBelow,
    });
    expect(failure?.fault).toContain('a store had a token that works');
  });

  it('withoutIntent lets a second worker replay the token of one that stands still', { tags }, async () => {
    const found = await exploreRaces({
      className: 'strict',
      jumpsMs: [61_000],
      maximumSwitches: 1,
      sabotage: SABOTAGE.withoutIntent,
      isEnough: ({ losses, familyKills }) => losses.length > 0 && familyKills > 0,
    });
    expect(found.losses.length).toBeGreaterThan(0);
    expect(found.familyKills).toBeGreaterThan(0);
  });
});
