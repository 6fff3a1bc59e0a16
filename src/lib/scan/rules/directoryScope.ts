import type { VaultPolicy } from './assess.ts';

/** What of one tenant is scanned. */
export interface DirectoryScope {
  /** The id of the target: no vault has an address like it. */
  readonly target: string;
  /** Whether enterprise applications' own secrets and certificates are listed too. */
  readonly servicePrincipals: boolean;
  /** Whether the certificates that sign for SAML are. */
  readonly saml: boolean;
  readonly policy: VaultPolicy;
}

export const directoryTarget = (tenantId: string): string => `entra:${tenantId}`;
