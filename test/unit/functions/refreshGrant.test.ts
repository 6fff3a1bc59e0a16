import { describe, expect, it } from 'vitest';
import { refreshGrant } from '../../../src/functions/refreshGrant.ts';
import { finishRefreshes } from '../../../src/lib/app/refresher.ts';
import { composeRefresher } from '../../fakes/composedRefresher.ts';
import { invocation } from '../../fakes/invocation.ts';
import { CANARY } from '../../fakes/refresh/fakeAuthorizationServer.ts';
import { storedTokenWorks } from '../../fakes/refresh/refreshWorld.ts';

const MESSAGE = { grantId: 'crm', trigger: 'due', reason: 'never refreshed' };

describe('a message of the refresh queue', () => {
  it('has its grant refreshed, and logs what came of which, and no token', async () => {
    const { world } = composeRefresher();
    const { context, logs } = invocation();
    await refreshGrant(MESSAGE, context);
    expect(world.server.state.requests).toBe(1);
    expect(storedTokenWorks(world)).toBe(true);
    expect(logs).toHaveLength(1);
    expect(JSON.stringify(logs)).toContain('grant crm: refreshed');
    expect(JSON.stringify(logs)).not.toContain(CANARY);
  });

  it('is done with when the refresh failed: what came of it is reported, and the timer comes again', async () => {
    const { world } = composeRefresher();
    world.vault.down = true;
    await refreshGrant(MESSAGE, invocation().context);
    expect(world.server.state.requests).toBe(0);
    expect(world.telemetry.failures).toMatchObject([{ code: 'vault_unavailable' }]);
  });

  it.each(['before the application is composed', 'afterwards'])(
    'comes back to the queue where the instance was told to end %s',
    async (when) => {
      const { world } = composeRefresher();
      if (when === 'afterwards') await refreshGrant({ ...MESSAGE, grantId: 'gone' }, invocation().context);
      await finishRefreshes();
      await expect(refreshGrant(MESSAGE, invocation().context)).rejects.toThrow('about to end');
      expect(world.server.state.requests).toBe(0);
      expect(world.control.leases).toBe(0);
      expect(world.telemetry.failures).toEqual([]);
    },
  );

  it('of a grant that was taken out of the configuration is left alone', async () => {
    const { world } = composeRefresher();
    await refreshGrant({ ...MESSAGE, grantId: 'gone' }, invocation().context);
    expect(world.control.leases).toBe(0);
  });

  it.each(['adopt', 'again'])(
    'that asks for what only a person may ask for is left alone (%s)',
    async (trigger) => {
      const { world } = composeRefresher();
      const { context, logs } = invocation();
      await refreshGrant({ ...MESSAGE, trigger }, context);
      expect(world.control.leases).toBe(0);
      expect(JSON.stringify(logs)).toContain('npm run refresh');
    },
  );

  it('that is none of ours goes to the poison queue', async () => {
    composeRefresher();
    await expect(refreshGrant('crm', invocation().context)).rejects.toThrow('refresh message: grantId');
  });
});
