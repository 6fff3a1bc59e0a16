import { createHash } from 'node:crypto';
import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';

export interface GrantOfKeywatch {
  /** Address of Keywatch, such as https://NAME.azurewebsites.net. */
  readonly keywatch: string;
  /** Client id of Keywatch's app registration: `callers.clientId` of its config. */
  readonly clientId: string;
  /** Id of the grant there. */
  readonly grant: string;
  /** Whoever this program runs as: a managed identity in Azure, you on your machine. */
  readonly credential?: TokenCredential;
}

/** Calls a partner with the access token of a grant. A token that is refused is reported, and the call made once more. */
export const fetchWithGrant = (of: GrantOfKeywatch) => {
  const { keywatch, clientId, grant, credential = new DefaultAzureCredential() } = of;
  let kept = { token: '', untilMs: 0 };
  let asking: Promise<string> | undefined;

  const ask = async (refused?: string): Promise<string> => {
    const me = await credential.getToken(`${clientId}/.default`);
    const digest = refused && createHash('sha256').update(refused).digest('hex').slice(0, 16);
    const response = await fetch(`${keywatch}/api/grants/${grant}/token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${me?.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ minimumSeconds: 120, refused: digest }),
    });
    if (!response.ok) {
      const wait = response.headers.get('retry-after') ?? 'not said';
      throw new Error(
        `Keywatch answered ${response.status} for the grant ${grant}; seconds to wait: ${wait}`,
      );
    }
    const { access_token, expires_in } = (await response.json()) as {
      access_token: string;
      expires_in: number;
    };
    kept = { token: access_token, untilMs: Date.now() + (expires_in - 60) * 1_000 };
    return access_token;
  };

  // One call asks for all that wait; and a token that was refused may have been replaced for another call.
  const accessToken = async (refused?: string): Promise<string> => {
    if (kept.token !== refused && Date.now() < kept.untilMs) return kept.token;
    asking ??= ask(refused).finally(() => {
      asking = undefined;
    });
    return asking;
  };

  return async (url: string, init: RequestInit = {}): Promise<Response> => {
    const send = (token: string) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${token}`);
      return fetch(url, { ...init, headers });
    };
    const token = await accessToken();
    const response = await send(token);
    return response.status === 401 ? send(await accessToken(token)) : response;
  };
};
