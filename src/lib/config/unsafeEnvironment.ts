import { type Fault, fault } from './fault.ts';

/** What a program's environment may not say while it carries tokens, with what to say instead. */
const UNSAFE: readonly {
  readonly name: string;
  readonly isUnsafe: (text: string) => boolean;
  readonly what: string;
  readonly allowed: string;
}[] = [
  {
    name: 'NODE_TLS_REJECT_UNAUTHORIZED',
    // Node knows no other value that switches it off.
    isUnsafe: (text) => text.trim() === '0',
    what: '"0", which takes any server for the one that was meant',
    allowed: 'absent; name the certificate of a private authority or a proxy in NODE_EXTRA_CA_CERTS',
  },
  {
    name: 'NODE_OPTIONS',
    isUnsafe: (text) => /--tls-keylog\b/.test(text.slice(0, 32_768)),
    what: '--tls-keylog, which writes the keys of every connection to a file',
    allowed: 'options without it',
  },
];

/**
 * What of the environment would give tokens to strangers. Ours is not the only client: those of Azure obey these
 * variables as well, and a developer's shell often has one.
 */
export const unsafeEnvironmentFaults = (
  environment: Readonly<Record<string, string | undefined>>,
): readonly Fault[] =>
  UNSAFE.filter(({ name, isUnsafe }) => isUnsafe(environment[name] ?? '')).map(({ name, what, allowed }) =>
    fault(name, what, allowed),
  );
