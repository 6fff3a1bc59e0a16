import type { ConsentBrowser } from './ports.ts';
import { isRedirectPath } from './rules/reconnectPath.ts';

export interface PastedAddressOptions {
  /** Registered at the provider. The browser ends up there, whatever answers. */
  readonly redirectUri: string;
  /** The next line that the person enters; `undefined`: there is none any more. */
  readonly read: (signal: AbortSignal) => Promise<string | undefined>;
  /** Says to the person that a line was no use. */
  readonly say: (sentence: string) => void;
}

const LONGEST_ADDRESS = 8 * 1024;

/** The query of an address, where it is the redirect address with one; `undefined` for any other text. */
export const queryOfPasted = (line: string, redirectUri: string): URLSearchParams | undefined => {
  const address = line.trim();
  if (address.length > LONGEST_ADDRESS || !URL.canParse(address)) return undefined;
  const [given, wanted] = [new URL(address), new URL(redirectUri)];
  return given.origin === wanted.origin && isRedirectPath(given.pathname, wanted.pathname)
    ? given.searchParams
    : undefined;
};

/**
 * A browser that cannot come back to this machine, for providers that take https redirect addresses alone: the person
 * copies the address at which it ends into the terminal. No cookie binds the browser; `state` and PKCE do.
 */
export const pastedAddress = ({ redirectUri, read, say }: PastedAddressOptions): ConsentBrowser => ({
  async open({ requestFor, onCallback, onEnd }) {
    const closed = new AbortController();
    const readOn = async (): Promise<void> => {
      while (!closed.signal.aborted) {
        const line = await read(closed.signal);
        if (line === undefined) return onEnd();
        const query = queryOfPasted(line, redirectUri);
        if (query !== undefined && onCallback(query)) return;
        say(`That is no answer to this request. Copy the whole address, which begins with ${redirectUri}?`);
      }
    };
    void readOn().catch(onEnd);
    return { ok: true, link: requestFor(redirectUri), redirectUri, close: async () => closed.abort() };
  },
});
