/** What the host writes as `Set-Cookie`; the member `cookies` of an answer takes it as it is. */
export interface HostCookie {
  readonly name: `__Host-${string}`;
  readonly value: string;
  readonly path: '/';
  readonly secure: true;
  readonly httpOnly: true;
  /** Lax: it has to come along where a provider leads back to us. */
  readonly sameSite: 'Lax';
  /** Seconds; absent: until the browser ends. */
  readonly maxAge?: number;
}

/**
 * A cookie of this host alone: browsers take a `__Host-` one from no other host, not from a parent domain either.
 * @param value letters, digits, `-` and `_`, as of base64url
 * @throws Error where the value is anything else
 * @see RFC 6265bis §4.1.3.2
 */
export const hostCookie = (name: HostCookie['name'], value: string, maxAgeSeconds?: number): HostCookie => {
  if (!/^[\w-]*$/.test(value)) throw new Error(`the value of the cookie ${name} is not base64url`);
  return {
    name,
    value,
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Lax',
    ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }),
  };
};

/** Takes a cookie back. */
export const endedCookie = (name: HostCookie['name']): HostCookie => hostCookie(name, '', 0);

/**
 * One cookie of a request. Before it only spaces and tabs are passed over: browsers let any host of the domain set a cookie
 * whose name begins with another sort of blank, as that is no `__Host-` one to them.
 * @param header the header `Cookie`
 * @returns its value; `undefined` where it is absent, or there more than once: then somebody planted one
 */
export const readCookie = (
  header: string | null | undefined,
  name: HostCookie['name'],
): string | undefined => {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+/, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? values[0] : undefined;
};
