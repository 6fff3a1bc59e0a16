import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SINGLE_TRY } from '../../src/lib/azure/blobCalls.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import type { RefreshPorts } from '../../src/lib/refresh/ports.ts';
import { refreshGrant } from '../../src/lib/refresh/refreshGrant.ts';
import { blobTicketStore } from '../../src/lib/stores/blob/blobTicketStore.ts';
import { recordingTelemetry } from '../fakes/recordingTelemetry.ts';
import { realPorts, watchedPorts } from './refresh/realPorts.ts';
import { buildStage, type Stage } from './refresh/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await buildStage();
});
afterAll(() => stage.close());

it('a token is kept sealed over the real stores, makes no versions in the vault, and comes back into it', async () => {
  const staged = await stage.addGrant(stage.servers.strict, 'kept-sealed');
  const setup = stage.setupOf(staged);
  const { profile } = setup;
  const telemetry = recordingTelemetry();
  const container = BlobServiceClient.fromConnectionString(setup.storage, SINGLE_TRY).getContainerClient(
    'keywatch-tokens',
  );
  const calls: string[] = [];
  const note = (call: string, result: unknown) => {
    calls.push(call);
    const { refreshToken, plaintext } = result as { refreshToken?: string; plaintext?: string };
    for (const token of [refreshToken, plaintext]) if (token !== undefined) stage.canaries.add(token);
  };
  const ports: RefreshPorts = {
    ...watchedPorts(realPorts(setup, telemetry), note),
    sealed: blobTicketStore({ container, clock: systemClock }),
  };
  const refresh = async (isHandedOut: boolean) => {
    const grant = isHandedOut ? { ...staged.grant, accessTokens: { callers: [] } } : staged.grant;
    expect(await refreshGrant(ports, { grant, profile, trigger: 'manual' })).toMatchObject({
      kind: 'refreshed',
      rotated: true,
    });
  };
  const written = () => calls.filter((call) => call === 'vault.write').length;

  await refresh(true);
  const before = written();
  for (let time = 0; time < 3; time++) await refresh(true);
  expect(written()).toBe(before);
  expect(await stage.storedTokenWorks(staged), 'the copy is spent').toBe(false);

  stage.printed.push(JSON.stringify(telemetry));
  const secrets = await stage.secretValues();
  const texts = await stage.texts();
  expect([...texts.keys()]).toContain('keywatch-tokens/kept-sealed');
  for (const [where, text] of texts)
    for (const secret of secrets) expect([where, text.includes(secret)]).toEqual([where, false]);

  await refresh(false);
  expect(await stage.storedTokenWorks(staged)).toBe(true);
  expect(stage.servers.strict.revokedGrants).toEqual([]);
});
