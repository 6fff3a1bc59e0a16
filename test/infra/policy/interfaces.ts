import { type Template, templatesOf, textsIn } from '../template.ts';

/** What modules owe to each other and to whoever deploys; all else the compiler and its linter say. */
export const interfaceFaults = (template: Template): string[] => {
  const templates = templatesOf(template);
  const uses = templates.flatMap((each) => usesIn(each.template));
  const isRead = (module: string, output: string) =>
    uses.some((use) => use.module === module && use.output === output && use.isRead);
  return [
    ...uses
      .filter(({ module, output }) => !isRead(module, output))
      .map(({ symbol, output }) => `nothing reads the output ${symbol}.${output}`),
    ...templates.flatMap((each) => [
      ...openTypes(each.template).map(
        (type) => `${each.module}: a misspelt property of ${type} would be taken`,
      ),
      ...leaks(each.template).map(
        (output) => `${each.module}: the output ${output} gives out a secure parameter`,
      ),
    ]),
  ];
};

/** Each output of each module that a template uses, and whether it reads it. One module may have several uses. */
const usesIn = ({ resources, outputs }: Template) => {
  const texts = textsIn({ outputs }).map(({ text }) => text);
  const modules = Object.entries(resources).flatMap(([symbol, body]) => {
    const { template, ...properties } = body.properties ?? {};
    texts.push(...textsIn({ ...body, properties }).map(({ text }) => text));
    const given = Object.keys(template?.outputs ?? {});
    return given.length === 0 ? [] : [{ symbol, module: JSON.stringify(template), given }];
  });
  const reading = texts.filter((text) => text.includes('.outputs.'));
  return modules.flatMap(({ symbol, module, given }) =>
    given.map((output) => {
      const read = readingOf(symbol, output);
      return { symbol, module, output, isRead: reading.some((text) => read.test(text)) };
    }),
  );
};

/** `reference('symbol').outputs.name.value`, of one or of one of a loop. */
const readingOf = (symbol: string, output: string): RegExp =>
  new RegExp(`reference\\((?:'${symbol}'|format\\('${symbol}\\[[^)]*)\\)+\\.outputs\\.${output}\\.value`);

/** Types of ours that are not sealed. A `{ *: string }` takes any name by intent. */
const openTypes = ({ definitions = {} }: Template): string[] =>
  Object.entries(definitions)
    .filter(([, { type, properties, additionalProperties }]) => {
      const isObject = type === 'object' && properties !== undefined;
      return isObject && additionalProperties !== false;
    })
    .map(([name]) => name);

const leaks = ({ parameters = {}, outputs = {} }: Template): string[] => {
  const secure = Object.keys(parameters).filter((name) => /^secure/i.test(parameters[name].type ?? ''));
  const gives = (output: unknown) =>
    secure.some((name) => JSON.stringify(output).includes(`parameters('${name}')`));
  return Object.keys(outputs).filter((name) => gives(outputs[name]));
};
