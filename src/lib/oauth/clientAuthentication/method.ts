import type * as z from 'zod/mini';
import type { AssertionAlgorithm } from '../rules/assertionAlgorithm.ts';
import type { ClientCredential, CredentialObject } from './clientCredential.ts';

/** Optional members of a grant's entry in the config file, by name, each with its description. */
type Members = Readonly<Record<string, z.ZodMiniType>>;

/** What the members hold once they are known to be there. */
type Entry<M extends Members> = { readonly [Name in keyof M]-?: NonNullable<z.output<M[Name]>> };

/** What a method may ask while it reads its members. */
export interface EntryContext {
  readonly clientId: string;
  /** Of the provider: whether id and secret are form-encoded for Basic; true when absent. */
  readonly basicFormEncoding?: boolean | undefined;
  /** Of the provider: what an RSA key signs with; RS256 when absent. */
  readonly rsaAssertionAlgorithm?: AssertionAlgorithm | undefined;
  /**
   * The object of Key Vault that a member names; `undefined` where its vault is at fault, which is reported.
   * @param vault address; that of the grant when absent
   */
  readonly objectOf: (
    kind: CredentialObject['kind'],
    setting: string,
    vault: string | undefined,
    name: string,
  ) => CredentialObject | undefined;
  /** Reports what cannot work in a member of the grant. */
  readonly fault: (member: string, given: string, allowed: string) => void;
}

/** One way in which a client proves itself at a token endpoint. A further one is a file like this and a line of `METHODS`. */
export interface ClientAuthenticationMethod<Name extends string = string, M extends Members = Members> {
  /** Its name in RFC 8414, or in the registry that RFC made. */
  readonly name: Name;
  /** What it is, for the documents. */
  readonly meaning: string;
  /** Which members of a grant say where its credential is; all of them have to be there, and no other method's. */
  readonly members: M;
  /** Whether client and provider share a secret, which either can lose. */
  readonly hasSharedSecret: boolean;
  /** Parameters of a request that are its own. */
  readonly parameters: readonly string[];
  /** `undefined` where a fault was reported that leaves nothing to work with. */
  credential(entry: Entry<M>, context: EntryContext): ClientCredential | undefined;
}

/** Keeps the literal name and the types of the members. */
export const method = <const Name extends string, M extends Members>(
  definition: ClientAuthenticationMethod<Name, M>,
): ClientAuthenticationMethod<Name, M> => definition;
