import { describe, expect, it } from 'vitest';
import { listingReport } from '../../../src/cli/report/accessReport.ts';
import { plain } from '../../../src/cli/report/style.ts';
import type { AzureFailure } from '../../../src/lib/azure/azureErrorReason.ts';
import type { Directory } from '../../../src/lib/directory/ports.ts';
import type { DirectoryOwner } from '../../../src/lib/directory/rules/directoryApplication.ts';
import { entraSource } from '../../../src/lib/scan/entraSource.ts';
import { createScanner } from '../../../src/lib/scan/scanner.ts';
import { configOf } from '../../fakes/config.ts';
import { fakeConnections } from '../../fakes/fakeConnections.ts';
import { application, fakeDirectory, listed } from '../../fakes/fakeDirectory.ts';

const FORBIDDEN: AzureFailure = {
  ...{ ok: false, code: 'directory_forbidden', reason: 'forbidden', retryable: false },
  ...{ message: 'Refused.', action: 'Give the role.' },
};
const refused = async () => FORBIDDEN;

const reportOf = async (owner: Partial<DirectoryOwner>, other: Partial<Directory> = {}) => {
  const one = application('crm', [listed()]);
  const owners = { [one.id]: [{ id: 'a', type: 'user', name: 'ana', ...owner } as const] };
  const { directory } = fakeDirectory({ pages: [[one]], owners }, other);
  const connections = fakeConnections();
  const policy = { name: 'contoso', says: [] };
  const scope = { target: 'entra:contoso', servicePrincipals: false, saml: false, policy };
  const furtherSources = [entraSource({ ...connections, directory }, scope)];
  const scanner = createScanner(configOf(), { ...connections, furtherSources });
  return listingReport(await scanner.tryToList({ source: 'entra', target: scope.target }), plain);
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
    const lines = await reportOf({ name: undefined }, { managementPolicies: refused });
    expect(lines.slice(2)).toEqual([
      '  ▲ may not read the policies by which lifetimes are judged (forbidden)',
      '    Refused.',
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
