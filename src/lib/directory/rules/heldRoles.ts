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

/** Permissions by which an identity can make itself anything else, by their ids, which are the same in every tenant. */
const ANYTHING: Readonly<Record<string, string>> = {
  '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9': 'Application.ReadWrite.All',
  '06b708a9-e830-4db3-a914-8e69da51d44f': 'AppRoleAssignment.ReadWrite.All',
  '19dbc75e-c2e2-444c-a770-ec69d8559fc7': 'Directory.ReadWrite.All',
  '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8': 'RoleManagement.ReadWrite.Directory',
};

/** What is wrong with a permission that is not needed, as the end of a sentence. */
export const whyNeedless = (role: string): string =>
  Object.values(ANYTHING).includes(role)
    ? 'by which it could become any application of the tenant'
    : 'which Keywatch has no use for';

/** The name of a permission; of one that Keywatch does not know, its id. */
export const roleNameOf = (appRoleId: string): string =>
  keysOf(GRAPH_ROLES).find((role) => GRAPH_ROLES[role].appRoleId === appRoleId) ??
  ANYTHING[appRoleId] ??
  appRoleId;
