import { actingDeployment, UNNAMED_DEPLOYMENT } from '../../kernel/deployment.ts';
import { newControlRecord } from '../rules/controlRecord.ts';
import { believedProfile, currentObservation } from '../rules/observedRotation.ts';
import { strictTimings } from '../rules/refreshTimings.ts';
import type { Attempt, GrantView } from './attempt.ts';
import { agreeWithVault, endIntent, finishCaughtUp } from './steps/agreeSteps.ts';
import { quarantineDead, stopUnlessDue } from './steps/dueSteps.ts';
import { countOn, finishSealed, ownSecret, readableRecord, readVault } from './steps/findSteps.ts';
import { exchangeAndPersist, putOnRecord, sendableToken } from './steps/spendSteps.ts';
import type { Action, GrantWork, Step, Work } from './steps/step.ts';

/** The questions that are asked of a grant, in order. Each ends the work or hands on what it learned. */
const STEPS: readonly Step[] = [
  readableRecord,
  finishSealed,
  readVault,
  ownSecret,
  endIntent,
  countOn,
  agreeWithVault,
  finishCaughtUp,
  quarantineDead,
  stopUnlessDue,
  sendableToken,
  putOnRecord,
  exchangeAndPersist,
];

/** Everything between taking a grant's lease and giving it back. */
export const workOnGrant = async (asked: Attempt): Promise<Work> => {
  let work = beginWork(asked);
  for (const step of STEPS) {
    const found = await step(work);
    if (found.kind === 'continue') {
      work = found.work;
      continue;
    }
    const { profile, timings } = work.view;
    const acted = await found.act({ ...asked, profile, timings });
    if (acted.kind === 'done') return acted.outcome;
    work = acted.work;
  }
  throw new Error('the last step ends the work');
};

/** What a worker would do first that changes anything: the same steps, up to that one. */
export const foreseeWork = async (
  view: GrantView,
): Promise<{ readonly work: GrantWork; readonly action: Action }> => {
  let work = beginWork(view);
  for (const step of STEPS) {
    const found = await step(work);
    if (found.kind === 'act') return { work, action: found };
    work = found.work;
  }
  throw new Error('the last step ends the work');
};

/** What is known before the first step: the control record, and whether the server was seen to be strict. */
export const beginWork = (view: GrantView): GrantWork => {
  const { grant, profile, timings, ports, leased } = view;
  const reading = leased.reading();
  const found = reading.kind === 'record' ? reading.record : newControlRecord(grant.id, ports.newId());
  const own = ports.deployment ?? UNNAMED_DEPLOYMENT;
  const deployment = actingDeployment(found.deployment, own, found.phase.state === 'idle');
  const observedRotation = currentObservation(profile.rotation, found.observedRotation);
  const asStrict = observedRotation !== undefined && {
    profile: believedProfile(profile, observedRotation),
    timings: strictTimings(timings),
  };
  const record = { ...found, deployment, observedRotation };
  return { view: { ...view, ...asStrict }, found, record, change: 'none' };
};
