import type { Grant } from '../../src/lib/oauth/rules/grant.ts';
import type { ProviderProfile, RotationClass } from '../../src/lib/oauth/rules/providerProfile.ts';
import { readControlRecord, writeControlRecord } from '../../src/lib/refresh/rules/controlRecordText.ts';
import { digestOf } from '../../src/lib/stores/digestOf.ts';
import { fakeAuthorizationServer } from '../fakes/refresh/fakeAuthorizationServer.ts';
import { newControlState } from '../fakes/refresh/fakeControlStore.ts';
import { newVaultState } from '../fakes/refresh/fakeTokenStore.ts';
import { type RefreshWorld, refreshWorld } from '../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../fakes/refresh/soloWorker.ts';

const DUE_AFTER_MS = 46 * 86_400_000;

export interface AgedGrant {
  readonly grant: Grant;
  readonly profile: ProviderProfile;
  /** When it is due for the third time, in the time of its world. */
  readonly elapsedMs: number;
  /** The control record of a grant of this name. */
  bodyOf(grantId: string): string;
  /** The world of a grant of this name, sharing nothing that changes. */
  copy(grantId: string): RefreshWorld;
}

/**
 * A grant that was refreshed twice and is due again: the third refresh is the first that also switches
 * old versions off, so it costs what every later one does.
 */
export const agedGrant = async (rotation: RotationClass): Promise<AgedGrant> => {
  const aged = refreshWorld(rotation);
  const redeemedAtMs: number[] = [];
  for (let time = 0; time < 2; time += 1) {
    redeemedAtMs.push(aged.elapsedMs);
    await runSolo(aged);
    aged.elapsedMs += DUE_AFTER_MS;
  }
  const reading = readControlRecord(aged.control.body, aged.grant.id, digestOf);
  if (reading.kind !== 'record') throw new Error(`the record of an aged grant is ${reading.kind}`);
  const { record } = reading;
  const bodyOf = (grantId: string) => writeControlRecord({ ...record, grantId }, digestOf);

  /** Its tokens are numbered, so the same requests give the same tokens. */
  const agedServer = () => {
    const server = fakeAuthorizationServer(rotation);
    let token = server.consent();
    for (const atMs of redeemedAtMs) {
      const verdict = server.redeem(token, atMs);
      if (verdict.kind === 'tokens') token = verdict.refreshToken ?? token;
    }
    return server;
  };

  return {
    grant: aged.grant,
    profile: aged.profile,
    elapsedMs: aged.elapsedMs,
    bodyOf,
    copy: (grantId) => ({
      ...aged,
      grant: { ...aged.grant, id: grantId },
      server: agedServer(),
      control: { ...newControlState(), body: bodyOf(grantId) },
      vault: { ...newVaultState(), versions: [...aged.vault.versions], made: aged.vault.made },
      fallback: { items: [], aside: [], down: false },
      watchdog: { dueMs: [], down: false },
      network: { fault: 'none', requestsToFault: 0 },
    }),
  };
};
