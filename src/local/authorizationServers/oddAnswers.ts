/** An answer of the token endpoint that conforms to nothing. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const JSON_TYPE = 'application/json';

/** Every error comes in an HTTP 200, by names of its own. */
const ODD_ERRORS: Readonly<Record<string, string>> = {
  invalid_client: 'bad_client_secret',
  invalid_grant: 'invalid_refresh_token',
};

/** The shapes in which it hands out tokens, one after the other: none of them is RFC 6749's. */
const SHAPES: readonly ((tokens: { access_token: string; refresh_token: string }) => Answer)[] = [
  (tokens) => ({
    status: 200,
    type: JSON_TYPE,
    body: JSON.stringify({ ok: true, authed_user: { ...tokens, token_type: 'bot', expires_in: '43200' } }),
  }),
  (tokens) => ({ status: 201, type: 'text/html', body: JSON.stringify({ ok: true, authed_user: tokens }) }),
  (tokens) => ({
    status: 200,
    type: 'application/x-www-form-urlencoded',
    body: new URLSearchParams({ ...tokens, expires_in: '-1' }).toString(),
  }),
  (tokens) => ({
    status: 200,
    type: 'text/plain',
    body: `\uFEFF${JSON.stringify({ ok: true, token_type: 'bot', ...tokens, expires_in: 'soon' })}`,
  }),
];

/** Dresses the answers of a token endpoint that conforms, each in another shape than the last. */
export const oddAnswers = () => {
  let answers = 0;
  return ({ body: given }: { readonly body?: unknown }): Answer => {
    const { access_token, refresh_token, error = '' } = given as Readonly<Record<string, string>>;
    if (access_token === undefined || refresh_token === undefined) {
      const body = JSON.stringify({ ok: false, error: ODD_ERRORS[error] ?? 'invalid_arguments' });
      return { status: 200, type: JSON_TYPE, body };
    }
    const shape = SHAPES[answers++ % SHAPES.length] as (typeof SHAPES)[number];
    return shape({ access_token, refresh_token });
  };
};
