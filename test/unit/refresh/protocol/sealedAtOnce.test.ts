import { expect, it } from 'vitest';
import { sealEnvelope } from '../../../../src/lib/stores/keyVault/sealedEnvelope.ts';
import { refreshWorld } from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import { rsaPair } from '../../../fakes/rsaPair.ts';

it('goes to both stores in the turn of the event loop in which the new token came', async () => {
  const { publicKey } = rsaPair();
  const key = { name: 'keywatch-seal', version: 'v1', publicKey };
  let turns: number | undefined;
  const world = refreshWorld({ kind: 'strict' });
  world.sabotage = ({ seal, server, ...ports }) => ({
    ...ports,
    seal: {
      ...seal,
      prepare: async () => ({ ok: true, seal: (token, context) => sealEnvelope(token, context, key) }),
    },
    server: {
      async refresh(call) {
        const answer = await server.refresh(call);
        turns = 0;
        setImmediate(() => {
          turns = 1;
        });
        return answer;
      },
    },
  });
  const asked: { readonly name: string; readonly turns: number }[] = [];
  const { outcome } = await runSolo(world, {
    beforeCall: (_index, name) => {
      if (turns !== undefined) asked.push({ name, turns });
    },
  });
  expect(outcome).toMatchObject({ kind: 'refreshed', rotated: true });
  expect(asked.slice(0, 2)).toEqual([
    { name: 'control.write', turns: 0 },
    { name: 'vault.readLatest', turns: 0 },
  ]);
});
