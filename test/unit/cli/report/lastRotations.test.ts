import { expect, it } from 'vitest';
import { lastRotations } from '../../../../src/cli/report/lastRotations.ts';
import { plain } from '../../../../src/cli/report/style.ts';

it('says of a rotation whose old secret is in use when it was used last', async () => {
  const row = { Credential: 'rotation/crm', Outcome: 'in_use', LastUsed: Date.parse('2026-11-21T08:00:00Z') };
  const store = { query: async () => ({ columns: [], rows: [row] }) };
  const [, , line] = await lastRotations(store, Date.parse('2026-11-22T12:00:00Z'), plain);
  expect(line).toMatch(/rotation\/crm +in use +last used 2026-11-21/);
});
