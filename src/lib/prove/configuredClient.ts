import { clientCredentialId, grantCredentialId } from '../credentials/credentialIds.ts';
import type { ClientCredential, CredentialObject } from '../oauth/clientAuthentication/clientCredential.ts';
import type { Grant } from '../oauth/rules/grant.ts';
import type { ProofCall, ProviderProfile } from '../oauth/rules/providerProfile.ts';
import type { ProvedClient } from './ports.ts';
import type { TokenExpectations } from './rules/tokenClaims.ts';

/** A static key that is sent as it is. */
export interface ApiKey {
  readonly secret: CredentialObject;
  readonly header: string;
  /** Stands before the key in the header; may be empty. */
  readonly prefix: string;
}

/** Where an access token is asked about, and as whom. */
export interface Introspection {
  readonly url: string;
  readonly clientId: string;
  readonly credential: ClientCredential;
  /** Audience of an assertion. */
  readonly tokenEndpoint: string;
}

/** What it uses of Key Vault. */
export const objectsOf = (subject: ConfiguredClient['subject']): readonly CredentialObject[] =>
  subject.kind === 'client'
    ? subject.client.credential.objects
    : [subject.kind === 'grant' ? subject.secret : subject.key.secret];

/** Id of the credential in telemetry. */
export const subjectIdOf = ({ id, subject }: Pick<ConfiguredClient, 'id' | 'subject'>): string =>
  subject.kind === 'grant' ? grantCredentialId(id) : clientCredentialId(id);

export const appIdOf = (subject: ConfiguredClient['subject']): string | undefined =>
  subject.kind === 'client' && subject.client.issuer.kind === 'entra' ? subject.client.clientId : undefined;

/** One credential to be proven, as the config says. Holds no secret, only where one is kept. */
export interface ConfiguredClient {
  readonly id: string;
  readonly displayName: string | undefined;
  readonly owner: string | undefined;
  readonly runbook: string | undefined;
  /** Hosts that it is used at: a label, nothing is sent there. */
  readonly targets: readonly string[] | undefined;
  /** What is asked for a token, and what that should grant; or a key or the access token of a grant, which the call alone proves. */
  readonly subject:
    | { readonly kind: 'client'; readonly client: ProvedClient; readonly expects: TokenExpectations }
    | { readonly kind: 'api_key'; readonly key: ApiKey }
    | {
        readonly kind: 'grant';
        readonly secret: CredentialObject;
        /** Absent: its server cannot be asked. */
        readonly introspection?: Introspection | undefined;
      };
  /** Absent: the token is all that is asked for. Always there for a key. */
  readonly call: ProofCall | undefined;
}

/** What is proven of a grant: the access token of its last refresh, at its provider. */
export const configuredGrant = (grant: Grant, profile: ProviderProfile): ConfiguredClient => {
  const { id, owner, runbook, targets, clientId, clientCredential: credential, secret } = grant;
  const { introspectionEndpoint: url, tokenEndpoint, proofCall: call } = profile;
  const introspection = url === undefined ? undefined : { url, clientId, credential, tokenEndpoint };
  const object: CredentialObject = { kind: 'secret', setting: 'secretName', ...secret };
  const subject = { kind: 'grant', secret: object, introspection } as const;
  return { id, displayName: undefined, owner, runbook, targets, subject, call };
};
