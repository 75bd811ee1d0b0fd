import { Agent, request as httpsRequest } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

import type { Connection } from "./kubeconfig.ts";

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With its query. */
  path: string;
  body?: unknown;
  /** @default application/json */
  contentType?: string;
  signal?: AbortSignal;
}

/** What the API server answered instead of an object. */
export class ApiError extends Error {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** The server's own word for it: `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `Forbidden` … */
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.reason = reason;
  }
}

/** Seconds without an answer after which a request is given up. */
const PATIENCE = 60;

/** Requests to one API server over connections that are kept. */
export class HttpClient {
  private readonly connection: Connection;
  private readonly agent: Agent;

  constructor(connection: Connection) {
    this.connection = connection;
    const { ca, cert, key } = connection;
    this.agent = new Agent({ keepAlive: true, maxSockets: 32, ca, cert, key });
  }

  /** The decoded answer. @throws ApiError */
  async send(request: HttpRequest): Promise<unknown> {
    const token = await this.connection.token();
    for (let attempt = 1; ; attempt++) {
      const { status, retryAfter, text } = await this.once(request, token);
      if (status >= 200 && status < 300) return text === "" ? undefined : parse(text);
      if ((status !== 429 && status !== 503) || attempt === 5) throw refused(status, text);
      await sleep((retryAfter ?? 1) * 1000, undefined, { signal: request.signal });
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private once(request: HttpRequest, token: string | undefined): Promise<Answer> {
    const { server } = this.connection;
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    return new Promise((resolve, reject) => {
      const sent = httpsRequest(
        {
          agent: this.agent,
          hostname: server.hostname,
          port: server.port || 443,
          path: `${server.pathname.replace(/\/$/, "")}${request.path}`,
          method: request.method,
          signal: request.signal,
          timeout: PATIENCE * 1000,
          headers: {
            accept: "application/json",
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(body === undefined
              ? {}
              : {
                  "content-type": request.contentType ?? "application/json",
                  "content-length": Buffer.byteLength(body),
                }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const retryAfter = Number(response.headers["retry-after"]) || undefined;
            resolve({
              status: response.statusCode ?? 0,
              retryAfter,
              text: Buffer.concat(chunks).toString("utf8"),
            });
          });
        },
      );
      sent.on("timeout", () => sent.destroy(new Error(`no answer within ${PATIENCE} s`)));
      sent.on("error", (error: NodeJS.ErrnoException) => {
        // The server closed a kept connection at the moment it was used again: it has not seen the request.
        if (sent.reusedSocket && error.code === "ECONNRESET") resolve(this.once(request, token));
        else
          reject(
            request.signal?.aborted
              ? error
              : new ApiError(0, "Unreachable", `${server.host}: ${error.message}`),
          );
      });
      sent.end(body);
    });
  }
}

interface Answer {
  status: number;
  retryAfter: number | undefined;
  text: string;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function refused(status: number, text: string): ApiError {
  const answer = parse(text) as { reason?: string; message?: string } | string;
  if (typeof answer === "string" || answer === null) {
    return new ApiError(
      status,
      status === 404 ? "NotFound" : "Unknown",
      answer?.trim() || `HTTP status ${status}`,
    );
  }
  return new ApiError(status, answer.reason ?? "Unknown", answer.message ?? `HTTP status ${status}`);
}
