import { ownershipOf } from '../lib/directory/ownership.ts';
import type { Directory, OwnRoles, RoleProbe } from '../lib/directory/ports.ts';
import type { GraphIdentity } from '../lib/directory/rules/graphRoles.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import { ownershipReport, roleReport } from './report/roleReport.ts';
import { coloured, plain } from './report/style.ts';

const LONGEST_MS = 30_000;

export interface CheckRolesPorts {
  readonly roleProbes: readonly (readonly [GraphIdentity, RoleProbe])[];
  /** As the scanner sees it; absent where no tenant is named. */
  readonly directory?: Pick<Directory, 'applicationsOf' | 'ownersOf'> | undefined;
}

/**
 * Says what each identity may do at Microsoft Graph beside what it is for.
 * @param rotated client ids of the applications whose secrets are rotated
 * @returns whether each may do what it is for
 */
export const checkRoles = async (
  { roleProbes, directory }: CheckRolesPorts,
  rotated: readonly string[],
  terminal: Terminal,
): Promise<boolean> => {
  const paint = terminal.hasColour ? coloured : plain;
  let mayWork = true;
  for (const [identity, probe] of roleProbes) {
    const signal = AbortSignal.timeout(LONGEST_MS);
    const own = await probe.ownRoles(signal);
    const reports = [roleReport(identity, own, paint)];
    const owner = identity === 'rotator' ? applicationOf(own) : undefined;
    if (owner !== undefined && directory !== undefined && rotated.length > 0) {
      const owned = await ownershipOf(directory, rotated, owner, signal);
      reports.push(ownershipReport(owner, owned, paint));
    }
    terminal.print('');
    for (const report of reports) {
      report.lines.forEach(terminal.print);
      mayWork &&= report.mayWork;
    }
  }
  return mayWork;
};

/** Its object id, where it is an application: a person who tries owns other things. */
const applicationOf = (own: OwnRoles): string | undefined =>
  own.ok && own.roles !== undefined ? own.principalId : undefined;
