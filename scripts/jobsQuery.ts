import { PROOF_JOB, REFRESH_JOB, ROTATION_JOB } from '../src/lib/credentials/jobs.ts';
import { CREDENTIAL_SOURCES } from '../src/lib/credentials/sources.ts';
import { kqlTable } from './kqlTable.ts';

type Row = readonly [reported: string, partOf: string, vaultWord: string];

/** A scan that names no vault has no name to stand for one. */
const rows = (): readonly Row[] => [
  ...Object.values(CREDENTIAL_SOURCES).flatMap(({ job, discoveryJob, discoverySubject }): Row[] => [
    [job, job, ''],
    [discoveryJob, job, discoverySubject],
  ]),
  [REFRESH_JOB, REFRESH_JOB, '(grants)'],
  [PROOF_JOB, PROOF_JOB, '(clients)'],
  [ROTATION_JOB, ROTATION_JOB, '(rotations)'],
];

/** infra/kql/jobs.kql: the jobs that runs are reported of, from the table of sources. */
export const jobsQuery = (): string => `// Made by \`npm run docs\` from src/lib/credentials: do not edit.
// Which jobs report runs, of which job each is a part, and what alerts name where a run names no vault.
${kqlTable('KnownJobs', { Reported: 'string', PartOf: 'string', VaultWord: 'string' }, rows())}`;
