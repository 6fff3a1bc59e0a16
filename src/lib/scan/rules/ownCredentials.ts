import type { Grant } from '../../oauth/rules/grant.ts';
import type { VaultObjectKind } from './credential.ts';

/** A credential that Keywatch itself works with, as an object of a vault. */
export interface OwnCredential {
  readonly role: 'sealing key' | 'client key' | 'client certificate' | 'client secret';
  readonly kind: VaultObjectKind;
  readonly vaultUrl: string;
  readonly name: string;
}

/** The sealing key and the clients' own secrets, keys and certificates, each once. */
export const ownCredentials = (
  grants: readonly { readonly grant: Pick<Grant, 'clientCredential'> }[],
  /** Its identifier; absent: nothing is sealed. */
  sealingKeyId: string | undefined,
): OwnCredential[] => {
  const found = new Map<string, OwnCredential>();
  const add = (one: OwnCredential): void => {
    found.set(`${one.vaultUrl}/${one.kind}/${one.name.toLowerCase()}`, one);
  };
  if (sealingKeyId !== undefined) {
    const { origin, pathname } = new URL(sealingKeyId);
    const name = pathname.split('/')[2] ?? '';
    add({ role: 'sealing key', kind: 'key', vaultUrl: origin, name });
  }
  for (const { grant } of grants) {
    for (const { kind, vaultUrl, name } of grant.clientCredential.objects)
      add({ role: `client ${kind}`, kind, vaultUrl, name });
  }
  return [...found.values()];
};
