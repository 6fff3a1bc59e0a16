import type { Failure } from '../../kernel/failure.ts';
import type { ClientCredentialStore } from '../ports.ts';
import type { SecretReference } from '../rules/grant.ts';

/** An object of Key Vault that proves a client: the latest version of a secret, a key, or the key of a certificate. */
export interface CredentialObject extends SecretReference {
  readonly kind: 'secret' | 'key' | 'certificate';
  /** The member of the grant that names it. */
  readonly setting: string;
}

export interface ProofRequest {
  readonly clientId: string;
  /** The audience of an assertion that names none of its own. */
  readonly tokenEndpoint: string;
  readonly nowEpochMs: number;
}

/** What proves the client in one request: parameters for the body, headers, a certificate for the connection. */
export interface ClientProof {
  readonly headers?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Certificate and key as PEM, for mutual TLS. @see RFC 8705 */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** Proves the client in one request. Rejects when a signer does: nothing has been sent by then. */
export type ClientAuthentication = (request: ProofRequest) => Promise<ClientProof>;

/** A client that can prove itself: its credential was read. */
export type OpenedClient = { readonly ok: true; readonly authenticate: ClientAuthentication } | Failure;

/** How the client of one grant proves itself, as the config says it. Holds no secret, only where one is kept. */
export interface ClientCredential {
  /** Name of the method in RFC 8414. */
  readonly method: string;
  /** What it uses of Key Vault. */
  readonly objects: readonly CredentialObject[];
  /** The members of the config that name it, as they are there. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Where the provider refuses the client: what else to see to, as the end of a sentence. */
  readonly whenRefused: string;
  /** Reads the credential, before anything is spent. */
  readonly open: (store: ClientCredentialStore) => Promise<OpenedClient>;
}
