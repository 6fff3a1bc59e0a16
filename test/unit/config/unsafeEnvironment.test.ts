import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../fakes/config.ts';

describe('an environment in which tokens would not be safe', () => {
  it('is refused when it takes any server for the one that was meant, with the way out', () => {
    expect(faultsOf({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual([
      'NODE_TLS_REJECT_UNAUTHORIZED: "0", which takes any server for the one that was meant; allowed: absent; name the certificate of a private authority or a proxy in NODE_EXTRA_CA_CERTS',
    ]);
  });

  it.each([
    '--tls-keylog=/tmp/keys',
    '--enable-source-maps --tls-keylog /tmp/keys',
    '--tls_keylog=/tmp/keys',
    '"--tls_keylog" /tmp/keys',
  ])('is refused when the keys of its connections are written down (%s)', (options) => {
    expect(faultsOf({ NODE_OPTIONS: options })).toEqual([expect.stringContaining('--tls-keylog')]);
  });

  it.each([
    { NODE_OPTIONS: '--heapsnapshot-signal=SIGUSR2' },
    { NODE_OPTIONS: '--heapsnapshot_near_heap_limit=1' },
    { NODE_DEBUG: 'stream' },
    { NODE_DEBUG: 'http,STREAM' },
    { NODE_DEBUG: '*' },
    { NODE_DEBUG: 'str*' },
  ])('is refused when answers or memory are written down: %o', (environment) => {
    expect(faultsOf(environment)).toEqual([expect.stringContaining(Object.keys(environment)[0] ?? '')]);
  });

  it.each([
    { NODE_TLS_REJECT_UNAUTHORIZED: '1' },
    { NODE_TLS_REJECT_UNAUTHORIZED: '' },
    { NODE_EXTRA_CA_CERTS: '/etc/ssl/company.pem', HTTPS_PROXY: 'http://proxy.example:3128' },
    { NODE_OPTIONS: '--max-old-space-size=512', SSLKEYLOGFILE: '/tmp/keys', NODE_DEBUG: 'http,tls,net' },
  ])('is none with %o, which Node obeys without harm or not at all', (environment) => {
    expect(faultsOf(environment)).toEqual([]);
  });
});
