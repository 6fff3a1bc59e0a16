import { expect, it } from 'vitest';
import { GRAPH_ROLES, type GraphRole, grantCommand } from '../../../../src/lib/directory/rules/graphRoles.ts';
import { keysOf } from '../../../../src/lib/kernel/keysOf.ts';
import { textOf } from '../../../sourceFiles.ts';

it('has the documents give the scanner its roles by the very commands that a failure names', () => {
  const page = textOf('docs/deploy.md');
  const roles: readonly GraphRole[] = keysOf(GRAPH_ROLES).filter(
    (role) => GRAPH_ROLES[role].identity === 'scanner',
  );
  expect(roles).toHaveLength(3);
  for (const role of roles) expect(page).toContain(`# ${role}: `);
  for (const role of roles) expect(page).toContain(`\n${grantCommand(role)}\n`);
});
