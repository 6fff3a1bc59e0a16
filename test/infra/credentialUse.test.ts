import { afterAll, expect, it } from 'vitest';
import { credentialUse } from '../../src/lib/app/credentialUse.ts';
import { localLogs } from '../../src/local/localLogs.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { guid, signIn } from './crowd.ts';
import { hour, NOW } from './scenario.ts';

const store = await telemetryStore();
afterAll(() => store.close());

const lastUses = async (appId: string) => {
  const use = credentialUse(localLogs(store, NOW));
  const answer = await use.lastUses(appId, 7, new AbortController().signal);
  if (!answer.ok) throw new Error(answer.message);
  return answer.lastUses && Object.fromEntries(answer.lastUses);
};

it('reads the last success of each secret of one application, whoever else signs in and whatever is refused', async () => {
  await store.insertRows([
    signIn(3 * hour, 1, { key: 101 }),
    signIn(2 * hour, 1, { key: 101 }),
    signIn(20, 1, { key: 101, result: '7000222' }),
    signIn(30, 1, { key: 102 }),
    signIn(5, 2, { key: 103 }),
    signIn(10, 3),
    signIn(10, 4, { result: '7000215' }),
  ]);
  const ago = (minutes: number) => NOW - minutes * 60_000;
  expect(await lastUses(guid(1))).toEqual({ [guid(101)]: ago(2 * hour), [guid(102)]: ago(30) });
  expect(await lastUses(guid(2).toUpperCase())).toEqual({ [guid(103)]: ago(5) });
  // By a federated credential: it is logged, and no secret was used.
  expect(Object.keys((await lastUses(guid(3))) ?? {})).toEqual(['']);
  expect(await lastUses(guid(4)), 'nobody can say').toBeUndefined();
});
