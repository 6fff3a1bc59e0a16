/** What a refused request gets: thrown by the routes, written as Key Vault's error envelope by the server. */
export class WireError extends Error {
  readonly status: number;
  readonly code: string;
  readonly innerCode: string | undefined;

  constructor(status: number, code: string, message: string, innerCode?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.innerCode = innerCode;
  }
}

/** The body of every refusal: `innererror` is where the service says what exactly was wrong. */
export const errorEnvelope = (code: string, message: string, innerCode?: string) => ({
  error: { code, message, ...(innerCode === undefined ? {} : { innererror: { code: innerCode } }) },
});

export const badParameter = (message: string) => new WireError(400, 'BadParameter', message);

export const forbidden = (message: string, innerCode?: string) =>
  new WireError(403, 'Forbidden', message, innerCode);

export const conflict = (message: string, innerCode?: string) =>
  new WireError(409, 'Conflict', message, innerCode);

/** What the service can do and this stand-in cannot: never answered as if it had been done. */
export const notImplemented = (what: string) =>
  new WireError(501, 'NotImplemented', `the local Key Vault stand-in does not implement ${what}`);
