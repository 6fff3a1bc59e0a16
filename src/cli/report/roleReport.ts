import type { ownershipOf } from '../../lib/directory/ownership.ts';
import type { OwnRoles } from '../../lib/directory/ports.ts';
import {
  GRAPH_ROLES,
  type GraphIdentity,
  grantCommand,
  OWNER_COMMAND,
  TAKE_ROLE_AWAY,
} from '../../lib/directory/rules/graphRoles.ts';
import { judgeRoles, whyNeedless } from '../../lib/directory/rules/heldRoles.ts';
import { printable } from '../../lib/kernel/printable.ts';
import type { Paint } from './style.ts';

export interface RoleReport {
  readonly lines: readonly string[];
  /** False: it cannot do what it is for. */
  readonly mayWork: boolean;
}

/**
 * What an identity may do at Microsoft Graph beside what it is for, with the command for all that is amiss. What a
 * scanner that checks itself may not do is seen by trying: the lines of its tenant say that.
 */
export const roleReport = (identity: GraphIdentity, own: OwnRoles, paint: Paint): RoleReport => {
  const heading = paint(`the ${identity} at Microsoft Graph`, 'bold');
  if (!own.ok) {
    const lines = [heading, `  ${paint('✗', 'red')} ${own.message}`, `    ${own.action}`];
    return { lines, mayWork: false };
  }
  if (own.roles === undefined) {
    const why = 'who signs in here is a person, or its token cannot be read';
    return { lines: [heading, `  ${paint('…', 'grey')} its roles are not known: ${why}`], mayWork: true };
  }
  const { held, missing, needless } = judgeRoles(identity, own.roles);
  const isTried = identity === 'scanner' && own.isAsking;
  const who = own.principalId === undefined ? [] : [`    IDENTITY=${printable(own.principalId)}`];
  const lines = [
    heading,
    ...(isTried ? [] : held).map((role) => `  ${paint('✓', 'green')} may ${GRAPH_ROLES[role].purpose}`),
    ...(isTried ? [] : missing).flatMap((role) => [
      `  ${GRAPH_ROLES[role].isOptional ? paint('▲', 'yellow') : paint('✗', 'red')} may not ${GRAPH_ROLES[role].purpose}: the app role ${role} is missing`,
      ...who,
      `    ${grantCommand(role)}`,
    ]),
    ...needless.flatMap((role) => [
      `  ${paint('▲', 'yellow')} has the app role ${printable(role)}, ${whyNeedless(role)}: take it away`,
      ...who,
      ...TAKE_ROLE_AWAY.map((command) => `    ${command}`),
    ]),
    ...(needless.length === 0 ? [`  ${paint('✓', 'green')} has no app role that it can do without`] : []),
  ];
  return { lines, mayWork: isTried || missing.every((role) => GRAPH_ROLES[role].isOptional) };
};

/** Which of the applications whose secrets are rotated the rotator may change, with the command for those it may not. */
export const ownershipReport = (
  principalId: string,
  owned: Awaited<ReturnType<typeof ownershipOf>>,
  paint: Paint,
): RoleReport => {
  if (!owned.ok)
    return { lines: [`  ${paint('✗', 'red')} ${owned.message}`, `    ${owned.action}`], mayWork: false };
  const lines = owned.applications.flatMap(({ appId, displayName = appId, standing }) => {
    const name = displayName === appId ? appId : `${printable(displayName)} (${appId})`;
    if (standing === 'owned') return [`  ${paint('✓', 'green')} owns ${name}`];
    if (standing === 'gone') return [`  ${paint('✗', 'red')} there is no application ${appId} in the tenant`];
    if (standing === 'unseen')
      return [`  ${paint('✗', 'red')} the owners of ${name} may not be read, or it was deleted just now`];
    return [
      `  ${paint('✗', 'red')} does not own ${name}, so it may not change its secrets`,
      `    IDENTITY=${printable(principalId)} APP_ID=${appId}`,
      `    ${OWNER_COMMAND}`,
    ];
  });
  return { lines, mayWork: owned.applications.every(({ standing }) => standing === 'owned') };
};
