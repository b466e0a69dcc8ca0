import { PttError } from '#libs/kernel';

const JSON_IN_UTF8 = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/**
 * A body is JSON in UTF-8, as it is: not compressed, in no other charset.
 * @throws PttError `unsupported_media_type`
 */
export function requirePlainJson(headers: {
  readonly 'content-type'?: string | undefined;
  readonly 'content-encoding'?: string | undefined;
}): void {
  const type = headers['content-type'] ?? '';
  const encoding = headers['content-encoding'];
  if (type !== 'application/json' && !JSON_IN_UTF8.test(type)) {
    const detail = 'the body must be JSON in UTF-8; send Content-Type: application/json';
    throw new PttError('unsupported_media_type', { detail, pointer: '#/header/Content-Type' });
  }
  if (encoding !== undefined && encoding !== 'identity') {
    const detail = 'the body must not be compressed; leave Content-Encoding out';
    throw new PttError('unsupported_media_type', { detail, pointer: '#/header/Content-Encoding' });
  }
}
