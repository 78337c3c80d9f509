import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** The part of Fastify's request that controllers use. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The client's address: the other end of the connection, or what a trusted proxy says it is. */
  readonly ip: string;
  /** The other end of the connection, then whom each trusted proxy names; undefined where none is trusted. */
  readonly ips?: readonly string[] | undefined;
  /** How the client's request came: to this service itself, or to a trusted proxy. */
  readonly protocol: 'http' | 'https';
  readonly body: unknown;
  readonly routeOptions?: { readonly url?: string | undefined };
}

/** The part of Fastify's reply that controllers use. */
export interface HttpReply {
  code(status: number): HttpReply;
  header(name: string, value: string): HttpReply;
  send(payload?: unknown): HttpReply;
  readonly statusCode: number;
  readonly sent: boolean;
  /** Milliseconds since the request came. */
  readonly elapsedTime: number;
  readonly raw: ServerResponse;
}
