import { keysOf } from '../../kernel/keysOf.ts';
import { GRAPH_ROLES, type GraphIdentity, type GraphRole } from './graphRoles.ts';

/** The application permissions of an identity beside those that it is meant to have. */
export interface RoleJudgement {
  readonly held: readonly GraphRole[];
  readonly missing: readonly GraphRole[];
  /** What it can do without, as it came; whoever steals its token can do that too. */
  readonly needless: readonly string[];
}

/** @param roles the permissions that it holds, by their names */
export const judgeRoles = (identity: GraphIdentity, roles: readonly string[]): RoleJudgement => {
  const meant = keysOf(GRAPH_ROLES).filter((role) => GRAPH_ROLES[role].identity === identity);
  return {
    held: meant.filter((role) => roles.includes(role)),
    missing: meant.filter((role) => !roles.includes(role)),
    needless: roles.filter((role) => !meant.some((one) => one === role)),
  };
};

/** Permissions by which an identity can make itself anything else. */
const ANYTHING: ReadonlySet<string> = new Set([
  'Application.ReadWrite.All',
  'AppRoleAssignment.ReadWrite.All',
  'Directory.ReadWrite.All',
  'RoleManagement.ReadWrite.Directory',
]);

/** What is wrong with a permission that is not needed, as the end of a sentence. */
export const whyNeedless = (role: string): string =>
  ANYTHING.has(role)
    ? 'by which it could become any application of the tenant'
    : 'which Keywatch has no use for';
