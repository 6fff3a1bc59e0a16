/** What a credential is. Each source lists some of these; a grant has events of its own. */
export const CREDENTIAL_KINDS = {
  secret: { meaning: 'a secret of Key Vault' },
  key: { meaning: 'a key of Key Vault' },
  certificate: { meaning: 'a certificate of Key Vault, with the secret and the key behind it' },
  app_secret: { meaning: 'a client secret of an application in Entra ID' },
  app_certificate: { meaning: 'a certificate with which an application signs in to Entra ID' },
  saml_certificate: {
    meaning: 'the certificate with which Entra ID signs what an enterprise application gets by SAML',
  },
} as const;

export type CredentialKind = keyof typeof CREDENTIAL_KINDS;
