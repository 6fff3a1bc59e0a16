import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { requestBody } from '../requestBody.ts';

const MOST_BODY_BYTES = 10_000;
const PATH = /^\/interaction\/[\w-]{1,100}$/;

/** Of a provider, where anybody may sign in and consent. */
export const CONSENT_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Consent</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<main><h1>A provider of Contoso, on this machine</h1>
<form method="post" action="">
<p><label>Sign in as <input name="login" value="integration@contoso.example"></label></p>
<p><button name="answer" value="approve">Approve</button> <button name="answer" value="decline">Decline</button></p>
</form></main>
`;

/** Where an attempt of oidc-provider waits for a person. */
export const interactionUrl = (_context: unknown, { uid }: { readonly uid: string }): string =>
  `/interaction/${uid}`;

/**
 * The page of an authorization server where a person signs in, as whom its form says (`login`), and consents to
 * whatever is asked for.
 * @returns whether the request was for it
 */
export const consentPage =
  (provider: Provider, html: string) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    if (!PATH.test(request.url ?? '')) return false;
    const { params } = await provider.interactionDetails(request, response);
    if (request.method !== 'POST') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
      return true;
    }
    const body = await requestBody(request, MOST_BODY_BYTES);
    const form = new URLSearchParams(body?.toString());
    if (form.get('answer') === 'decline') {
      await provider.interactionFinished(request, response, { error: 'access_denied' });
      return true;
    }
    const accountId = form.get('login') ?? '';
    const grant = new provider.Grant({ accountId, clientId: String(params['client_id']) });
    grant.addOIDCScope(String(params['scope'] ?? ''));
    const consent = { grantId: await grant.save() };
    await provider.interactionFinished(request, response, {
      ...{ login: { accountId }, consent, select_account: {} },
    });
    return true;
  };
