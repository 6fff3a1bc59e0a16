import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../../src/lib/kernel/time.ts';
import { type RefreshWorld, storedTokenWorks } from '../../../fakes/refresh/refreshWorld.ts';
import { keptSealed, refreshAnHourLater, secretOf } from '../../../fakes/refresh/sealedScene.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import { breakPort, latestVersion, recordOf, writeByHand } from '../../../fakes/refresh/worldEvents.ts';

const newestOf = (world: RefreshWorld) => world.server.state.issued.at(-1);
const findings = (world: RefreshWorld) => world.telemetry.eventsNamed('keywatch.finding.observed');

describe('the copy in the vault of a token that is kept sealed', () => {
  it('is made once a day, and the copy before the previous one is switched off', async () => {
    const world = await keptSealed(2);
    const before = world.vault.made;
    for (let hour = 0; hour < 24 * 4; hour++) await refreshAnHourLater(world);
    expect(world.vault.made - before).toBe(4);
    expect(world.vault.versions.filter(({ enabled }) => enabled)).toHaveLength(2);
  });

  it('ends when the grant does and says so in its tags, in place, beside the tags of its owner', async () => {
    const world = await keptSealed(5);
    const { version, tags } = latestVersion(world);
    const index = world.vault.versions.length - 1;
    const owned = { ...latestVersion(world), tags: { ...tags, 'keywatch-owner': 'new-team' } };
    world.vault.versions[index] = owned;
    await refreshAnHourLater(world);
    const { deadlineEpochMs, seq } = recordOf(world);
    expect(latestVersion(world)).toMatchObject({
      version,
      expiresOnEpochMs: deadlineEpochMs,
      tags: { 'keywatch-owner': 'new-team', 'keywatch-seq': String(seq), 'keywatch-state': 'ok' },
    });
  });

  it('has the token at once when it died, with the moment of death as its end', async () => {
    const world = await keptSealed(5);
    const last = newestOf(world);
    world.server.consent();
    expect(await refreshAnHourLater(world)).toMatchObject({ kind: 'dead' });
    const { phase } = recordOf(world);
    expect(latestVersion(world)).toMatchObject({ value: last, tags: { 'keywatch-state': 'dead' } });
    expect(phase).toMatchObject({ sinceEpochMs: latestVersion(world).expiresOnEpochMs });
  });

  it('has the token at once when it was recovered', async () => {
    const world = await keptSealed(5);
    const before = latestVersion(world).version;
    await runSolo(world, {
      trigger: 'manual',
      beforeCall: (_index, name) => {
        if (name === 'server.refresh') Object.assign(world.sealed ?? {}, { down: true });
      },
    });
    Object.assign(world.sealed ?? {}, { down: false });
    expect(await refreshAnHourLater(world)).toMatchObject({ kind: 'recovered' });
    expect(latestVersion(world).version).not.toBe(before);
    expect(storedTokenWorks(world)).toBe(true);
    expect(latestVersion(world).value).toBe(newestOf(world));
  });

  it('is written anew where its end has to go, which Key Vault moves and never takes away', async () => {
    const world = await keptSealed(5);
    Object.assign(world.profile, { idleDays: undefined });
    expect(latestVersion(world).expiresOnEpochMs).toBeDefined();
    await refreshAnHourLater(world);
    expect(latestVersion(world)).toMatchObject({ value: newestOf(world), expiresOnEpochMs: undefined });
  });

  it('covers nothing that a person wrote since the work began', async () => {
    const world = await keptSealed(2);
    world.elapsedMs += 25 * HOUR_MS;
    const theirs = world.server.consent();
    let looks = 0;
    await runSolo(world, {
      trigger: 'manual',
      // The last one is that right before the write.
      beforeCall: (_index, name) => {
        if (name === 'vault.readLatest' && ++looks === LOOKS) writeByHand(world, theirs);
      },
    });
    expect(looks).toBe(LOOKS);
    expect(latestVersion(world).value).toBe(theirs);
    await refreshAnHourLater(world);
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('is recognised where the process ended between the write and its note', async () => {
    const world = await keptSealed(2);
    world.server.consent();
    world.elapsedMs += HOUR_MS;
    let isWritten = false;
    const never = new Promise<never>(() => {});
    void runSolo(world, {
      trigger: 'manual',
      beforeCall: async (_index, name) => {
        if (isWritten) await never;
        isWritten ||= name === 'vault.write';
      },
    });
    await new Promise((resolve) => setImmediate(resolve));
    world.control.lease = undefined;
    const requests = world.server.state.requests;
    expect(await refreshAnHourLater(world)).toMatchObject({
      kind: expect.stringMatching(/dead|quarantined/),
    });
    for (let time = 0; time < 3; time++) await refreshAnHourLater(world);
    // Nobody takes our own copy for a person's wish to try the dead token again.
    expect(world.server.state.requests - requests).toBe(0);
  });

  it('keeps no refresh from going well while Key Vault refuses it, and is reported from the second day on, daily', async () => {
    const world = await keptSealed(2);
    breakPort(world, 'vault', () => ({ write: async () => REFUSED }));
    const reportedAfterHours: number[] = [];
    for (let hour = 1; hour <= 24 * 5; hour++) {
      const before = findings(world).length;
      expect(await refreshAnHourLater(world)).toMatchObject({ kind: 'refreshed' });
      if (findings(world).length > before) reportedAfterHours.push(hour);
    }
    expect(reportedAfterHours.map((hour) => Math.floor(hour / 24))).toEqual([2, 3, 4, 5]);
    expect(findings(world)[0]).toMatchObject({
      finding: 'vault_copy_late',
      credentialId: 'grant/crm',
      detail: expect.stringContaining('Give the identity its role.'),
    });
    expect(secretOf(world)?.copy.lateReportedAtEpochMs).toBeDefined();
  });

  it('keeps no refresh from going well where the vault cannot even be read', async () => {
    const world = await keptSealed(2);
    for (const version of world.vault.versions.splice(0))
      world.vault.versions.push({ ...version, enabled: false });
    for (let time = 0; time < 3; time++)
      expect(await refreshAnHourLater(world)).toMatchObject({ kind: 'refreshed' });
    expect(world.vault.versions.every(({ enabled }) => !enabled)).toBe(true);
  });
});

/** Where the token is, what the vault has, and whether it still has that. */
const LOOKS = 3;

const REFUSED = {
  ok: false,
  code: 'vault_forbidden',
  reason: 'forbidden',
  retryable: false,
  mayHaveLanded: false,
  message: 'The vault refuses.',
  action: 'Give the identity its role.',
} as const;
