import type { TenantOwner } from '../entra/tenant.ts';
import { guidOf } from './guidOf.ts';

/** Who rotates, as an owner of applications. */
export const ROTATOR: TenantOwner = {
  id: guidOf('identity', 'rotator'),
  type: 'servicePrincipal',
  displayName: 'Keywatch rotator',
};
