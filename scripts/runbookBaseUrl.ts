import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

const WEB =
  /^(?:https?:\/\/(?:[^/@]*@)?|ssh:\/\/(?:[^/@]*@)?|[^/@]+@)([^/:]+)(?::\d+)?[/:](.+?)(?:\.git)?\/?$/;
const AZURE_SSH = /^v3\/([^/]+)\/([^/]+)\/([^/]+)$/;

/**
 * What stands before the path of a file so that a browser opens it as of a commit, from the address of a git remote:
 * GitHub, GitLab and what looks like them, and Azure Repos. Empty where the remote is no such place.
 */
export const runbookBaseUrl = (remote: string, commit: string): string => {
  const [, host = '', path = ''] = WEB.exec(remote.trim()) ?? [];
  if (host === '' || !/^[0-9a-f]{40}$/.test(commit)) return '';
  if (host === 'ssh.dev.azure.com') {
    const [, organization, project, repository] = AZURE_SSH.exec(path) ?? [];
    if (repository === undefined) return '';
    return azureRepos(`dev.azure.com/${organization}/${project}/_git/${repository}`, commit);
  }
  if (path.includes('_git/')) return azureRepos(`${host}/${path}`, commit);
  return `https://${host}/${path}/blob/${commit}/`;
};

const azureRepos = (repository: string, commit: string): string =>
  `https://${repository}?version=GC${commit}&path=/`;

const git = (...args: string[]): string => {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
};

// The hook before "azd provision" puts this into the environment, so that alerts link to the runbooks.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.log(runbookBaseUrl(git('remote', 'get-url', 'origin'), git('rev-parse', 'HEAD')));
