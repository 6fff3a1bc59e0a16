import { expect, it } from 'vitest';
import { watchAlerts } from '../../../src/cli/local/watchAlerts.ts';
import { alertQuery } from '../../../src/lib/alerts/alertRules.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { recordingTerminal } from '../../fakes/recordingTerminal.ts';

const DEAD = { Deployment: 'keywatch', CredentialId: 'grant/crm' };

it('goes on telling which alerts begin and end after a query was at fault, which it says once', async () => {
  const [clock, terminal, stop] = [manualClock(), recordingTerminal(), new AbortController()];
  let answer = (_kql: string): (typeof DEAD)[] => [];
  const store = {
    query: async (kql: string) => ({
      columns: [{ name: 'CredentialId', type: 'string' as const }],
      rows: answer(kql),
    }),
  };
  const watching = watchAlerts(
    { store, whenGrantChanges: () => {} },
    { clock, terminal, alerts: [] },
    stop.signal,
  );
  const minute = async (next: typeof answer) => {
    answer = next;
    await clock.advance(60_000);
    // Each rule is a promise to be waited for.
    for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
  };
  const isDead = (kql: string) => (kql === alertQuery('grant-dead') ? [DEAD] : []);
  const atFault = (): never => {
    throw new Error('no column of that name');
  };
  await minute(isDead);
  await minute(atFault);
  await minute(atFault);
  expect(terminal.notes).toEqual([expect.stringMatching(/cannot be evaluated.*: no column of that name$/)]);
  expect(terminal.printed).toEqual([expect.stringMatching(/^alert fires: .*crm/)]);
  await minute(() => []);
  expect(terminal.printed.slice(1)).toEqual([expect.stringMatching(/^alert is over: .*crm/)]);
  await minute(atFault);
  expect(terminal.notes).toHaveLength(2);
  stop.abort();
  await watching;
});
