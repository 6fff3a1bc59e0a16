import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';

const LISTENING = /Azurite (Blob|Queue|Table) service is successfully listen\w* (?:at|on) (http:\/\/\S+)/g;
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;

/** The account that every Azurite has: its key is printed in Azurite's own documentation and guards nothing. */
const ACCOUNT = 'devstoreaccount1';
const ACCOUNT_KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export interface AzuriteOptions {
  /** Where blobs and messages are kept between two runs; absent: in memory only. */
  readonly folder?: string;
}

/** Blob and queue storage on this machine, in a child process. */
export interface Azurite {
  /** For SDK clients: both services and the well-known development account. */
  readonly connectionString: string;
  /** `http://127.0.0.1:PORT/devstoreaccount1` */
  readonly blobServiceUrl: string;
  readonly queueServiceUrl: string;
  readonly accountName: string;
  readonly accountKey: string;
  /** Ends the process and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts Azurite on free loopback ports with this very Node. It never outlives this process. */
export const startAzurite = async ({ folder }: AzuriteOptions = {}): Promise<Azurite> => {
  const main = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const child = spawn(
    process.execPath,
    [
      // Otherwise V8 begins with a megabyte, and collects garbage all the time while everything is loaded.
      '--min-semi-space-size=4',
      ...['endWithParent', 'azuriteLibraries'].flatMap((name) => [
        '--import',
        import.meta.resolve(`./${name}.ts`),
      ]),
      main,
      ...(folder === undefined ? ['--inMemoryPersistence'] : ['--location', folder]),
      '--silent',
      '--disableTelemetry',
      '--skipApiVersionCheck',
      ...['blob', 'queue', 'table'].flatMap((service) => [`--${service}Port`, '0']),
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));

  const stop = () => stopProcess(child);
  try {
    const { Blob: blob, Queue: queue } = await addressesOf(child);
    if (blob === undefined || queue === undefined) throw new Error('Azurite did not say where it listens');
    const blobServiceUrl = `${blob}/${ACCOUNT}`;
    const queueServiceUrl = `${queue}/${ACCOUNT}`;
    return {
      connectionString: `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${ACCOUNT_KEY};BlobEndpoint=${blobServiceUrl};QueueEndpoint=${queueServiceUrl};`,
      blobServiceUrl,
      queueServiceUrl,
      accountName: ACCOUNT,
      accountKey: ACCOUNT_KEY,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Reads the standard output until all three services have said where they listen. */
const addressesOf = (child: ChildProcess): Promise<Record<string, string>> =>
  new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    const timer = setTimeout(
      () => reject(new Error(`Azurite did not listen within ${START_TIMEOUT_MS / 1000} s. ${errors}`.trim())),
      START_TIMEOUT_MS,
    );
    child.stderr?.on('data', (chunk: Buffer) => {
      errors = (errors + chunk).slice(-2_000);
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      output = (output + chunk).slice(-10_000);
      const found = [...output.matchAll(LISTENING)].map(([, service = '', url = '']) => [service, url]);
      if (found.length < 3) return;
      clearTimeout(timer);
      resolve(Object.fromEntries(found));
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`Azurite ended (${signal ?? code}) before it listened. ${errors}`.trim()));
    });
  });

const stopProcess = (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
};
