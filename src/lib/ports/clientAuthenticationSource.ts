import type { Grant } from '../domain/grant.ts';
import type { ResolvedClientAuthentication } from './authorizationServer.ts';
import type { StoreFailure } from './storeFailure.ts';

/** Reads the client's own credential from the vault: before anything is spent, never afterwards. */
export interface ClientAuthenticationSource {
  resolve(
    grant: Grant,
  ): Promise<
    { readonly ok: true; readonly clientAuthentication: ResolvedClientAuthentication } | StoreFailure
  >;
}
