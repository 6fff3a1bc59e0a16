import { forbidden } from './errors.ts';

/** Data actions of Azure RBAC that the stand-in tells apart, without `Microsoft.KeyVault/vaults/` and `/action`. */
export type DataAction =
  | 'secrets/readMetadata'
  | 'secrets/getSecret'
  | 'secrets/setSecret'
  | 'secrets/update'
  | 'secrets/delete'
  | 'keys/read'
  | 'keys/create'
  | 'keys/update'
  | 'keys/sign'
  | 'keys/unwrap'
  | 'keys/delete'
  | 'keyrotationpolicies/read'
  | 'certificates/read';

export interface Grant {
  readonly actions: readonly DataAction[] | 'all';
  /** Objects whose name begins so; absent: all of them. A grant with a prefix does not cover listings. */
  readonly namePrefix?: string;
}

/** Somebody who may ask for tokens, and what the tokens allow. */
export interface Identity {
  readonly name: string;
  readonly grants: readonly Grant[];
}

/** Everything: for seeding, and for playing the person who owns a vault. */
export const ownerIdentity: Identity = { name: 'owner', grants: [{ actions: 'all' }] };

/** Metadata only, as the built-in role Key Vault Reader: cannot read the value of a secret. */
export const scannerIdentity: Identity = {
  name: 'scanner',
  grants: [
    { actions: ['secrets/readMetadata', 'keys/read', 'keyrotationpolicies/read', 'certificates/read'] },
  ],
};

/** Gets, sets and updates the secrets of grants, and unwraps with the keys of Keywatch. */
export const refresherIdentity: Identity = {
  name: 'refresher',
  grants: [
    {
      actions: ['secrets/readMetadata', 'secrets/getSecret', 'secrets/setSecret', 'secrets/update'],
      namePrefix: 'oauth-',
    },
    { actions: ['keys/read', 'keys/unwrap'], namePrefix: 'keywatch-' },
  ],
};

/** Gets and sets the secrets of applications. */
export const rotatorIdentity: Identity = {
  name: 'rotator',
  grants: [
    { actions: ['secrets/readMetadata', 'secrets/getSecret', 'secrets/setSecret'], namePrefix: 'oauth-app-' },
  ],
};

/** Refuses with 403 what no grant covers. `name` is absent for a listing of the whole vault. */
export const authorize = (identity: Identity, action: DataAction, name: string | undefined): void => {
  if (identity.grants.some((grant) => covers(grant, action, name))) return;
  throw forbidden(`${identity.name} may not ${action} on ${name ?? '*'}`, 'ForbiddenByRbac');
};

const covers = ({ actions, namePrefix }: Grant, action: DataAction, name: string | undefined): boolean =>
  (actions === 'all' || actions.includes(action)) &&
  (namePrefix === undefined || (name?.toLowerCase().startsWith(namePrefix.toLowerCase()) ?? false));
