import type { AuthorizationServers } from '../authorizationServers/authorizationServers.ts';

export interface SeededGrant {
  readonly id: string;
  /** Which of the authorization servers on this machine issued it. */
  readonly server: Exclude<keyof AuthorizationServers, 'close' | symbol>;
  readonly lifetimeDays: number;
  /** How long a consent lives at that provider, however often it is refreshed; absent: for ever. */
  readonly consentDays?: number;
  readonly owner: string;
  /** Hosts of the API that its access tokens are for. */
  readonly targets: readonly string[];
}

/** The grants that Contoso has Keywatch refresh: a three-month cycle, a six-month one, and an odd provider. */
export const companyGrants: readonly SeededGrant[] = [
  {
    id: 'salesforce-orders',
    server: 'strict',
    lifetimeDays: 90,
    owner: 'crm-integration@contoso.example',
    targets: ['contoso.my.salesforce.com'],
  },
  {
    id: 'servicenow-incidents',
    server: 'graceful',
    lifetimeDays: 180,
    owner: 'itsm-platform@contoso.example',
    targets: ['contoso.service-now.com'],
  },
  {
    id: 'loyalty-partner',
    server: 'odd',
    lifetimeDays: 90,
    consentDays: 120,
    owner: 'partner-apis@contoso.example',
    targets: ['api.loyalty-partner.example'],
  },
];

/** A grant that a script of another team refreshes, and has not for a while. */
export const OBSERVED_GRANT = {
  id: 'hubspot-campaigns',
  clientId: 'contoso-campaigns',
  owner: 'crm-integration@contoso.example',
  rotationCycleDays: 30,
  writtenDaysAgo: 47,
  endsInDays: 133,
} as const;

/** The refresher may touch only what begins so. */
export const tokenName = (grantId: string): string => `oauth-${grantId}`;
export const clientSecretName = ({ name }: { readonly name: string }): string => `oauth-client-${name}`;
