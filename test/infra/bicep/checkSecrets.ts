import { checkPosture } from './checkPosture.ts';
import type { BicepFile, Fault } from './model.ts';
import { rootExpressions, walk } from './walk.ts';

/** No key or secret is asked for, written down or given out, and no door is left open. */
export const checkSecrets = (file: BicepFile): Fault[] => {
  const faults: Fault[] = [];
  const add = (line: number, message: string) =>
    faults.push({ path: file.path, line, check: 'secret', message });
  for (const root of rootExpressions(file))
    walk(root, (expression) => {
      if (
        expression.kind === 'call' &&
        /^(list(?!CallbackUrl$)|getSecret|new(Guid|Password))/.test(expression.name)
      )
        add(expression.line, `${expression.name}() hands out a key or a secret`);
      if (
        expression.kind === 'literal' &&
        typeof expression.value === 'string' &&
        secretLike.test(expression.value)
      )
        add(expression.line, 'a key or a token is written here');
    });
  const secure = file.params.filter(({ decorators }) => decorators.some(({ name }) => name === 'secure'));
  for (const output of file.outputs)
    walk(output.value, (inner) => {
      if (inner.kind === 'name' && secure.some(({ name }) => name === inner.name))
        add(output.line, `the output ${output.name} gives out the secure param ${inner.name}`);
    });
  for (const resource of file.resources) if (!resource.existing) checkPosture(resource, add);
  return faults;
};

const secretLike =
  /AccountKey=|SharedAccessKey=|SharedAccessSignature|[?&]sig=|-----BEGIN|client_secret|^[A-Za-z0-9+/]{60,}={0,2}$|^eyJ[\w-]{10,}\./;
