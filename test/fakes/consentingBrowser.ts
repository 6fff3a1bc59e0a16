/**
 * What a person does in a browser: follows redirects, keeps cookies by host until their end, and sends every form with these fields.
 * @param call sends a request; absent: over the network
 */
export const consentingBrowser = (
  fields: Readonly<Record<string, string>>,
  call: (url: string, init: RequestInit) => Promise<Response> = fetch,
  nowEpochMs: () => number = Date.now,
) => {
  interface Cookie {
    readonly value: string;
    readonly endEpochMs: number;
  }
  const jars = new Map<string, Map<string, Cookie>>();

  const jarOf = (url: string): Map<string, Cookie> => {
    const { host } = new URL(url);
    const jar = jars.get(host) ?? new Map<string, Cookie>();
    jars.set(host, jar);
    for (const [name, { endEpochMs }] of jar) if (endEpochMs <= nowEpochMs()) jar.delete(name);
    return jar;
  };

  const send = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const jar = jarOf(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value.value}`).join('; ');
    const response = await call(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const [, maxAge = 'Infinity'] = /; ?max-age=(\d+)/i.exec(line) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, { value, endEpochMs: nowEpochMs() + Number(maxAge) * 1_000 });
    }
    return response;
  };

  const formOf = (html: string): { readonly action: string; readonly body: URLSearchParams } | undefined => {
    const action = /<form[^>]*action="([^"]*)"/.exec(html)?.[1];
    if (action === undefined) return undefined;
    const body = new URLSearchParams(fields);
    for (const [, name = '', value = ''] of html.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g))
      body.set(name, value);
    return { action, body };
  };

  return {
    /** Goes on until a page is reached that has no form, or `until` says of an address to go no further. */
    async open(link: string, until: (url: string) => boolean = () => false) {
      const visited: string[] = [];
      let url = link;
      let response = await send(url);
      for (let page = 0; page < 20; page++) {
        visited.push(url);
        const location = response.headers.get('location');
        if (location !== null) {
          url = new URL(location, url).href;
          if (until(url)) return { url, text: '', status: response.status, visited };
          response = await send(url);
          continue;
        }
        const text = await response.text();
        const form = formOf(text);
        if (form === undefined) return { url, text, status: response.status, visited };
        const from = new URL(url).origin;
        url = new URL(form.action, url).href;
        const site = new URL(url).origin === from ? 'same-origin' : 'cross-site';
        const headers = { origin: from, 'sec-fetch-site': site };
        response = await send(url, { method: 'POST', body: form.body, headers });
      }
      throw new Error(`no end of pages: ${visited.length}`);
    },
    send,
    cookie: (url: string, name: string): string | undefined => jarOf(url).get(name)?.value,
    setCookie: (url: string, name: string, value: string): void =>
      void jarOf(url).set(name, { value, endEpochMs: Number.POSITIVE_INFINITY }),
  };
};
