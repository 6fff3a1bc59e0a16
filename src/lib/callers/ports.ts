import type { Caller } from './rules/caller.ts';

/** Who signs people and programs in: Entra ID of the config's tenant, or in local mode a server of this machine. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly tenantId: string;
  readonly jwksUri: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Proves this app as a client without a secret: a token of its managed identity for api://AzureADTokenExchange. */
  readonly clientAssertion: () => Promise<string>;
}

/** The people who have signed in with a browser. */
export interface Sessions {
  /**
   * Whose session a cookie names.
   * @returns `undefined` for a handle that nobody was given, or whose session has ended
   */
  read(handle: string): Promise<Caller | undefined>;
}
