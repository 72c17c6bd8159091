// A certificate for 127.0.0.1 that signs itself, made by the openssl program for one test run.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CertificateFiles {
  /** Also the authority to trust. */
  readonly certificatePath: string;
  readonly keyPath: string;
  remove(): void;
}

export function makeCertificate(): CertificateFiles {
  const folder = mkdtempSync(join(tmpdir(), 'foretide-certificate-'));
  const certificatePath = join(folder, 'certificate.pem');
  const keyPath = join(folder, 'key.pem');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const files = ['-days', '2', '-keyout', keyPath, '-out', certificatePath];
  execFileSync('openssl', ['req', '-x509', ...key, ...names, ...files], { stdio: 'ignore' });
  return {
    certificatePath,
    keyPath,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
