import { READ, RECONNECT, tokenRole } from '../src/lib/callers/rules/roles.ts';
import { jsonObjectOf } from '../src/lib/kernel/json.ts';
import { pathOf } from '../src/lib/web/rules/routes.ts';
import { type Asking, askAgain, whyUnanswered } from './askAgain.ts';

/** A grant that nobody has: whoever is not proven learns no more of it than of one that is there. */
const GRANT = 'health-check';
const PROTECTED_PATH = pathOf('grantToken', { id: GRANT });

const EVERY_ROLE = [READ, RECONNECT, tokenRole(GRANT)];

/** What App Service authentication would write: only an app that believes whoever writes it lets this in. */
const FORGED_PRINCIPAL = {
  auth_typ: 'aad',
  role_typ: 'roles',
  claims: EVERY_ROLE.map((role) => ({ typ: 'roles', val: role })),
};

/** Calls of somebody who has proven nothing, by what they bring. */
const UNPROVEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'without a token': {},
  'with a forged x-ms-client-principal': {
    'x-ms-client-principal': Buffer.from(JSON.stringify(FORGED_PRINCIPAL)).toString('base64'),
    'x-ms-client-principal-id': '00000000-0000-0000-0000-000000000000',
    'x-ms-client-principal-idp': 'aad',
  },
};

/** What a deployed app did with calls of nobody. `call` is what the first one brought that was not refused as it must. */
export type ProtectedAnswer =
  | { closed: true }
  /** It did something else than to refuse: let somebody in, or looked further than at who calls. */
  | { closed: false; reason: 'open'; call: string; status: number }
  /** Its address does not answer as that of Keywatch: what `said` came instead, to the end. */
  | { closed: false; reason: 'no_answer'; call: string; said: string };

/**
 * Calls a protected address of a deployed app as nobody, in each way, and wants the 401 of the app itself. What may be
 * a platform that still starts (its 404, 5xx, no answer) is asked again. Any other answer is final: where one instance
 * of several is open, asking until another one refuses would hide it.
 *
 * @throws {TypeError} when the url is none.
 */
export const askProtected = async (asking: Asking): Promise<ProtectedAnswer> => {
  const address = new URL(PROTECTED_PATH, asking.url);
  const unsure = (answer: ProtectedAnswer) =>
    answer.closed || answer.reason === 'open' ? undefined : `a call ${answer.call}: ${answer.said}`;
  for (const [call, headers] of Object.entries(UNPROVEN)) {
    const callOnce = async (): Promise<ProtectedAnswer> => {
      const answer = await callAsNobody(address, headers, asking.timeoutMs);
      return answer.closed ? answer : { ...answer, call };
    };
    const answer = await askAgain(asking, callOnce, unsure);
    if (!answer.closed) return answer;
  }
  return { closed: true };
};

type Once =
  | { closed: true }
  | { closed: false; reason: 'open'; status: number }
  | { closed: false; reason: 'no_answer'; said: string };

const callAsNobody = async (
  address: URL,
  headers: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<Once> => {
  const unsure = (said: string): Once => ({ closed: false, reason: 'no_answer', said });
  try {
    const response = await fetch(address, {
      method: 'POST',
      body: '{}',
      headers: { ...headers, 'content-type': 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { status } = response;
    // The host answers 401 too where a function wants a key; it does not say then how to prove who one is.
    if (status === 401)
      return /^Bearer\b/i.test(response.headers.get('www-authenticate') ?? '')
        ? { closed: true }
        : unsure('status 401 without WWW-Authenticate: Bearer, not from Keywatch');
    // The platform has no JSON for an address that it does not know: this one was looked up by the app.
    const isOfApp = status === 404 && jsonObjectOf(await response.text()) !== undefined;
    if ((status === 404 && !isOfApp) || status >= 500) return unsure(`status ${status}`);
    return { closed: false, reason: 'open', status };
  } catch (error) {
    return unsure(whyUnanswered(error));
  }
};

/** What the answer means, and what to do. */
export const protectedInWords = (answer: ProtectedAnswer): string => {
  if (answer.closed) return 'It refuses whoever calls it without proof of who they are.';
  if (answer.reason === 'no_answer')
    return (
      `A call ${answer.call} to ${PROTECTED_PATH} was not refused by the app: ${answer.said}.\n` +
      'See whether its functions are listed (the app in the portal, Functions), deploy the package of this version\n' +
      'again ("azd deploy"), and see under Authentication that nothing of the platform answers in its place.'
    );
  return (
    `A call ${answer.call} to ${PROTECTED_PATH} was answered with ${answer.status}, and only 401 is right:\n` +
    'the app must not look at a call before it knows who makes it. Treat it as open: stop it now, in the portal or by\n' +
    '"az functionapp stop -g GROUP -n APP", and deploy the package of this version again. Where a proxy stands before\n' +
    'the app, or Authentication is on in the portal, see that neither answers, or signs callers in, in its place.'
  );
};
