// Requests by hand, for what no SDK would send.

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

/** Well-formed, and true for nobody. */
export const FORMAL_SIGNATURE: Readonly<Record<string, string>> = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=AKIATEST/20260302/us-east-1/autoscaling/aws4_request, ' +
    `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  'x-amz-date': '20260302T100000Z',
};

/** Posts a form with a formal signature, unless the headers say otherwise. */
export async function postForm(
  url: string,
  form: string,
  headers: Readonly<Record<string, string>> = FORMAL_SIGNATURE,
): Promise<RawAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    body: form,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', ...headers },
  });
  return { status: response.status, body: await response.text(), headers: response.headers };
}

/** Returns the text of the first element of that name. */
export function elementOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`, 'u').exec(xml)?.[1];
}
