const FOLLOWED = 10;

/**
 * Consents at an authorization server of this machine, as a person with a browser does: follows the link, keeps the
 * cookies, approves, and goes where that leads.
 * @returns the status of the last page
 */
export const consentAt = async (link: string): Promise<number> => {
  const jar = new Map<string, string>();
  let url = new URL(link);
  let form: URLSearchParams | undefined;
  for (let step = 0; step < FOLLOWED; step += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form && { method: 'POST', body: form }),
    });
    for (const given of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(given) ?? [];
      jar.set(name, value);
    }
    const next = response.headers.get('location');
    form = undefined;
    if (next !== null) url = new URL(next, url);
    else if ((await response.text()).includes('<form method="post"'))
      form = new URLSearchParams({ login: 'integration@contoso.example', answer: 'approve' });
    else return response.status;
  }
  throw new Error(`no page at the end of ${FOLLOWED} steps`);
};
