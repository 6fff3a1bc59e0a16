import type { HttpCall } from '../telemetry.ts';

type Attributes = Record<string, string | number>;

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/**
 * A call as a client span in OpenTelemetry's words for HTTP, which the exporter turns into ResultCode,
 * Target and Data. User, password, query and fragment are left out.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export const httpCallAttributes = (
  call: HttpCall,
  status: number | undefined,
): { name: string; attributes: Attributes } => {
  const attributes: Attributes = {
    'http.request.method': call.method,
    'keywatch.credential_id': call.credentialId,
  };
  if (status !== undefined) attributes['http.response.status_code'] = status;
  if (!URL.canParse(call.url)) return { name: call.method, attributes };

  const { protocol, host, hostname, port, pathname } = new URL(call.url);
  attributes['url.full'] = `${protocol}//${host}${pathname}`;
  attributes['server.address'] = hostname;
  const number = port === '' ? DEFAULT_PORTS[protocol] : Number(port);
  if (number !== undefined) attributes['server.port'] = number;
  return { name: `${call.method} ${pathname}`, attributes };
};
