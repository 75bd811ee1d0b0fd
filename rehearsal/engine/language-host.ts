/**
 * The engine's language host for Node.js programs (`pulumi-language-nodejs`), for machines where only package registries can
 * be reached and the real one cannot be had. The engine starts it, reads a port from its standard output, and asks it over
 * gRPC to run a program; the program then talks to the engine by itself.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

import * as grpc from "@grpc/grpc-js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/language_pb.js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";

import { exitWithEngine, fromStruct, listen, serverOptions, unary } from "../plugins/wire.ts";

/** With this code a program says that it failed and has told the user why; nothing is to be added. */
const REPORTED = 32;

/** Programs that are running, so that none outlives its host. */
const children = new Set<ChildProcess>();

function stopPrograms(): void {
  for (const child of children) {
    child.kill("SIGKILL");
  }
}

/** The command line and environment that start a program. Pure but for finding the SDK from the program's folder. */
export function programCommand(
  request: proto.RunRequest,
  engineAddress: string,
): { args: string[]; env: Record<string, string>; cwd: string } {
  const info = request.getInfo() ?? new proto.ProgramInfo();
  const directory = info.getProgramDirectory();
  const options = fromStruct(info.getOptions());
  const entryPoint = info.getEntryPoint();
  const flags: Record<string, string> = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    project: request.getProject(),
    stack: request.getStack(),
    organization: request.getOrganization(),
    "root-directory": info.getRootDirectory(),
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
  };
  return {
    cwd: request.getPwd(),
    args: [
      ...nodeArguments(options["nodeargs"]),
      // The program's own copy of the SDK, as the program itself will import it.
      createRequire(join(directory, "package.json")).resolve("@pulumi/pulumi/cmd/run"),
      ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      // A lone "." has a meaning of its own: look the entry point up in package.json.
      entryPoint === "." ? "." : join(directory, entryPoint),
      ...request.getArgsList(),
    ],
    env: {
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      // Node strips types by itself; the SDK's own compiler is only for projects that ask for it.
      PULUMI_NODEJS_TYPESCRIPT: String(options["typescript"] !== false),
    },
  };
}

function nodeArguments(option: unknown): string[] {
  return typeof option === "string" ? option.split(/\s+/).filter((word) => word !== "") : [];
}

/** What the engine is told about a program that ended. */
export function runResponse(code: number | null, signal: string | null): proto.RunResponse {
  const response = new proto.RunResponse();
  if (code === REPORTED) {
    response.setBail(true);
  } else if (code !== 0) {
    response.setError(
      code === null
        ? `the program was ended by ${signal ?? "a signal"}`
        : `the program exited with code ${code} and said no more`,
    );
  }
  return response;
}

function run(engineAddress: string): grpc.handleUnaryCall<proto.RunRequest, proto.RunResponse> {
  return (call, callback) => {
    const { args, env, cwd } = programCommand(call.request, engineAddress);
    // What the program prints goes where this process prints; the engine shows it to the user.
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    children.add(child);
    call.on("cancelled", () => child.kill("SIGKILL"));
    child.on("error", (error) => {
      children.delete(child);
      callback({ code: grpc.status.UNKNOWN, details: `the program did not start: ${error.message}` });
    });
    child.on("exit", (code, signal) => {
      children.delete(child);
      callback(null, runResponse(code, signal));
    });
  };
}

/** Serves the engine that listens at `engineAddress`. */
export async function serveLanguage(engineAddress: string, version: string): Promise<void> {
  const server = new grpc.Server(serverOptions);
  const implementation: grpc.UntypedServiceImplementation = {
    handshake: unary(() => new proto.LanguageHandshakeResponse()),
    getPluginInfo: unary(() => {
      const info = new pluginProto.PluginInfo();
      info.setVersion(version);
      return info;
    }),
    // None: each resource names its plugin's version, and a rehearsal's home holds exactly those. A list would only
    // make the engine look for plugins (awsx's docker, for one) that no resource of the program ever uses.
    getRequiredPackages: unary(() => new proto.GetRequiredPackagesResponse()),
    getRequiredPlugins: unary(() => new proto.GetRequiredPluginsResponse()),
    getProgramDependencies: unary(() => new proto.GetProgramDependenciesResponse()),
    runtimeOptionsPrompts: unary(() => new proto.RuntimeOptionsResponse()),
    about: unary(() => {
      const about = new proto.AboutResponse();
      about.setExecutable(process.execPath);
      about.setVersion(process.version);
      return about;
    }),
    run: run(engineAddress),
    cancel: unary(() => {
      stopPrograms();
      return new emptyProto.Empty();
    }),
  };
  server.addService(languageGrpc.LanguageRuntimeService, implementation);
  await listen(server);
  exitWithEngine(stopPrograms);
}
