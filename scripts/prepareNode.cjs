// Plain JavaScript that any Node parses, so that an old one can be refused in words.
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
