/**
 * Loaded into a child process ahead of its own program: ends it when its standard input closes, because a
 * parent killed with SIGKILL cannot. As if by SIGTERM, so that Azurite, which writes what it acknowledged
 * only every few seconds, saves first; what it says meanwhile has no reader any more. One that cannot save, because
 * its folder is gone, would wait for ever.
 */
const SAVED_WITHIN_MS = 10_000;
const ignore = (): void => undefined;
const end = (): void => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), SAVED_WITHIN_MS).unref();
};

process.stdout.on('error', ignore);
process.stderr.on('error', ignore);
// Unreferenced, so that it does not keep alive a child that closes down by itself.
process.stdin.resume().on('end', end).on('error', end).unref();
