import { method } from './method.ts';
import { SECRET_MEMBERS, secretCredential } from './sharedSecret.ts';

// RFC 6749 §2.3.1 and appendix B: both halves are form-urlencoded before they are joined.
const formEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

/** Id and secret in the `authorization` header. @see RFC 6749 §2.3.1 */
export const clientSecretBasic = method({
  name: 'client_secret_basic',
  meaning: 'id and secret in the authorization header',
  members: SECRET_MEMBERS,
  hasSharedSecret: true,
  parameters: [],
  credential(entry, context) {
    const { clientId: id, basicFormEncoding, fault } = context;
    if (basicFormEncoding === false && id.includes(':'))
      fault('clientId', 'a colon', 'none where basicFormEncoding is false: it ends the id');
    const encode = basicFormEncoding === false ? (text: string) => text : formEncode;
    return secretCredential('client_secret_basic', entry, context, (secret) => async ({ clientId }) => {
      const pair = Buffer.from(`${encode(clientId)}:${encode(secret)}`).toString('base64');
      return { headers: { authorization: `Basic ${pair}` } };
    });
  },
});
