import { expect, it } from 'vitest';
import { lastEvents } from '../../../../src/cli/report/lastEvents.ts';
import { plain } from '../../../../src/cli/report/style.ts';

const shown = async (event: string, Properties: object): Promise<string | undefined> => {
  const query = async (kql: string) => ({ rows: kql.includes(`"${event}"`) ? [{ Properties }] : [] });
  const [, , line] = await lastEvents({ query }, Date.parse('2026-11-22T12:00:00Z'), plain);
  return line;
};

it('says of a rotation whose old secret is in use when it was used last', async () => {
  const line = await shown('keywatch.rotation.advanced', {
    ...{ credentialId: 'rotation/crm', outcome: 'in_use', lastUsedOn: '2026-11-21T08:00:00Z' },
  });
  expect(line).toMatch(/rotation\/crm +in use +last used 2026-11-21/);
});

it('says of a grant as what its token is stored and when it dies', async () => {
  const line = await shown('keywatch.grant.refreshed', {
    ...{ credentialId: 'grant/crm', outcome: 'refreshed', rotated: 'true', seq: '7' },
    deadline: '2026-12-22T12:00:00Z',
  });
  expect(line).toMatch(/^crm +refreshed, rotated +- +no\. 7 +in 30 days, 2026-12-22 +-$/);
});
