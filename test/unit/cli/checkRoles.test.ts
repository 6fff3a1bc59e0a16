import { describe, expect, it } from 'vitest';
import { checkRoles } from '../../../src/cli/checkRoles.ts';
import type { OwnRoles } from '../../../src/lib/directory/ports.ts';
import { OWNER_COMMAND } from '../../../src/lib/directory/rules/graphRoles.ts';
import { application, fakeDirectory } from '../../fakes/fakeDirectory.ts';
import { recordingTerminal } from '../../fakes/recordingTerminal.ts';

const ROTATOR = 'AAAAAAAA-0000-4000-8000-000000000001';
const owned = application('orders', []);
const foreign = application('stock', []);
const OWNERS = {
  [owned.id]: [{ id: ROTATOR.toLowerCase(), type: 'servicePrincipal', name: 'rotator' }],
  [foreign.id]: [{ id: 'somebody', type: 'user', name: 'them' }],
} as const;

const check = async (rotated: readonly string[], own: Partial<Extract<OwnRoles, { ok: true }>> = {}) => {
  const { directory, asked } = fakeDirectory({ pages: [[owned, foreign]], owners: OWNERS });
  const terminal = recordingTerminal();
  const roles: OwnRoles = {
    ...{ ok: true, isAsking: true, principalId: ROTATOR, roles: ['Application.ReadWrite.OwnedBy'], ...own },
  };
  const mayWork = await checkRoles(
    { roleProbes: [['rotator', { ownRoles: async () => roles }]], directory },
    rotated,
    terminal,
  );
  return { mayWork, text: terminal.printed.join('\n'), asked };
};

describe('the check of what the rotator may change', () => {
  it('is content where it owns each application whose secret is rotated', async () => {
    const { mayWork, text } = await check([owned.appId]);
    expect(mayWork).toBe(true);
    expect(text).toContain(`✓ owns orders (${owned.appId})`);
  });

  it('names the one that it does not own, with the command that makes it an owner', async () => {
    const { mayWork, text } = await check([owned.appId, foreign.appId]);
    expect(mayWork).toBe(false);
    expect(text).toContain(`✗ does not own stock (${foreign.appId})`);
    expect(text).toContain(`IDENTITY=${ROTATOR} APP_ID=${foreign.appId}\n    ${OWNER_COMMAND}`);
  });

  it('says of one that is not there that it is not there', async () => {
    const gone = 'bbbbbbbb-0000-4000-8000-000000000002';
    const { mayWork, text } = await check([gone]);
    expect(mayWork).toBe(false);
    expect(text).toContain(`✗ there is no application ${gone} in the tenant`);
  });

  it('asks nothing where nothing is rotated, or a person tries, who owns other things', async () => {
    expect((await check([])).asked).toEqual([]);
    expect((await check([foreign.appId], { roles: undefined })).asked).toEqual([]);
  });
});
