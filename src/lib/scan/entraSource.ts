import type { Directory } from '../directory/ports.ts';
import type { DirectoryObjectType } from '../directory/rules/directoryApplication.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Failure } from '../kernel/failure.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { CredentialSource, OnPage, SourceFailure, SourceListing } from './ports.ts';
import { besideFederation } from './rules/applicationFindings.ts';
import { knowing, type SeenApplication, seenApplication } from './rules/applicationMetadata.ts';
import type { VaultPolicy } from './rules/assess.ts';
import type { CredentialMetadata } from './rules/credential.ts';
import { ownerKnowledge } from './rules/directoryOwner.ts';
import type { DirectoryScope } from './rules/directoryScope.ts';
import { tryDirectory } from './tryDirectory.ts';

export interface EntraSourcePorts {
  readonly directory: Directory;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  readonly telemetry: Pick<Telemetry, 'failure'>;
}

/** Applications that need attention wait until so many are asked about at once, while the listing goes on. */
const MOST_WAITING = 80;
/** Of so many applications with nothing but a finding the owner is asked for: a tenant may have one on each. */
const MOST_WITH_FINDINGS = 400;

/** The applications of a tenant of Entra ID, and its service principals as far as the scope says. */
export const entraSource = (ports: EntraSourcePorts, scope: DirectoryScope): CredentialSource => ({
  name: 'entra',
  targets: async () => ({ targets: [scope.target] }),
  watches: async (target) => target === scope.target,
  policyOf: () => scope.policy,
  tryFurther: (signal) => tryDirectory(ports.directory, signal),
  list: (_target, onPage, signal) => listTenant(ports, scope, onPage, signal),
});

const listTenant = async (
  ports: EntraSourcePorts,
  scope: DirectoryScope,
  onPage: OnPage,
  signal: AbortSignal,
): Promise<SourceListing> => {
  const { directory, clock } = ports;
  const { servicePrincipals, saml, policy } = scope;
  const report = reporterOf(ports, policy);
  // Asked beside the first page, which waits for it.
  const reading = directory
    .managementPolicies(signal)
    .then((read) => (read.ok ? read.policies : report(read)));
  let waiting: SeenApplication[] = [];
  let dateEpochMs: number | undefined;
  let leftForFindings = MOST_WITH_FINDINGS;

  let asked: Promise<readonly CredentialMetadata[]> | undefined;

  /** Hands over those that were asked about before, and asks about the next. */
  const ask = async (): Promise<void> => {
    const known = await asked;
    asked = waiting.length === 0 ? undefined : answered(directory, waiting, report, signal);
    waiting = [];
    if (known !== undefined) await onPage(known, dateEpochMs);
  };

  let pages = 0;
  let failure: SourceFailure | undefined;
  for (const type of servicePrincipals || saml ? BOTH : APPLICATIONS) {
    const listing = await directory.list(
      type,
      async (objects, serverDateEpochMs) => {
        const policies = await reading;
        dateEpochMs = serverDateEpochMs ?? dateEpochMs;
        const quiet: CredentialMetadata[] = [];
        for (const object of objects) {
          const isWanted = object.saml === undefined ? servicePrincipals : saml;
          if (type === 'servicePrincipals' && !isWanted) continue;
          const seen = seenApplication(object, policies, policy, dateEpochMs ?? clock.nowEpochMs());
          const isAsked = seen.isAsking || (seen.hasFinding && leftForFindings-- > 0);
          if (isAsked) waiting.push(seen);
          else quiet.push(...seen.credentials.map(({ metadata }) => metadata));
        }
        await onPage(quiet, serverDateEpochMs);
        if (waiting.length >= MOST_WAITING) await ask();
      },
      signal,
    );
    pages += listing.pages;
    if (listing.ok) continue;
    failure = { ...listing.failure, subject: { vault: policy.name } };
    break;
  }
  // Those that need attention are told also where the list broke off behind them.
  await ask();
  await ask();
  return failure === undefined ? { ok: true, pages } : { ok: false, pages, failure };
};

const APPLICATIONS: readonly DirectoryObjectType[] = ['applications'];
const BOTH: readonly DirectoryObjectType[] = ['applications', 'servicePrincipals'];

/** What is not known beside the list itself is not judged, and said: once a scan for each fault. */
const reporterOf = ({ telemetry }: EntraSourcePorts, { name }: VaultPolicy) => {
  const said = new Set<string>();
  return (failure: Failure): undefined => {
    if (said.has(failure.message)) return;
    said.add(failure.message);
    telemetry.failure({ ...failure, subject: { vault: name } });
  };
};

/** The credentials of applications that need attention, with what the directory is asked for their sake alone. */
const answered = async (
  directory: Directory,
  asked: readonly SeenApplication[],
  report: (failure: Failure) => undefined,
  signal: AbortSignal,
): Promise<readonly CredentialMetadata[]> => {
  const withSecret = asked.filter(
    ({ application, credentials }) =>
      application.type === 'applications' &&
      credentials.some(({ isAsking, credential }) => isAsking && credential.kind === 'app_secret'),
  );
  const [owning, federating] = await Promise.all([
    directory.ownersOf(
      asked.map(({ application: { type, id } }) => ({ type, id })),
      signal,
    ),
    directory.federatedOf(
      withSecret.map(({ application }) => application.id),
      signal,
    ),
  ]);
  const owners = owning.ok ? owning.owners : report(owning);
  const federated = federating.ok ? federating.federated : report(federating);
  return asked.flatMap(({ application: { id }, credentials }) =>
    credentials.map(({ credential, metadata, isAsking }) => {
      const isBeside = isAsking && federated?.has(id) === true;
      return knowing(metadata, ownerKnowledge(owners?.get(id)), isBeside ? besideFederation(credential) : []);
    }),
  );
};
