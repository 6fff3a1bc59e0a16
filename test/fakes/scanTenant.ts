import type { Directory } from '../../src/lib/directory/ports.ts';
import { entraSource } from '../../src/lib/scan/entraSource.ts';
import { assessObject } from '../../src/lib/scan/rules/assess.ts';
import type { Assessment } from '../../src/lib/scan/rules/credential.ts';
import type { DirectoryScope } from '../../src/lib/scan/rules/directoryScope.ts';
import { createScanner } from '../../src/lib/scan/scanner.ts';
import { configOf } from './config.ts';
import { fakeConnections } from './fakeConnections.ts';
import { type FakeDirectoryOptions, fakeDirectory } from './fakeDirectory.ts';
import { manualClock } from './manualClock.ts';
import { NOW_EPOCH_MS } from './metadata.ts';
import { recordingTelemetry } from './recordingTelemetry.ts';

const NEVER = new AbortController().signal;
const SCOPE: DirectoryScope = {
  target: 'entra:contoso',
  servicePrincipals: false,
  saml: true,
  policy: { name: 'contoso', says: [] },
};
/** The scan of a tenant in memory: what is concluded of each credential, and what the directory was asked beside. */
export const scanTenant = async (
  options: FakeDirectoryOptions,
  { scope = {}, other = {} }: { scope?: Partial<DirectoryScope>; other?: Partial<Directory> } = {},
) => {
  const { directory, asked } = fakeDirectory(options, other);
  const telemetry = recordingTelemetry();
  const source = entraSource(
    { directory, telemetry, clock: manualClock(NOW_EPOCH_MS) },
    { ...SCOPE, ...scope },
  );
  const seen: Assessment[] = [];
  const listing = await source.list(
    SCOPE.target,
    (objects) =>
      void seen.push(...objects.map((one) => assessObject(one, source.policyOf(''), NOW_EPOCH_MS))),
    NEVER,
  );
  return { seen, listing, asked, failures: telemetry.failures };
};

/** A scanner of that tenant alone, without its certificates of SAML. */
export const scannerOfTenant = (options: FakeDirectoryOptions, other: Partial<Directory> = {}) => {
  const { directory } = fakeDirectory(options, other);
  const telemetry = recordingTelemetry();
  const connections = fakeConnections({ telemetry });
  const furtherSources = [entraSource({ ...connections, directory }, { ...SCOPE, saml: false })];
  return { telemetry, scanner: createScanner(configOf(), { ...connections, furtherSources }) };
};

export const codesOf = ({ findings }: Assessment) => findings.map(({ code }) => code);
