import { expect, it } from 'vitest';
import { explainRefresh } from '../../../src/lib/refresh/explainRefresh.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { failure } from '../../fakes/refresh/fakeControlStore.ts';
import { refreshWorld, worldNow, worldPorts } from '../../fakes/refresh/refreshWorld.ts';

const world = refreshWorld({ kind: 'strict' });
const ports = worldPorts(world, async (_name, effect) => effect(), manualClock(worldNow(world)));
const configured = { grant: world.grant, profile: world.profile };

it('a dry run that may not read the control record says what to do about it', async () => {
  const refused = failure('control', 'forbidden');
  const control = { ...ports.control, read: async () => refused };
  expect(await explainRefresh({ ...ports, control }, configured)).toMatchObject({
    would: 'unknown',
    reason: refused.message,
    notes: [refused.action],
  });
});

it('a dry run that may not read the token says what to do about it', async () => {
  const refused = failure('vault', 'forbidden');
  const vault = { ...ports.vault, readLatest: async () => refused };
  expect(await explainRefresh({ ...ports, vault }, configured)).toMatchObject({
    would: 'unknown',
    reason: refused.message,
    notes: expect.arrayContaining([refused.action]),
  });
});
