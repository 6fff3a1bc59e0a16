import type { StoreFailure } from '../../kernel/storeFailure.ts';
import type { Grant } from '../rules/grant.ts';
import type { ResolvedClientAuthentication } from './authorizationServer.ts';

/** Reads the client's own credential from the vault: before anything is spent, never afterwards. */
export interface ClientAuthenticationSource {
  resolve(
    grant: Grant,
  ): Promise<
    { readonly ok: true; readonly clientAuthentication: ResolvedClientAuthentication } | StoreFailure
  >;
}
