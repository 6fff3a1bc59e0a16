import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startBicepCompiler } from './bicep/bicepCompiler.ts';
import { ASKED, compileInfra } from './bicep/compileInfra.ts';
import { BICEP_VERSION, findBicep, GET_BICEP } from './bicep/findBicep.ts';

const USAGE = `Usage: npm run infra [-- --check]
Formats, lints and compiles the Bicep files under infra/, and writes infra/compiled.
--check writes nothing. Exit code 1: something is to be mended, or (with --check) to be written; 2: no compiler.`;

const ROOT = join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const check = args.includes('--check');
if (args.some((arg) => arg !== '--check')) {
  console.log(USAGE);
  process.exit(args.some((arg) => ['--help', '-h'].includes(arg)) ? 0 : 2);
}

const program = findBicep(process.env);
if (program === undefined) {
  console.error(`There is no Bicep compiler here, so the templates cannot be checked.\n${GET_BICEP}`);
  process.exit(2);
}

const compiler = await startBicepCompiler(program, ASKED);
try {
  const version = await compiler.version();
  console.log(`Bicep ${version}, ${program}`);
  if (version !== BICEP_VERSION)
    console.log(
      `The committed template is made with ${BICEP_VERSION}; another version may write it differently.`,
    );
  const { said, texts } = await compileInfra(compiler);
  for (const line of said) console.error(line);

  const changed = [...texts].filter(([path, text]) => text !== current(path));
  for (const [path, text] of changed) {
    console.log(check ? `${path} is not as "npm run infra" would leave it` : `wrote ${path}`);
    if (check) continue;
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
  if (said.length > 0 || (check && changed.length > 0)) process.exitCode = 1;
  else console.log(`${texts.size} files are as they should be.`);
} finally {
  await compiler.close();
}

/** What a file holds now; undefined where there is none. */
function current(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch {
    return undefined;
  }
}
