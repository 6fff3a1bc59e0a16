import { ConfidentialClientApplication } from '@azure/msal-node';
import { rsaPair } from './rsaPair.ts';

/** A program of its own, to be bundled: signs in by a certificate, and prints what signs for it and what would judge that. */
const { privateKey, publicKey } = rsaPair();
const AUTHORITY = 'https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000';
const application = new ConfidentialClientApplication({
  auth: {
    clientId: 'keywatch',
    authority: AUTHORITY,
    authorityMetadata: JSON.stringify({
      issuer: `${AUTHORITY}/v2.0`,
      authorization_endpoint: `${AUTHORITY}/oauth2/v2.0/authorize`,
      token_endpoint: `${AUTHORITY}/oauth2/v2.0/token`,
      jwks_uri: `${AUTHORITY}/discovery/v2.0/keys`,
    }),
    clientCertificate: {
      thumbprintSha256: '00'.repeat(32),
      privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    },
  },
  system: {
    networkClient: {
      sendGetRequestAsync: () => Promise.reject(new Error('nothing is asked')),
      sendPostRequestAsync(_url, options) {
        const signed = new URLSearchParams(options?.body).get('client_assertion');
        const report = { signed, publicKey: publicKey.export({ format: 'pem', type: 'spki' }) };
        process.stdout.write(JSON.stringify(report));
        return Promise.reject(new Error('nobody answers'));
      },
    },
  },
});
application
  .acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] })
  .catch(() => undefined);
