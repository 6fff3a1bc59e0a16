import { describe, expect, it } from 'vitest';
import { refresher } from '../../../src/lib/app/refresher.ts';
import { HOUR_MS } from '../../../src/lib/kernel/time.ts';
import { PAGE, reconnectScene } from '../../fakes/reconnectScene.ts';
import { startConsentProvider } from '../../fakes/startConsentProvider.ts';

const PROVIDER = await startConsentProvider();

/** A scene whose process can be ended: the call that is one too many, and all after it, never come back. */
const endingScene = async () => {
  const calls: string[] = [];
  const process = { left: Number.POSITIVE_INFINITY, ended: Promise.withResolvers<'ended'>() };
  const at = await reconnectScene(PROVIDER, async (name, effect) => {
    if (process.left-- <= 0) {
      process.ended.resolve('ended');
      return new Promise<never>(() => undefined);
    }
    calls.push(name);
    return effect();
  });
  return {
    at,
    calls,
    /** Runs until the end, or until the process ends after so many calls; another one takes over then. */
    async until<T>(left: number, work: () => Promise<T>): Promise<T | 'ended'> {
      Object.assign(process, { left, ended: Promise.withResolvers<'ended'>() });
      calls.length = 0;
      const came = await Promise.race([work(), process.ended.promise]);
      process.left = Number.POSITIVE_INFINITY;
      at.world.elapsedMs += HOUR_MS;
      at.compose();
      return came;
    },
  };
};
type Ending = Awaited<ReturnType<typeof endingScene>>;

const settle = async ({ at }: Ending): Promise<void> => {
  at.world.elapsedMs += HOUR_MS;
  await (await refresher()).refresh({ grantId: 'crm', trigger: 'reconcile' });
};

const click = async ({ at }: Ending, login: string) => (await at.browserOf(login)).open(PAGE);

const isKept = (calls: readonly string[]): boolean =>
  calls
    .slice(calls.indexOf('exchange') + 1)
    .some((name) => name === 'control.write' || name === 'vault.write');

describe('a process that ends at any moment', () => {
  it('of a first consent loses nothing that was kept, and else a click', {
    tags: ['exhaustive'],
  }, async () => {
    const whole = await endingScene();
    await whole.until(Number.POSITIVE_INFINITY, () => click(whole, 'owner'));
    const all = [...whole.calls];
    expect(all).toEqual(expect.arrayContaining(['tickets.put', 'tickets.take', 'exchange', 'vault.write']));
    for (let left = 0; left < all.length; left++) {
      const scene = await endingScene();
      expect(await scene.until(left, () => click(scene, 'owner'))).toBe('ended');
      const kept = scene.calls.includes('exchange') && isKept(scene.calls);
      await settle(scene);
      if (kept) expect([left, scene.at.latest() === undefined]).toEqual([left, false]);
      expect([left, (await click(scene, 'owner')).text.includes('crm is connected')]).toEqual([left, true]);
    }
  });

  it('of an answer that another account is meant leaves the grant with the old token or the new', async () => {
    const asked = async () => {
      const scene = await endingScene();
      await click(scene, 'owner');
      return scene;
    };
    const whole = await asked();
    await whole.until(Number.POSITIVE_INFINITY, () => click(whole, 'other'));
    const all = [...whole.calls];
    expect(all.filter((name) => name === 'exchange')).toHaveLength(1);
    for (let left = all.indexOf('exchange'); left < all.length; left++) {
      const scene = await asked();
      await scene.until(left, () => click(scene, 'other'));
      await settle(scene);
      const outcome = await (await refresher()).refresh({ grantId: 'crm', trigger: 'manual' });
      expect([left, outcome?.kind]).toEqual([left, 'refreshed']);
    }
  });
});
