import { type ConfigIssue, configIssue } from './configIssue.ts';

/** Node takes an underscore in an option for a dash. */
const hasOption = (text: string, option: string): boolean =>
  text.slice(0, 32_768).replaceAll('_', '-').includes(option);

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
    isUnsafe: (text) => hasOption(text, '--tls-keylog'),
    what: '--tls-keylog, which writes the keys of every connection to a file',
    allowed: 'options without it',
  },
  {
    name: 'NODE_OPTIONS',
    isUnsafe: (text) => hasOption(text, '--heapsnapshot-'),
    what: '--heapsnapshot-…, which writes all that is in memory to a file',
    allowed: 'options without it',
  },
  {
    name: 'NODE_DEBUG',
    // Names apart by commas, and `*` stands for any.
    isUnsafe: (text) => text.split(',', 100).some((name) => /^stream$|\*/i.test(name)),
    what: '"stream", which prints the beginning of every answer',
    allowed: 'names without it and without "*"',
  },
];

/**
 * What of the environment would give tokens to strangers. Ours is not the only client: those of Azure obey these
 * variables as well, and a developer's shell often has one.
 */
export const unsafeEnvironmentIssues = (
  environment: Readonly<Record<string, string | undefined>>,
): readonly ConfigIssue[] =>
  UNSAFE.filter(({ name, isUnsafe }) => isUnsafe(environment[name] ?? '')).map(({ name, what, allowed }) =>
    configIssue(name, what, allowed),
  );
