import * as z from 'zod/mini';
import { permanentFailure } from '../../kernel/failure.ts';
import { optional } from '../../kernel/schema.ts';
import { vaultNameOf } from '../../kernel/vaultUrl.ts';
import type { ClientAuthentication, ClientCredential } from './clientCredential.ts';
import { nameMember, vaultMember } from './members.ts';
import type { EntryContext } from './method.ts';

const clientSecret = optional(
  z.strictObject({ vault: vaultMember, secretName: nameMember('secret') }),
  "Key Vault secret with the client's secret. As deployed, the refresher may read only secrets whose name begins with oauth-.",
);

/** The members of every method that sends a secret. */
export const SECRET_MEMBERS = { clientSecret };

/** A client that proves itself with a secret of Key Vault. */
export const secretCredential = (
  method: string,
  {
    clientSecret: { vault, secretName },
  }: { readonly clientSecret: NonNullable<z.infer<typeof clientSecret>> },
  { objectOf }: Pick<EntryContext, 'objectOf'>,
  proofBy: (clientSecret: string) => ClientAuthentication,
): ClientCredential | undefined => {
  const secret = objectOf('secret', 'clientSecret', vault, secretName);
  if (secret === undefined) return undefined;
  const where = `secret ${secret.name} of ${vaultNameOf(secret.vaultUrl)}`;
  return {
    method,
    objects: [secret],
    whenRefused: `, and that ${where} holds its secret as it is today: renew it there if it ended`,
    async open(store) {
      const read = await store.readSecret(secret);
      if (!read.ok) return read;
      if (isWrittenWrongly(read.value)) return wrong(where);
      return { ok: true, authenticate: proofBy(read.value) };
    },
  };
};

/**
 * Whether a person or a script wrote it with a line break or a blank at an end: the server would only say that it
 * does not know the client. Nothing is repaired in silence, as with a refresh token.
 */
export const isWrittenWrongly = (secret: string): boolean =>
  /[\r\n]/.test(secret) || secret !== secret.trim();

const wrong = (where: string) =>
  permanentFailure({
    code: 'client_secret_with_whitespace',
    message: `The client's secret in ${where} begins or ends with a blank, or holds a line break.`,
    action: `Write the client's secret into ${where} again without it (printf, not echo; no line break at the end of --file).`,
  });
