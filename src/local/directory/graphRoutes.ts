import type { GraphRole } from '../../lib/directory/rules/graphRoles.ts';
import type { TenantApplication } from '../entra/tenant.ts';
import type { Answer } from '../keyVault/call.ts';
import { WireError } from '../keyVault/errors.ts';
import { pageOf } from '../keyVault/paging.ts';
import { badRequest, type GraphCall, notImplemented, notThere, requireRole } from './graphCall.ts';
import {
  applicationObject,
  type GraphObject,
  ownerObject,
  ownPrincipal,
  samlPrincipalObject,
} from './graphObjects.ts';
import { addPassword, removePassword } from './passwordRoutes.ts';

const LARGEST_PAGE = 999;
const DEFAULT_PAGE = 100;
const POLICY_ROLE = 'Policy.Read.All';

type Handler = (call: GraphCall, parameters: Readonly<Record<string, string>>) => Answer;

const APPLICATION = "/applications(?:/(?<id>[0-9a-fA-F-]{36})|\\(appId='(?<appId>[0-9a-fA-F-]{36})'\\))";
const PRINCIPAL = '/servicePrincipals/(?<id>[\\w-]+)';
const POLICIES = '/policies/appManagementPolicies';
const POLICY = `${POLICIES}/(?<id>[\\w-]+)`;

const routes = (all: readonly (readonly [string, string, Handler])[]) =>
  all.map(([method, path, handle]) => ({ method, path: new RegExp(`^${path}$`), handle }));

const ROUTES = routes([
  ['GET', '/applications', (call) => listed(call, applicationsOf(call))],
  ['GET', '/servicePrincipals', (call) => listed(call, principalsOf(call))],
  ['GET', APPLICATION, (call, by) => one(call, applicationObject(call.directory, found(call, by)))],
  ['GET', `${APPLICATION}/owners`, (call, by) => owners(call, found(call, by).owners ?? [])],
  ['GET', `${APPLICATION}/federatedIdentityCredentials`, (call, by) => federated(call, found(call, by))],
  ['POST', `${APPLICATION}/addPassword`, (call, by) => addPassword(call, owned(call, by))],
  ['POST', `${APPLICATION}/removePassword`, (call, by) => removePassword(call, owned(call, by))],
  ['GET', `${PRINCIPAL}/owners`, (call, { id }) => owners(call, principalOwners(call, id))],
  ['GET', `${PRINCIPAL}/appRoleAssignments`, (call, { id }) => listed(call, rolesOf(call, id))],
  ['GET', '/policies/defaultAppManagementPolicy', (call) => defaultPolicy(call)],
  ['GET', POLICIES, (call) => listed(call, attachedPolicies(call), POLICY_ROLE)],
  ['GET', `${POLICY}/appliesTo`, (call, { id }) => listed(call, attachedTo(call, id), POLICY_ROLE)],
]);

/** Answers one request, or one of a batch; refuses with 501 what it cannot do. */
export const graphReply = (call: GraphCall): Answer => {
  for (const name of call.query.keys())
    if (!['$top', '$select', '$skiptoken'].includes(name)) throw notImplemented(`the query option ${name}`);
  for (const { method, path, handle } of ROUTES) {
    const match = method === call.method ? path.exec(call.path) : null;
    if (match !== null) return handle(call, { ...match.groups });
  }
  throw notImplemented(`${call.method} ${call.path}`);
};

const applicationsOf = ({ directory }: GraphCall): readonly GraphObject[] =>
  directory.tenant.applications.map((application) => applicationObject(directory, application));

const principalsOf = ({ directory }: GraphCall): readonly GraphObject[] => [
  ...directory.tenant.applications.map(ownPrincipal),
  ...directory.samlPrincipals.map(samlPrincipalObject),
];

