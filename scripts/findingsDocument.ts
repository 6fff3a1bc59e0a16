import { FINDING_CODES, FINDINGS } from '../src/lib/credentials/findings.ts';

const HEAD = `<!-- Made by \`npm run docs\` from src/lib/credentials/findings.ts; edits here are lost. -->

# Findings

A finding is a hygiene fault of a credential: nothing is broken yet, so nobody is alerted. The daily
[digest](../infra/alerts/digest/runbook.md) counts them for each owner, the workbook and \`npm run scan\` list them, and
\`Detail\` says in one sentence what was seen.`;

/** docs/findings.md, made from the table of findings. */
export const findingsDocument = (): string =>
  `${[
    HEAD,
    ...FINDING_CODES.flatMap((code) => {
      const { title, meaning, fix } = FINDINGS[code];
      return [`## ${title}`, `\`${code}\`: ${meaning}`, fix];
    }),
  ].join('\n\n')}\n`;
