import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { fail } from "../../lib/errors.ts";
import { isAlive } from "../process-identity.ts";
import { KubernetesApi } from "./api.ts";
import { commands, type Component } from "./commands.ts";
import { filesOf, makeCredentials, writeKubeconfig } from "./credentials.ts";
import { findPorts, type Ports } from "./ports.ts";
import { Processes, type BackgroundProcess } from "./processes.ts";
import { sidecarPolicy } from "./sidecar-policy.ts";

export interface ControlPlaneArgs {
  /** Where everything of it lies; what an earlier one left there is ended and wiped. */
  directory: string;
  /** Path of a tool's executable. */
  tool(name: Component): string;
  /** The whole environment of the rehearsal's own controllers (rehearsal/controllers.ts). */
  environment: Record<string, string>;
  /** @default free ones */
  ports?: Partial<Ports>;
  signal?: AbortSignal;
}

export interface ControlPlane {
  /** Path of the administrator's kubeconfig. */
  kubeconfig: string;
  server: string;
  /** Of the API server, e.g. `v1.36.2`. */
  version: string;
}

/** Seconds that a start may take on a busy machine; it takes five on an idle one. */
const PATIENCE = 120;
/** Milliseconds that a process is given to end by itself. An API server would wait a minute for its watchers, and nothing is kept. */
const GRACE = 300;

const controllers = "controllers";

/**
 * Starts a Kubernetes control plane in the background: it goes on when this process ends, until {@link stopControlPlane}. Pods run on
 * paper: KWOK plays the kubelet of every Node object, and none exist at first.
 *
 * @throws PlatformError PORT_TAKEN, CONTROL_PLANE_FAILED
 */
export async function startControlPlane(args: ControlPlaneArgs): Promise<ControlPlane> {
  await stopControlPlane(args.directory);
  for (let attempt = 1; ; attempt++) {
    const ports = await findPorts(args.ports);
    try {
      return await start(args, ports);
    } catch (error) {
      await stopControlPlane(args.directory);
      // Between finding a free port and using it, another process may take it.
      if (attempt === 3 || args.ports !== undefined || !lostPort(args.directory)) throw error;
    }
  }
}

/** Ends the control plane of a directory, or what a killed rehearsal left of it. Its data is of no use after that. */
export async function stopControlPlane(directory: string): Promise<void> {
  const users = [controllers, "kwok", "kube-scheduler", "kube-controller-manager"];
  await new Processes(directory).end([users, ["kube-apiserver"], ["etcd"]], GRACE);
}

/** Whether the control plane of a directory is up: every process of it. */
export function isRunning(directory: string): boolean {
  const recorded = new Processes(directory).recorded();
  return recorded.length > 5 && recorded.every(isAlive);
}

async function start(args: ControlPlaneArgs, ports: Ports): Promise<ControlPlane> {
  const { directory, signal } = args;
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  const files = filesOf(directory);
  const token = makeCredentials(files);
  const processes = new Processes(directory);
  const all = commands(files, ports);
  const log = (name: string): string => join(files.logs, `${name}.log`);
  // Nothing of the user's environment is theirs to see; a home keeps them from looking for configuration in the user's.
  const environment = { HOME: directory, PATH: "/usr/bin:/bin" };
  const run = (name: Component): BackgroundProcess =>
    processes.start({ name, command: args.tool(name), args: all[name], environment, log: log(name) });
  const wait = { signal, deadline: Date.now() + PATIENCE * 1000, log };

  const core = [run("etcd"), run("kube-apiserver")];
  await until({ ...wait, what: "certificate", needed: core }, () => existsSync(files.certificate));
  const server = `https://127.0.0.1:${ports.apiserver}`;
  writeKubeconfig(files.kubeconfig, server, readFileSync(files.certificate), token);
  const api = await KubernetesApi.fromFile(files.kubeconfig);
  try {
    await until({ ...wait, what: "API server", needed: core }, () => answers(api, "/readyz"));
    const rest = [run("kube-controller-manager"), run("kube-scheduler"), run("kwok")];
    rest.push(
      processes.start({
        name: controllers,
        command: process.execPath,
        args: [fileURLToPath(new URL("../controllers.ts", import.meta.url))],
        environment: args.environment,
        log: log(controllers),
      }),
    );
    for (const object of sidecarPolicy()) {
      await api.create(object, { fieldManager: "rehearsal" });
    }
    const needed = [...core, ...rest];
    // A pod is refused until its namespace has a service account, which the controller manager makes.
    const account = { apiVersion: "v1", kind: "ServiceAccount", namespace: "default", name: "default" };
    await until(
      { ...wait, what: "controller manager", needed },
      async () => (await api.find(account)) !== undefined,
    );
    const { gitVersion } = (await api.http.send({ method: "GET", path: "/version" })) as {
      gitVersion: string;
    };
    return { kubeconfig: files.kubeconfig, server, version: gitVersion };
  } finally {
    api.close();
  }
}

interface Wait {
  what: string;
  needed: readonly BackgroundProcess[];
  deadline: number;
  log(name: string): string;
  signal?: AbortSignal;
}

async function until(wait: Wait, reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) {
    const dead = wait.needed.find((process) => !isAlive(process));
    if (dead !== undefined) {
      failed(dead.name, "ended while the control plane was starting", wait.log(dead.name));
    }
    if (Date.now() > wait.deadline)
      failed(wait.what, `was not ready within ${PATIENCE} s`, wait.log("kube-apiserver"));
    await sleep(50, undefined, { signal: wait.signal });
  }
}

function failed(what: string, rule: string, log: string): never {
  const last = existsSync(log) ? lastLines(readFileSync(log, "utf8"), 3) : "";
  fail({
    id: "CONTROL_PLANE_FAILED",
    key: what,
    rule: `${rule}${last === "" ? "" : `, saying: ${last}`}`,
    remedy: `Look into ${log}; on a machine that is short of memory or very busy, end other work and start again.`,
  });
}

function lastLines(text: string, count: number): string {
  return text.trim().split("\n").slice(-count).join(" | ").slice(-600);
}

async function answers(api: KubernetesApi, path: string): Promise<boolean> {
  return api.http.send({ method: "GET", path }).then(
    () => true,
    () => false,
  );
}

function lostPort(directory: string): boolean {
  const { logs } = filesOf(directory);
  return ["etcd", "kube-apiserver"].some((name) => {
    const log = join(logs, `${name}.log`);
    return existsSync(log) && readFileSync(log, "utf8").includes("address already in use");
  });
}
