// Reads the instance metadata of EC2, version 2. The HTTP module is loaded only when it is asked.
// Source: "Use the Instance Metadata Service", Amazon EC2 User Guide.

export const metadataEndpointDefault = 'http://169.254.169.254';
export const metadataTimeoutMs = 1_000;
/** The network of an instance may come up a moment after the agent. */
export const metadataAttemptsMax = 3;
const metadataBytesMax = 16 * 1024;
const tokenTtlSeconds = '60';

export async function fetchToken(endpoint: string): Promise<string> {
  const headers = { 'X-aws-ec2-metadata-token-ttl-seconds': tokenTtlSeconds };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await request('PUT', `${endpoint}/latest/api/token`, headers);
      if (answer.status === 200) return answer.body;
      throw new Error(`a token was refused with HTTP status ${answer.status}`);
    } catch (error) {
      if (attempt >= metadataAttemptsMax) throw error;
    }
  }
}

/** Null when the metadata does not have it (404), or has something that is no value of one line. */
export async function fetchValue(
  endpoint: string,
  token: string,
  path: string,
): Promise<string | null> {
  const value = (await fetchText(endpoint, token, path))?.trim() ?? '';
  return value === '' || value.includes('\n') ? null : value;
}

/** The text below `meta-data/` as it stands; null where there is none (404). */
export async function fetchText(
  endpoint: string,
  token: string,
  path: string,
): Promise<string | null> {
  const url = `${endpoint}/latest/meta-data/${path}`;
  const answer = await request('GET', url, { 'X-aws-ec2-metadata-token': token });
  if (answer.status === 404) return null;
  if (answer.status === 200) return answer.body;
  throw new Error(`${path} was refused with HTTP status ${answer.status}`);
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function request(
  method: 'GET' | 'PUT',
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const http = await import('node:http');
  return new Promise((resolve, reject) => {
    // Without an agent of its own Node.js keeps the connection, and the process, alive.
    const call = http.request(url, { method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > metadataBytesMax) call.destroy(new Error('an answer without an end'));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    const timeout = setTimeout(() => {
      call.destroy(new Error(`no answer within ${metadataTimeoutMs} ms`));
    }, metadataTimeoutMs);
    call.on('close', () => clearTimeout(timeout));
    call.on('error', reject);
    call.end();
  });
}
