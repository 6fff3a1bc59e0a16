import { type KeyObject, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { SignJWT } from 'jose';
import { selfSignedCertificate } from '../keyVault/selfSigned.ts';
import { listen, stop } from '../listen.ts';
import { requestBody } from '../requestBody.ts';
import { rsaKey } from '../rsaKey.ts';
import { assertionFault } from './clientAssertion.ts';
import type { EntraTenant, TenantApplication } from './tenant.ts';
import { type RefusalNumber, refuse, type TokenAnswer } from './tokenRefusal.ts';

const MOST_BODY_BYTES = 64 * 1024;
const TOKEN_SECONDS = 3_599;
/** TLS goes by the clock of the machine, wherever that of the tenant was moved to. */
const FAR_EPOCH_MS = Date.UTC(2049, 0);

export interface EntraTokenServer extends AsyncDisposable {
  /** Host and port, for `authorityHost` of a client. */
  readonly authorityHost: string;
  /** The server's own certificate, which nobody trusts unless told to. PEM. */
  readonly ca: string;
  tokenRequests(): number;
  /** Parameters of the last request; empty before the first. */
  lastForm(): URLSearchParams;
  /** Answers the next request so, whatever it asks. */
  answerNext(answer: TokenAnswer, headers?: Readonly<Record<string, string>>): void;
  close(): Promise<void>;
}

const secretFault = (
  application: TenantApplication,
  given: string,
  nowEpochMs: number,
): RefusalNumber | undefined => {
  const known = application.secrets.filter(({ value }) => value === given);
  if (known.some(({ endEpochMs }) => endEpochMs <= nowEpochMs)) return 7000222;
  const isAccepted = known.some(
    ({ startEpochMs, acceptedFromEpochMs }) => Math.max(startEpochMs, acceptedFromEpochMs) <= nowEpochMs,
  );
  return isAccepted ? undefined : 7000215;
};

const RESOURCE_SCOPE = /^(\S+)\/\.default$/;

interface Asked {
  readonly path: string;
  readonly origin: string;
  readonly form: URLSearchParams;
}

const tokenFor = async (
  { tenantId, nowEpochMs }: EntraTenant,
  { appId, objectId, roles }: TenantApplication,
  resource: string,
  key: KeyObject,
): Promise<string> => {
  const nowSeconds = Math.floor(nowEpochMs() / 1000);
  return new SignJWT({
    appid: appId,
    azp: appId,
    oid: objectId,
    tid: tenantId,
    ver: '2.0',
    // An application without a role gets a token without the claim.
    ...(roles.length === 0 ? {} : { roles: [...roles] }),
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'local' })
    .setIssuer(`https://login.microsoftonline.com/${tenantId}/v2.0`)
    .setAudience(resource)
    .setSubject(objectId)
    .setIssuedAt(nowSeconds)
    .setNotBefore(nowSeconds)
    .setExpirationTime(nowSeconds + TOKEN_SECONDS)
    .sign(key);
};

const answerTo = async (
  tenant: EntraTenant,
  { path, origin, form }: Asked,
  key: KeyObject,
): Promise<TokenAnswer> => {
  const nowEpochMs = tenant.nowEpochMs();
  const no = (number: RefusalNumber) => refuse(number, nowEpochMs);
  if (path !== `/${tenant.tenantId}/oauth2/v2.0/token`) return no(90002);
  if (form.get('grant_type') !== 'client_credentials') return no(900144);
  const application = tenant.applications.find(({ appId }) => appId === form.get('client_id'));
  if (application === undefined) return no(700016);
  if (!application.enabled) return no(7000112);
  const [secret, assertion] = [form.get('client_secret'), form.get('client_assertion')];
  if (secret === null && assertion === null) return no(7000218);
  const fault =
    assertion === null
      ? secretFault(application, secret ?? '', nowEpochMs)
      : await assertionFault(tenant, application, assertion, `${origin}${path}`);
  if (fault !== undefined) return no(fault);
  const resource = RESOURCE_SCOPE.exec(form.get('scope') ?? '')?.[1];
  if (resource === undefined) return no(70011);
  const accessToken = await tokenFor(tenant, application, resource, key);
  const lifetimes = { expires_in: TOKEN_SECONDS, ext_expires_in: TOKEN_SECONDS };
  return { status: 200, body: { token_type: 'Bearer', ...lifetimes, access_token: accessToken } };
};

/** The token endpoint of one tenant on loopback, over https, for the client credentials flow alone. */
export const startEntraTokenServer = async (tenant: EntraTenant): Promise<EntraTokenServer> => {
  const { certificate: ca, key: tlsKey } = selfSignedCertificate({
    ...{ commonName: 'localhost', notBeforeEpochMs: 0, notAfterEpochMs: FAR_EPOCH_MS },
  });
  const instead: { answer: TokenAnswer; headers: Readonly<Record<string, string>> }[] = [];
  let tokenRequests = 0;
  let lastForm = new URLSearchParams();
  let authorityHost = '';

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    tokenRequests += 1;
    const body = await requestBody(request, MOST_BODY_BYTES);
    const form = new URLSearchParams(body?.toString());
    lastForm = form;
    const { pathname: path } = new URL(request.url ?? '/', `https://${authorityHost}`);
    const { answer, headers = {} } = instead.shift() ?? {
      answer: await answerTo(tenant, { path, origin: `https://${authorityHost}`, form }, rsaKey()),
    };
    response.writeHead(answer.status, {
      'content-type': 'application/json; charset=utf-8',
      date: new Date(tenant.nowEpochMs()).toUTCString(),
      'x-ms-request-id': randomUUID(),
      ...headers,
    });
    response.end(JSON.stringify(answer.body));
  };
  const server = createServer({ cert: ca, key: tlsKey }, (request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  authorityHost = `localhost:${new URL(await listen(server, 0)).port}`;
  const close = () => stop(server);
  return {
    authorityHost,
    ca,
    tokenRequests: () => tokenRequests,
    lastForm: () => lastForm,
    answerNext: (answer, headers = {}) => void instead.push({ answer, headers }),
    close,
    [Symbol.asyncDispose]: close,
  };
};
