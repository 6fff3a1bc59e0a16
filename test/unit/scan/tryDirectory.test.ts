import { describe, expect, it } from 'vitest';
import { listingReport } from '../../../src/cli/report/accessReport.ts';
import { plain } from '../../../src/cli/report/style.ts';
import type { Directory } from '../../../src/lib/directory/ports.ts';
import type { DirectoryOwner } from '../../../src/lib/directory/rules/directoryApplication.ts';
import { application, directoryFailure, listed } from '../../fakes/fakeDirectory.ts';
import { scannerOfTenant } from '../../fakes/scanTenant.ts';

const FORBIDDEN = directoryFailure();

const reportOf = async (owner: Partial<DirectoryOwner>, other: Partial<Directory> = {}) => {
  const one = application('crm', [listed()]);
  const owners = { [one.id]: [{ id: 'a', type: 'user', name: 'ana', ...owner } as const] };
  const { scanner } = scannerOfTenant({ pages: [[one]], owners }, other);
  return listingReport(await scanner.tryToList({ source: 'entra', target: 'entra:contoso' }), plain);
};

describe('the check of a tenant', () => {
  it('says what the identity may list and read', async () => {
    expect(await reportOf({})).toEqual([
      'directory contoso',
      '  ✓ may list its credentials',
      '  ✓ may read the policies by which lifetimes are judged',
      '  ✓ may read the names of owners',
    ]);
  });

  it('names the role that each refusal lacks, and the command that gives it', async () => {
    const lines = await reportOf({ name: undefined }, { managementPolicies: async () => FORBIDDEN });
    expect(lines.slice(2)).toEqual([
      '  ▲ may not read the policies by which lifetimes are judged (forbidden)',
      `    ${FORBIDDEN.message}`,
      '    Give the role.',
      '  ▲ may not read the names of owners (forbidden)',
      expect.stringContaining('Some owners have no name here'),
      expect.stringMatching(/app role User\.Read\.All: az rest .*df021288-bdef-4463-88db-98f22de89214/),
    ]);
  });

  it('asks no further where not even the list may be had', async () => {
    const lines = await reportOf({}, { list: async () => ({ ok: false, pages: 0, failure: FORBIDDEN }) });
    expect(lines[1]).toBe('  ✗ may not list its credentials (forbidden)');
    expect(lines).toHaveLength(4);
  });
});
