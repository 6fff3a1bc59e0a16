import { describe, expect, it } from 'vitest';
import { roleReport } from '../../../../src/cli/report/roleReport.ts';
import { plain } from '../../../../src/cli/report/style.ts';
import type { OwnRoles } from '../../../../src/lib/directory/ports.ts';
import { grantCommand, TAKE_ROLE_AWAY } from '../../../../src/lib/directory/rules/graphRoles.ts';

const PRINCIPAL = '11111111-2222-4333-8444-555555555555';
const holding = (...roles: string[]): OwnRoles => ({
  ...{ ok: true, isAsking: true, principalId: PRINCIPAL, roles },
});

describe('what an identity may do at Microsoft Graph', () => {
  it('is well where the rotator has its one role', () => {
    const { lines, mayWork } = roleReport('rotator', holding('Application.ReadWrite.OwnedBy'), plain);
    expect(mayWork).toBe(true);
    expect(lines).toEqual([
      'the rotator at Microsoft Graph',
      '  ✓ may add and remove secrets of the applications that it owns, and of no other',
      '  ✓ has no app role that it can do without',
    ]);
  });

  it('is amiss where the rotator has none: the very command gives it to this identity', () => {
    const { lines, mayWork } = roleReport('rotator', holding(), plain);
    expect(mayWork).toBe(false);
    expect(lines[1]).toContain('Application.ReadWrite.OwnedBy is missing');
    expect(lines.slice(2, 4)).toEqual([
      `    IDENTITY=${PRINCIPAL}`,
      `    ${grantCommand('Application.ReadWrite.OwnedBy')}`,
    ]);
  });

  it.each(['scanner', 'rotator'] as const)(
    'is too much for the %s where it may change any application',
    (who) => {
      const { lines, mayWork } = roleReport(
        who,
        holding('Application.ReadWrite.OwnedBy', 'Application.Read.All', 'Application.ReadWrite.All'),
        plain,
      );
      expect(mayWork).toBe(true);
      const text = lines.join('\n');
      expect(text).toMatch(/▲ has the app role Application\.ReadWrite\.All, by which it could become any/);
      for (const command of TAKE_ROLE_AWAY) expect(text).toContain(command);
      const other = who === 'scanner' ? 'Application.ReadWrite.OwnedBy' : 'Application.Read.All';
      expect(text).toContain(`▲ has the app role ${other}, which Keywatch has no use for`);
    },
  );

  it('of the scanner is not told where something is missing: its listing told that', () => {
    expect(roleReport('scanner', holding('Application.Read.All'), plain).lines).toEqual([
      'the scanner at Microsoft Graph',
      '  ✓ has no app role that it can do without',
    ]);
  });

  it('of a deployed scanner is told in full to somebody else: what it cannot do without is amiss', () => {
    const of = (...roles: string[]) =>
      roleReport('scanner', { ok: true, isAsking: false, principalId: PRINCIPAL, roles }, plain);
    const bare = of();
    expect(bare.mayWork).toBe(false);
    expect(bare.lines.join('\n')).toContain(grantCommand('Application.Read.All'));
    const usual = of('Application.Read.All');
    expect(usual.mayWork).toBe(true);
    expect(usual.lines.join('\n')).toMatch(/▲ may not read the names of owners/);
  });

  it('is not known of a person, and not claimed', () => {
    const { lines } = roleReport(
      'scanner',
      { ok: true, isAsking: true, principalId: PRINCIPAL, roles: undefined },
      plain,
    );
    expect(lines[1]).toMatch(/… its roles are not known/);
  });

  it('shows nothing that a role brings along for a terminal', () => {
    const { lines } = roleReport('scanner', holding('\u001b[31mEvil'), plain);
    expect(lines.join('')).not.toContain('\u001b');
  });
});
