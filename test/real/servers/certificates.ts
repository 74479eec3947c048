import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** PEM text, and the files it is in. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Key and certificate in one file, as Kafka's `ssl.keystore.type=PEM` wants them. */
  readonly keystoreFile: string;
}

export interface Issue {
  /** The subject's common name; letters only: it names the files too. */
  readonly name: string;
  /** Such as `DNS:localhost`. */
  readonly subjectAltName?: string;
  /** Negative: it has expired. */
  readonly days?: number;
}

export interface Authority extends Certificate, AsyncDisposable {
  issue(what: Issue): Promise<Certificate>;
  /** The key encrypted, as PKCS #8. */
  encryptedKey(certificate: Certificate, password: string): Promise<string>;
}

const keyKind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

/** A certificate authority made with openssl, in a folder that goes with it. */
export async function makeAuthority(name: string): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-ca-'));
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: folder });
  const read = async (base: string): Promise<Certificate> => {
    const file = (kind: string): string => join(folder, `${base}.${kind}`);
    const [cert, key] = [await readFile(file('crt'), 'utf8'), await readFile(file('key'), 'utf8')];
    await writeFile(file('pem'), `${key}${cert}`);
    return { cert, key, certFile: file('crt'), keyFile: file('key'), keystoreFile: file('pem') };
  };
  const subject = ['-nodes', '-subj', `/CN=${name}`];
  await openssl('req', '-x509', ...keyKind, ...subject, '-days', '2', '-keyout', 'ca.key', '-out', 'ca.crt');
  return {
    ...(await read('ca')),
    async issue({ name: base, subjectAltName, days = 2 }) {
      const asked = ['-nodes', '-subj', `/CN=${base}`, '-keyout', `${base}.key`, '-out', `${base}.csr`];
      await openssl('req', '-new', ...keyKind, ...asked);
      await writeFile(
        join(folder, `${base}.ext`),
        subjectAltName === undefined ? '' : `subjectAltName=${subjectAltName}\n`,
      );
      const by = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${base}.ext`];
      await openssl(
        'x509',
        '-req',
        '-in',
        `${base}.csr`,
        '-days',
        String(days),
        ...by,
        '-out',
        `${base}.crt`,
      );
      return read(base);
    },
    async encryptedKey({ keyFile }, password) {
      const { stdout } = await openssl('pkcs8', '-topk8', '-in', keyFile, '-passout', `pass:${password}`);
      return stdout;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