const selected = (object: GraphObject, query: URLSearchParams): object => {
  const names = query.get('$select')?.split(',');
  if (names === undefined) return object;
  const unknown = names.find((name) => !Object.hasOwn(object, name));
  if (unknown !== undefined) throw badRequest(`Could not find a property named '${unknown}'`);
  // `@odata.type` comes with whatever is selected.
  return Object.fromEntries(
    Object.entries(object).filter(([name]) => names.includes(name) || name.startsWith('@')),
  );
};

const listed = (
  call: GraphCall,
  objects: readonly GraphObject[],
  role: GraphRole = 'Application.Read.All',
): Answer => {
  const { caller, query, baseUrl, path } = call;
  requireRole(caller, role);
  const size = Number(query.get('$top') ?? DEFAULT_PAGE);
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_PAGE)
    throw badRequest(`$top must be from 1 to ${LARGEST_PAGE}`);
  const after = query.get('$skiptoken') ?? undefined;
  const ordered = objects.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const { items, nextAfter } = pageOf(ordered, ({ id }) => id, { size, after });
  const next = new URLSearchParams(query);
  if (nextAfter !== undefined) next.set('$skiptoken', nextAfter);
  return {
    status: 200,
    body: {
      '@odata.context': `${baseUrl}/v1.0/$metadata#${path.slice(1)}`,
      ...(nextAfter === undefined ? {} : { '@odata.nextLink': `${baseUrl}/v1.0${path}?${next}` }),
      value: items.map((object) => selected(object, query)),
    },
  };
};

const one = ({ caller, query }: GraphCall, object: GraphObject): Answer => {
  if (!caller.roles.includes('Application.ReadWrite.OwnedBy')) requireRole(caller, 'Application.Read.All');
  return { status: 200, body: selected(object, query) };
};

const found = (
  { directory }: GraphCall,
  { id, appId }: Readonly<Record<string, string | undefined>>,
): TenantApplication => {
  const application = directory.tenant.applications.find((application) =>
    id === undefined ? application.appId === appId?.toLowerCase() : application.objectId === id.toLowerCase(),
  );
  if (application === undefined) throw notThere(`application ${id ?? appId}`);
  return application;
};

/** An application that the caller may change: it is an owner, and may change those. */
const owned = (call: GraphCall, by: Readonly<Record<string, string | undefined>>): TenantApplication => {
  requireRole(call.caller, 'Application.ReadWrite.OwnedBy');
  const application = found(call, by);
  if (application.owners?.some(({ id }) => id === call.caller.principalId) !== true)
    throw new WireError(403, 'Authorization_RequestDenied', 'the caller is no owner of this application');
  return application;
};

const owners = (call: GraphCall, of: NonNullable<TenantApplication['owners']>): Answer =>
  listed(
    call,
    of.map((owner) => ownerObject(owner, call.caller.roles.includes('User.Read.All'))),
  );

const principalOwners = ({ directory }: GraphCall, id: string | undefined) => {
  const principal = directory.samlPrincipals.find(({ objectId }) => objectId === id);
  if (principal === undefined) throw notThere(`service principal ${id}`);
  return principal.owners;
};

const rolesOf = ({ directory }: GraphCall, id: string | undefined): readonly GraphObject[] =>
  directory.roleAssignments
    .filter(({ principalId }) => principalId === id)
    .map((assignment) => ({ ...assignment }));

const federated = (call: GraphCall, { federated: names = [] }: TenantApplication): Answer =>
  listed(
    call,
    names.map((name) => ({ id: name, name })),
  );

const defaultPolicy = ({ caller, directory }: GraphCall): Answer => {
  requireRole(caller, POLICY_ROLE);
  return { status: 200, body: directory.defaultPolicy };
};

const attachedPolicies = ({ directory }: GraphCall): readonly GraphObject[] =>
  directory.attachedPolicies.map(({ appliesTo: _, ...shown }) => shown);

const attachedTo = ({ directory }: GraphCall, id: string | undefined): readonly GraphObject[] => {
  const attached = directory.attachedPolicies.find((one) => one.id === id);
  if (attached === undefined) throw notThere(`policy ${id}`);
  return attached.appliesTo.map((objectId) => ({ id: objectId }));
};
