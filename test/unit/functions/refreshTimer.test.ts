import { describe, expect, it } from 'vitest';
import { refreshTimer } from '../../../src/functions/refreshTimer.ts';
import { composeRefresher } from '../../fakes/composedRefresher.ts';
import { invocation, timerRun } from '../../fakes/invocation.ts';

const RUN = timerRun('2026-11-22T12:05:00+00:00', '2026-11-22T12:10:00+00:00');

describe('a run of the refresh timer', () => {
  it('sends one message for each grant that is due, and spends nothing', async () => {
    const { world, sent } = composeRefresher();
    const { context, logs } = invocation();
    await refreshTimer(RUN, context);
    expect(sent).toMatchObject([{ grantId: 'crm', trigger: 'due' }]);
    expect(logs.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^grant crm: /),
      'asked for the refresh of 1 of 1 grants',
    ]);
    expect([world.control.leases, world.server.state.requests, world.vault.writes]).toEqual([0, 0, 0]);
    expect(world.telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([
      { job: 'token-refresh', mode: 'timer', outcome: 'complete', objects: 1, periodSeconds: 300 },
    ]);
  });

  it('warns of grants whose state it could not read', async () => {
    const { world, sent } = composeRefresher();
    world.control.down = true;
    const { context, logs } = invocation();
    await refreshTimer(RUN, context);
    expect(sent).toEqual([]);
    expect(logs.map(({ level }) => level)).toEqual(['information', 'warning']);
  });
});
