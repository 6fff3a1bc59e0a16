/**
 * The application permissions of Microsoft Graph that identities of Keywatch may hold, by the name that the portal
 * shows. No other is asked for.
 * @see https://learn.microsoft.com/graph/permissions-reference
 */
export const GRAPH_ROLES = {
  'Application.Read.All': {
    appRoleId: '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
    identity: 'scanner',
    isOptional: false,
    purpose: 'list applications and service principals with their credentials, owners and federations',
  },
  'Policy.Read.All': {
    appRoleId: '246dd0d5-5bd0-4def-940b-0421030a5b68',
    identity: 'scanner',
    isOptional: true,
    purpose: 'read how long the tenant lets a credential live',
  },
  'User.Read.All': {
    appRoleId: 'df021288-bdef-4463-88db-98f22de89214',
    identity: 'scanner',
    isOptional: true,
    purpose: 'read the names of owners who are users; without it only their ids are known',
  },
  'Application.ReadWrite.OwnedBy': {
    appRoleId: '18a4783c-866b-4cc7-a460-3d5e5662c884',
    identity: 'rotator',
    isOptional: false,
    purpose: 'add and remove secrets of the applications that it owns, and of no other',
  },
} as const;

export type GraphRole = keyof typeof GRAPH_ROLES;

/** Who of Keywatch signs in to Microsoft Graph. */
export type GraphIdentity = (typeof GRAPH_ROLES)[GraphRole]['identity'];

const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';

const ASSIGNMENTS = 'https://graph.microsoft.com/v1.0/servicePrincipals/$IDENTITY/appRoleAssignments';

/** What to do where a role is missing. */
export const giveRole = (role: GraphRole): string =>
  `An administrator gives the ${GRAPH_ROLES[role].identity} identity (its object id in $IDENTITY) the app role ${role}: ${grantCommand(role)}`;

/** The command by which an administrator gives a role to the identity whose object id is in `$IDENTITY`. */
export const grantCommand = (role: GraphRole): string =>
  `az rest --method POST --url "${ASSIGNMENTS}" --body "{'principalId':'$IDENTITY','resourceId':'$(az ad sp show --id ${GRAPH_APP_ID} --query id --output tsv)','appRoleId':'${GRAPH_ROLES[role].appRoleId}'}"`;

/** The commands by which an administrator sees which roles that identity has, and takes the one with the id `ID` away. */
export const TAKE_ROLE_AWAY: readonly string[] = [
  `az rest --method GET --url "${ASSIGNMENTS}" --query "value[].{ID:id,appRoleId:appRoleId}" --output table`,
  `az rest --method DELETE --url "${ASSIGNMENTS}/ID"`,
];

/** The command by which an administrator, or another owner, lets `$IDENTITY` change one application, `$APP_ID`. */
export const OWNER_COMMAND = 'az ad app owner add --id $APP_ID --owner-object-id $IDENTITY';
