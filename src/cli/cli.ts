import { printable } from '../lib/kernel/printable.ts';
import { processSurroundings } from './command.ts';
import { runCommandLine } from './commandLine.ts';
import { EXIT } from './exit.ts';

// What cannot be written ends no command before its end: a refresh may be under way. A reader that has seen
// enough (`| head`) is no fault of ours; a full disk loses what was asked for, and that is one.
let hasLostOutput = false;
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || hasLostOutput) return;
    hasLostOutput = true;
    process.stderr.write(
      `The output is incomplete, it cannot be written: ${printable(error.message, 400)}\n`,
    );
  });

process.exitCode = await runCommandLine(process.argv.slice(2), processSurroundings());

// The SDKs leave the timer of a request that failed to run out, half a minute after the last word was said. So a
// command that is done ends here, as soon as what it wrote is on its way.
for (const stream of [process.stdout, process.stderr])
  await new Promise<void>((resolve) => void stream.write('', () => resolve()));
process.exit(hasLostOutput ? EXIT.failed : process.exitCode);
