import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isRunning, startControlPlane } from "../../../rehearsal/kubernetes/control-plane.ts";
import { findPorts } from "../../../rehearsal/kubernetes/ports.ts";
import { Processes } from "../../../rehearsal/kubernetes/processes.ts";
import { identify } from "../../../rehearsal/process-identity.ts";
import { rejects } from "../../helpers/raises.ts";

describe("the background processes of a rehearsal", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "processes-"));
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function start(name: string, script: string) {
    const log = join(directory, "logs", `${name}.log`);
    const environment = { PATH: "/usr/bin:/bin" };
    return new Processes(directory).start({
      name,
      command: "/bin/sh",
      args: ["-c", script],
      environment,
      log,
    });
  }

  it("are recorded when they start, and ended by whoever reads the record", async () => {
    start("one", "echo hello; sleep 60");
    start("two", "sleep 60");
    const other = new Processes(directory);
    assert.deepEqual(
      other.running().map(({ name }) => name),
      ["one", "two"],
    );
    await other.end([["one"], ["two"]], 2_000);
    assert.deepEqual(other.recorded(), []);
    assert.equal(readFileSync(join(directory, "logs/one.log"), "utf8"), "hello\n");
  });

  it("are killed when they do not end by themselves", async () => {
    start("stubborn", "trap '' TERM; while true; do sleep 0.05; done");
    const processes = new Processes(directory);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await processes.end([["stubborn"]], 100);
    assert.deepEqual(processes.running(), []);
  });

  it("are never mistaken for a later process that was given the same id", async () => {
    const stranger = { name: "one", ...identify(process.pid), started: "1" };
    writeFileSync(join(directory, "processes.json"), JSON.stringify([stranger]));
    const processes = new Processes(directory);
    assert.deepEqual(processes.running(), []);
    await processes.end([["one"]], 100);
    assert.deepEqual(processes.recorded(), []);
  });

  it("count as a running control plane only when all of it is there", () => {
    assert.equal(isRunning(directory), false);
    start("etcd", "true");
    assert.equal(isRunning(directory), false);
  });

  it("end the start with an error when one of them ends, and none is left", async () => {
    const plane = join(directory, "kubernetes");
    const script = join(directory, "tool");
    writeFileSync(script, "#!/bin/sh\necho no such flag >&2\nexit 1\n", { mode: 0o755 });
    const error = await rejects(
      "CONTROL_PLANE_FAILED",
      startControlPlane({ directory: plane, tool: () => script, environment: {} }),
    );
    assert.match(error.message, /etcd: ended while the control plane was starting, saying: no such flag/);
    assert.deepEqual(new Processes(plane).running(), []);
  });
});

describe("the ports of a control plane", () => {
  it("are free ones, no two the same", async () => {
    const ports = await findPorts();
    assert.equal(new Set(Object.values(ports)).size, 3);
  });

  it("are refused by number when they were asked for and are in use", async () => {
    const server = await new Promise<Server>((resolve) => {
      const listening = createServer();
      listening.listen({ host: "127.0.0.1", port: 0 }, () => resolve(listening));
    });
    const { port } = server.address() as { port: number };
    try {
      const error = await rejects("PORT_TAKEN", findPorts({ etcd: port }));
      assert.equal(error.value, port);
      assert.equal(error.key, "port of etcd");
    } finally {
      server.close();
    }
  });
});
