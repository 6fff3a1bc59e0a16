import { describe, expect, it } from 'vitest';
import { sealedSecretAsVault } from '../../../../src/lib/refresh/place/sealedSecretAsVault.ts';
import { sealedSecretDocument } from '../../../../src/lib/refresh/place/sealedSecretDocument.ts';
import { enteredSecret, releasedSecret } from '../../../../src/lib/refresh/rules/sealedSecret.ts';
import { type RefreshWorld, START_EPOCH_MS, sealedWorld } from '../../../fakes/refresh/refreshWorld.ts';
import { portsAtOnce } from '../../../fakes/refresh/worldEvents.ts';

const SECRET = { vaultUrl: 'https://kv.vault.azure.net', name: 'crm-token' };
const versionOf = (value: string) => ({
  value,
  tags: { seq: value },
  expiresOnEpochMs: undefined,
  contentType: undefined,
});

/** Two workers on one sealed secret, each with what it has opened. */
const scene = async () => {
  const world: RefreshWorld = sealedWorld({ kind: 'strict' });
  const worker = () => {
    const { sealed = expect.unreachable(), ...ports } = portsAtOnce(world);
    const document = sealedSecretDocument({ ...ports, sealed }, 'crm', () => START_EPOCH_MS);
    return { document, store: sealedSecretAsVault(document, ports.vault) };
  };
  const one = worker();
  await one.document.change(() => enteredSecret('crm', 'salt', undefined));
  return { world, one, other: worker() };
};

describe('a secret that is kept sealed', () => {
  it('shows the newest version with its value, and each one by its name', async () => {
    const { one, other } = await scene();
    const names: string[] = [];
    for (const value of ['a', 'b']) {
      const written = await one.store.write(SECRET, versionOf(value));
      if (written.ok) names.push(written.version);
    }
    const [first = '', second] = names;
    expect(await other.store.readLatest(SECRET)).toMatchObject({
      latest: { value: 'b', version: second, tags: { seq: 'b' }, enabled: true },
    });
    expect(await other.store.readVersion(SECRET, first)).toMatchObject({ token: { value: 'a' } });
    await other.store.disableVersion(SECRET, first);
    expect(await one.store.readVersion(SECRET, first)).toMatchObject({ ok: false, reason: 'not_found' });
  });

  it('loses no version of two that are written at once', async () => {
    const { one, other } = await scene();
    await Promise.all([
      one.store.write(SECRET, versionOf('a')),
      other.store.write(SECRET, versionOf('b')),
      one.store.write(SECRET, versionOf('c')),
    ]);
    const { secret } = (await one.document.read()) as { secret?: { versions: readonly { tags: object }[] } };
    expect(secret?.versions.map(({ tags }) => Object.values(tags)[0]).sort()).toEqual(['a', 'b', 'c']);
  });

  it('has a version once whose acknowledgement was lost', async () => {
    const { world, one } = await scene();
    Object.assign(world.sealed ?? {}, { loseAcknowledgement: true });
    expect(await one.store.write(SECRET, versionOf('a'))).toMatchObject({ ok: true });
    const { secret } = (await one.document.read()) as { secret?: { versions: readonly unknown[] } };
    expect(secret?.versions).toHaveLength(1);
  });

  it('takes nothing more once it was handed back to the vault', async () => {
    const { world, one, other } = await scene();
    await one.store.write(SECRET, versionOf('a'));
    await other.document.change((secret) => releasedSecret(secret ?? expect.unreachable()));
    const before = world.sealed?.body;
    expect(await one.store.write(SECRET, versionOf('b'))).toMatchObject({ ok: false, reason: 'conflict' });
    expect(await one.store.readLatest(SECRET)).toMatchObject({ ok: false, reason: 'conflict' });
    expect(world.sealed?.body).toBe(before);
  });

  it('lists the versions of the vault beside its own, and reads and switches them off there', async () => {
    const { world, one } = await scene();
    await one.store.write(SECRET, versionOf('a'));
    const listed = await one.store.listVersions(SECRET);
    expect(listed.ok && listed.versions.map(({ version }) => version.split('-')[0])).toEqual([
      'sealed',
      'v1',
    ]);
    expect(await one.store.readVersion(SECRET, 'v1')).toMatchObject({ token: { version: 'v1' } });
    await one.store.disableVersion(SECRET, 'v1');
    expect(world.vault.versions).toMatchObject([{ version: 'v1', enabled: false }]);
  });
});
