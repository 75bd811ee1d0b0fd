import { createServer, type Server } from "node:net";

import { PlatformError } from "../../lib/errors.ts";

/** Loopback ports of the control plane's servers. */
export interface Ports {
  etcd: number;
  /** etcd listens for peers even when it has none. */
  etcdPeer: number;
  apiserver: number;
}

const names = ["etcd", "etcdPeer", "apiserver"] as const;

/**
 * A free port for everything that was not given one. All are held open until the last one is found, so that no two are the same.
 * @throws PlatformError PORT_TAKEN if a port that was given is in use
 */
export async function findPorts(given: Partial<Ports> = {}): Promise<Ports> {
  const held: Server[] = [];
  try {
    const ports: Partial<Ports> = {};
    for (const name of names) {
      const server = await hold(name, given[name]);
      held.push(server);
      ports[name] = portOf(server);
    }
    return ports as Ports;
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

function hold(name: keyof Ports, port: number | undefined): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => reject(port === undefined ? error : taken(name, port, error)));
    server.listen({ host: "127.0.0.1", port: port ?? 0 }, () => resolve(server));
  });
}

function taken(name: keyof Ports, port: number, cause: unknown): PlatformError {
  return new PlatformError({
    id: "PORT_TAKEN",
    key: `port of ${name}`,
    value: port,
    rule: "a port that is asked for must be free on the loopback interface",
    remedy: "End what listens there, or leave the port out: a free one is then found.",
    cause,
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
