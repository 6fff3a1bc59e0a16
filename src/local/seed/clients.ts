/** A client of the seeded company at its tenant of Entra ID, and the application that it is. */
export interface SeededClient {
  readonly id: string;
  /** Name of the application; its newest secret is the one that the client uses. */
  readonly application: string;
  /** Application roles that it was granted. */
  readonly roles: readonly string[];
  /** Those that the config expects; absent: the same. */
  readonly expects?: readonly string[];
  /** Somebody removed its secret early: the vault still holds it, with an end far ahead. */
  readonly isRevoked?: boolean;
  /** Its secret is rotated: as the config says it. */
  readonly rotate?: object;
  readonly owner: string;
}

/** Two that work, one of which is rotated and one was granted too much, and one whose secret was revoked early. */
export const companyClients: readonly SeededClient[] = [
  {
    id: 'reporting-export',
    application: 'Reporting API',
    roles: ['Reports.Read.All'],
    rotate: { lifetimeDays: 90 },
    owner: 'data-platform@contoso.example',
  },
  {
    id: 'warehouse-sync',
    application: 'Warehouse sync',
    roles: ['Stock.Read', 'Stock.ReadWrite'],
    expects: ['Stock.Read'],
    owner: 'logistics@contoso.example',
  },
  {
    id: 'dynamics-orders',
    application: 'Dynamics connector',
    roles: ['Orders.Read'],
    isRevoked: true,
    owner: 'crm-integration@contoso.example',
  },
];

/** A client of another authorization server: the same that refreshes the grants there. */
export const OTHER_CLIENT = {
  id: 'loyalty-points',
  server: 'strict',
  scopes: ['api.read'],
  owner: 'partner-apis@contoso.example',
} as const;
