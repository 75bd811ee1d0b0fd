import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { KubernetesApi } from "../../../rehearsal/kubernetes/api.ts";
import {
  isRunning,
  startControlPlane,
  stopControlPlane,
} from "../../../rehearsal/kubernetes/control-plane.ts";
import { Processes, type BackgroundProcess } from "../../../rehearsal/kubernetes/processes.ts";
import { ensureTools, type Tools } from "../../../rehearsal/tools.ts";
import { rejects } from "../../helpers/raises.ts";

describe("the control plane", function () {
  this.timeout(15 * 60_000);
  let tools: Tools;
  let root: string;
  let directory: string;

  before(async () => {
    tools = await ensureTools();
    root = mkdtempSync(join(tmpdir(), "control-plane-"));
    directory = join(root, "kubernetes");
  });

  after(async () => {
    await stopControlPlane(directory);
    rmSync(root, { recursive: true, force: true });
  });

  function start(ports?: { apiserver: number }) {
    const environment = {
      PATH: process.env["PATH"] ?? "",
      REHEARSAL_KUBECONFIG: join(directory, "kubeconfig"),
      REHEARSAL_DIR: root,
    };
    return startControlPlane({ directory, tool: (name) => tools.path(name), environment, ports });
  }

  function alive(processes: readonly BackgroundProcess[]): string[] {
    const ids = readdirSync("/proc");
    return processes.filter(({ pid }) => ids.includes(String(pid))).map(({ name }) => name);
  }

  it("starts, and answers to the administrator alone", async () => {
    const plane = await start();
    assert.equal(plane.version, "v1.36.2");
    assert.equal(isRunning(directory), true);
    assert.equal(statSync(plane.kubeconfig).mode & 0o777, 0o600);

    const config = JSON.parse(readFileSync(plane.kubeconfig, "utf8")) as {
      users: { user: { token: string } }[];
    };
    config.users[0]!.user.token = "somebody";
    const stranger = await KubernetesApi.from(config);
    await assert.rejects(stranger.list({ apiVersion: "v1", kind: "Namespace" }), /Unauthorized/);
    stranger.close();
  });

  it("refuses a port that is taken", async () => {
    const server = JSON.parse(readFileSync(join(directory, "kubeconfig"), "utf8")) as {
      clusters: { cluster: { server: string } }[];
    };
    const taken = Number(new URL(server.clusters[0]!.cluster.server).port);
    const other = join(root, "other");
    const environment = { PATH: "", REHEARSAL_KUBECONFIG: "" };
    const error = await rejects(
      "PORT_TAKEN",
      startControlPlane({
        directory: other,
        tool: () => "/bin/false",
        environment,
        ports: { apiserver: taken },
      }),
    );
    assert.match(error.message, new RegExp(`apiserver = ${taken}`));
  });

  it("starts anew over one that was killed in part, and ends what was left of it", async () => {
    const old = new Processes(directory).recorded();
    process.kill(old.find(({ name }) => name === "kube-apiserver")!.pid, "SIGKILL");
    const plane = await start();
    assert.deepEqual(alive(old), []);
    const api = await KubernetesApi.fromFile(plane.kubeconfig);
    assert.equal((await api.list({ apiVersion: "v1", kind: "Node" })).length, 0);
    api.close();
  });

  it("stops within seconds and leaves no process behind", async () => {
    const processes = new Processes(directory).recorded();
    assert.equal(processes.length, 6);
    const started = Date.now();
    await stopControlPlane(directory);
    assert.ok(Date.now() - started < 10_000);
    assert.deepEqual(alive(processes), []);
    assert.equal(isRunning(directory), false);
  });
});
