// Loaded ahead of every script. Plain JavaScript that any Node parses, so that an old one can be refused in words.
const MINIMUM = [22, 18];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
  console.error(
    `Keywatch runs on Node ${MINIMUM.join('.')} or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      'On 64-bit x86 Linux `npm ci` brings Node 24 along, and `npm start` and the other npm scripts use it;\n' +
      'elsewhere install Node 24 from https://nodejs.org and run the command again.',
  );
  process.exit(1);
}

const { mkdirSync, statSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { homedir } = require('node:os');
const { isAbsolute, join } = require('node:path');

/** Compiled code is run as it lies there: where others may write it is not to be trusted. */
const isForThisUserAlone = (folder) => {
  if (process.getuid === undefined) return true;
  const { uid, mode } = statSync(folder);
  return uid === process.getuid() && (mode & 0o077) === 0;
};

/** Has Node keep what it compiled, for child processes too: without it a start takes half as long again. */
const keepCompiled = () => {
  const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE, XDG_CACHE_HOME = '' } = process.env;
  if (NODE_COMPILE_CACHE || NODE_DISABLE_COMPILE_CACHE) return;
  const folder = join(isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache'), 'keywatch');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isForThisUserAlone(folder)) return;
  process.env.NODE_COMPILE_CACHE = folder;
  enableCompileCache(folder);
};

try {
  keepCompiled();
} catch {
  // A user without a home, or one that cannot be written to, waits a little longer.
}
