const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&amp;': '&',
};

/** Every `@(…)` and `@{…}` of a policy, in one line each, as an XML parser hands on an attribute. */
export const expressionsIn = (policy: string): readonly string[] => {
  const raw = [...policy.matchAll(/=\s*(?:"(@[^"]*)"|'(@[^']*)')|>\s*(@[({][^<]*[)}])\s*</g)];
  const texts = raw.map(([, double, single, text]) => double ?? single ?? text ?? '');
  const decoded = texts.map((text) =>
    text.replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity).replace(/\s+/g, ' '),
  );
  return [...new Set(decoded)];
};

/** A C# file with every expression as a function of `context`, with the namespaces that a policy has. */
export const compilable = (expressions: readonly string[]): string => {
  const entries = expressions.map((text) => {
    const inner = text.slice(2, -1);
    const code = text.startsWith('@(') ? `(${inner})` : `{${inner}}`;
    return `    { @"${text.replaceAll('"', '""')}", context => ${code} },`;
  });
  return [
    ...['System', 'System.Collections.Generic', 'System.Linq', 'System.Text', 'Newtonsoft.Json.Linq'].map(
      (name) => `using ${name};`,
    ),
    'static class Expressions {',
    '  public static readonly Dictionary<string, Func<Context, object>> All = new Dictionary<string, Func<Context, object>> {',
    ...entries,
    '  };',
    '}',
    '',
  ].join('\n');
};
