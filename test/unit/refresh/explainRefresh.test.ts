import { expect, it } from 'vitest';
import { explainRefresh } from '../../../src/lib/refresh/explainRefresh.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { failure } from '../../fakes/refresh/fakeControlStore.ts';
import { refreshWorld, worldNow, worldPorts } from '../../fakes/refresh/refreshWorld.ts';

const world = refreshWorld({ kind: 'strict' });
const ports = worldPorts(world, async (_name, effect) => effect(), manualClock(worldNow(world)));
const configured = { grant: world.grant, profile: world.profile };

it('a dry run that may not read the control record says whom to give which role', async () => {
  const control = { ...ports.control, read: async () => failure('control', 'forbidden') };
  expect(await explainRefresh({ ...ports, control }, configured)).toMatchObject({
    would: 'unknown',
    notes: [expect.stringMatching(/Storage Blob Data Contributor on the storage account/)],
  });
});

it('a dry run that may not read the token says whom to give which role', async () => {
  const vault = { ...ports.vault, readLatest: async () => failure('vault', 'forbidden') };
  const { notes } = await explainRefresh({ ...ports, vault }, configured);
  expect(notes.join('\n')).toMatch(/^The vault: .*Key Vault Secrets Officer on secret /m);
});
