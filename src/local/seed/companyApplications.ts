/** An application of the seeded company. Days count from when the company was seeded; they may be fractions. */
export interface SeededApplication {
  readonly name: string;
  readonly secrets?: readonly SeededCredential[];
  readonly certificates?: readonly SeededCredential[];
  /** A person by name, or another application; absent: nobody. */
  readonly owner?: { readonly person: string } | { readonly application: string };
  readonly federated?: readonly string[];
  readonly tags?: readonly string[];
}

export interface SeededCredential {
  readonly endsInDays: number;
  /** Days since it was made; 60 when absent. */
  readonly madeDaysAgo?: number;
  readonly displayName?: string;
}

const ANA = { person: 'ana.lima@contoso.example' } as const;
const JUN = { person: 'jun.sato@contoso.example' } as const;
const TO_2299 = 273 * 365.25;

/** The tenant of Contoso: what is usually the matter with applications, and some with which nothing is. */
export const companyApplications: readonly SeededApplication[] = [
  {
    name: 'CRM portal',
    owner: ANA,
    federated: ['github-main'],
    secrets: [{ endsInDays: 6, madeDaysAgo: 359, displayName: 'prod' }],
  },
  {
    name: 'Dynamics connector',
    owner: JUN,
    secrets: [
      { endsInDays: -3, madeDaysAgo: 368, displayName: '2025' },
      { endsInDays: 355, madeDaysAgo: 10, displayName: '2026' },
    ],
  },
  {
    name: 'Data lake export',
    owner: { application: 'Deployer' },
    certificates: [{ endsInDays: 21, madeDaysAgo: 344 }],
  },
  { name: 'Deployer', owner: JUN, federated: ['azure-devops'] },
  { name: 'Invoice archive', secrets: [{ endsInDays: -1, madeDaysAgo: 181 }] },
  {
    name: 'Legacy batch',
    owner: ANA,
    secrets: [{ endsInDays: TO_2299, madeDaysAgo: 1_500, displayName: 'DO NOT TOUCH' }],
  },
  { name: 'Reporting API', owner: ANA, secrets: [{ endsInDays: 150 }], certificates: [{ endsInDays: 300 }] },
  { name: 'Intranet', owner: JUN },
  {
    name: 'Warehouse sync',
    tags: ['keywatch-owner=logistics@contoso.example', 'keywatch-warning-days=60'],
    secrets: [{ endsInDays: 45, madeDaysAgo: 300 }],
  },
];

/** Which secret of a vault holds the secret of which application: the two end at different times. */
export const COMPANY_TIE = {
  application: 'Dynamics connector',
  vault: 'kv-contoso-integration',
  secretName: 'dynamics-app-secret-2',
} as const;

/** Signs for SAML with a certificate that ends soon, beside a new one that nobody has made active. */
export const companySaml = {
  name: 'Workday',
  activeEndsInDays: 24,
  newEndsInDays: 1_090,
  owner: JUN,
} as const;

/** No secret of Contoso may live longer. */
export const COMPANY_POLICY = {
  isEnabled: true,
  applicationRestrictions: {
    passwordCredentials: [{ restrictionType: 'passwordLifetime', state: 'enabled', maxLifetime: 'P730D' }],
  },
} as const;
