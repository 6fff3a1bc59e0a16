import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proveTimer } from '../../../src/functions/proveTimer.ts';
import { composeApp } from '../../fakes/composeApp.ts';
import { invocation, timerRun } from '../../fakes/invocation.ts';
import { type ProofWorld, proofWorld, refusedToken } from '../../fakes/prove.ts';

const RUN = timerRun('2026-11-22T11:30:00+00:00', '2026-11-22T12:00:00+00:00');

const run = async (change: (world: ProofWorld) => void = () => undefined) => {
  const world = proofWorld();
  change(world);
  const file = join(import.meta.dirname, '../../fixtures/oneClient.config.json');
  composeApp({ KEYWATCH_CONFIG_FILE: file }, () => world.ports);
  const { context, logs } = invocation();
  await proveTimer(RUN, context);
  return { world, lines: logs.map(({ level, text }) => `${level}: ${text}`) };
};

describe('a run of the proof timer', () => {
  it('proves what the config names, and reports the schedule that it keeps', async () => {
    const { world, lines } = await run();
    expect(lines).toEqual(['information: proved 1 of 1 clients']);
    expect(world.telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([
      { job: 'credential-proof', outcome: 'complete', periodSeconds: 1800 },
    ]);
  });

  it('warns of who is refused, and ends well: the alert is what tells', async () => {
    const { lines } = await run((world) => {
      world.token = () => refusedToken;
    });
    expect(lines).toEqual(['warning: client orders: credential_wrong', 'information: proved 0 of 1 clients']);
  });
});
