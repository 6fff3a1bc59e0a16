/** What a credential is. Each source lists some of these; a grant has events of its own. */
export const CREDENTIAL_KINDS = {
  secret: { meaning: 'a secret of Key Vault' },
  key: { meaning: 'a key of Key Vault' },
  certificate: { meaning: 'a certificate of Key Vault, with the secret and the key behind it' },
} as const;

export type CredentialKind = keyof typeof CREDENTIAL_KINDS;
