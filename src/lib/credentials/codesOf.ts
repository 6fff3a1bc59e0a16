import type { Finding, FindingCode } from './findings.ts';

/** Which findings something has, each once: two tags that are malformed are one kind of fault. */
export const codesOf = ({ findings }: { readonly findings: readonly Finding[] }): FindingCode[] => [
  ...new Set(findings.map(({ code }) => code)),
];
