import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A new token: 128 random bits, 22 characters that need no escaping in a URL. */
export function newToken(): string {
  return randomBytes(16).toString('base64url');
}

/**
 * Why a request is not let in, as an HTTP status, or undefined if it is. `Host` and `Origin` come first: a
 * page in a browser may know how to reach this port (by a name that resolves to 127.0.0.1, too), and is
 * turned away whatever else it brings.
 */
export function refusalOf(
  request: Pick<IncomingMessage, 'headers' | 'url'>,
  port: number,
  token: string,
): 401 | 403 | undefined {
  const { host, origin } = request.headers;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (host === undefined || !hosts.includes(host)) return 403;
  if (origin !== undefined && !hosts.some((own) => origin === `http://${own}`)) return 403;
  const offered = offeredToken(request);
  return offered !== undefined && isSame(offered, token) ? undefined : 401;
}

function offeredToken({ headers, url }: Pick<IncomingMessage, 'headers' | 'url'>) {
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const query = url?.indexOf('?') ?? -1;
  if (url === undefined || query === -1) return undefined;
  return new URLSearchParams(url.slice(query)).get('token') ?? undefined;
}

/** Takes the same time wherever two texts differ, and whatever their lengths are. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
