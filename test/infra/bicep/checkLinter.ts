import type { BicepFile, Fault } from './model.ts';
import { rootExpressions, walk } from './walk.ts';

/**
 * Two rules of Bicep's own linter that look at words only. `bicepconfig.json` makes them errors, and an error of the
 * linter ends `bicep build`.
 */
export const checkLinter = (file: BicepFile): Fault[] => {
  if (file.using !== undefined) return [];
  const faults: Fault[] = [];
  const add = (line: number, message: string) =>
    faults.push({ path: file.path, line, check: 'linter', message });
  for (const { name, line, shape, decorators } of file.params) {
    const secure = decorators.some((decorator) => decorator.name === 'secure');
    const judged = shape.kind === 'string' || shape.kind === 'object';
    if (judged && !secure && soundsSecret.test(name) && !knownHarmless.test(name))
      add(line, `secure-secrets-in-params: ${name} sounds like a secret and is not @secure`);
  }
  for (const root of rootExpressions(file))
    walk(root, (expression) => {
      if (expression.kind !== 'literal' || typeof expression.value !== 'string') return;
      const host = cloudHosts.exec(expression.value)?.[0];
      if (host !== undefined)
        add(expression.line, `no-hardcoded-env-urls: ${host} differs by cloud, ask environment() for it`);
    });
  return faults;
};

/** @see https://learn.microsoft.com/azure/azure-resource-manager/bicep/linter-rule-secure-secrets-in-parameters */
const soundsSecret = /password|pwd|secret|accountkey|acctkey/i;
const knownHarmless = /secretpermissions|secretversion|secretur[il]|secretname/i;

/** @see https://learn.microsoft.com/azure/azure-resource-manager/bicep/linter-rule-no-hardcoded-environment-urls */
const cloudHosts =
  /(?<![\p{L}\p{N}])(core\.windows\.net|database\.windows\.net|graph\.windows\.net|login\.microsoftonline\.com|management\.azure\.com|vault\.azure\.net)(?![\p{L}\p{N}])/iu;
