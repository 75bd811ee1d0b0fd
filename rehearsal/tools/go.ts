import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { PlatformError, fail } from "../../lib/errors.ts";
import { cacheFull, toolsHome } from "./cache.ts";
import { minimumGo } from "./table.ts";

export interface GoRun {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `go` and collects what it prints. Errors: TOOL_GO_MISSING; the signal's reason when it is aborted. */
export async function runGo(args: readonly string[], cwd: string, signal?: AbortSignal): Promise<GoRun> {
  signal?.throwIfAborted();
  const child = spawn("go", args, {
    cwd,
    env: goEnvironment(process.env),
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that compilers and linkers end with it.
    detached: true,
  });
  const stop = (): void => {
    try {
      process.kill(-(child.pid ?? NaN), "SIGTERM");
    } catch {
      // It never started, or it ended by itself meanwhile.
    }
  };
  signal?.addEventListener("abort", stop, { once: true });
  process.on("exit", stop);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) => resolve(status ?? 1));
    });
    signal?.throwIfAborted();
    return { code, stdout, stderr };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      goMissing(undefined, error);
    }
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
    process.off("exit", stop);
  }
}

/** Sees that Go is there and new enough. Errors: TOOL_GO_MISSING. */
export async function requireGo(signal?: AbortSignal): Promise<void> {
  // Outside any module, where a go.mod could make Go refuse to answer.
  const { stdout } = await runGo(["env", "GOVERSION"], tmpdir(), signal);
  const version = stdout.trim();
  if (!isGoNewEnough(version)) {
    goMissing(version);
  }
}

/** Whether a version as `go env GOVERSION` prints it is at least {@link minimumGo}. */
export function isGoNewEnough(version: string): boolean {
  const found = /go(\d+)\.(\d+)/.exec(version);
  const [major = 0, minor = 0] = minimumGo.split(".").map(Number);
  return (
    found !== null && (Number(found[1]) > major || (Number(found[1]) === major && Number(found[2]) >= minor))
  );
}

function goMissing(version: string | undefined, cause?: unknown): never {
  fail({
    id: "TOOL_GO_MISSING",
    key: "go",
    value: version,
    rule: `Go ${minimumGo} or newer must be on the PATH: the rehearsal builds its tools from source`,
    remedy: "Install Go (https://go.dev/dl) and run the same command again",
    cause,
  });
}

/** The user's environment with what makes a build repeatable. */
export function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const homeless = env["HOME"]
    ? {}
    : { GOPATH: join(toolsHome(env), "go"), GOCACHE: join(toolsHome(env), "go-build") };
  return {
    ...homeless,
    ...env,
    GOFLAGS: "-mod=readonly -buildvcs=false",
    GOTOOLCHAIN: "local",
    GOWORK: "off",
    GO111MODULE: "on",
    // A build for this machine, whatever the user builds for otherwise.
    GOOS: "",
    GOARCH: "",
  };
}

const FULL = /no space left on device|disk quota exceeded/i;
const UNREACHABLE =
  /dial tcp|no such host|connection refused|connection reset|network is unreachable|no route to host|i\/o timeout|handshake timeout|module lookup disabled by GOPROXY|server misbehaving|proxyconnect/i;

/** What a failed `go` means to the user: CACHE_FULL, TOOL_NO_NETWORK or TOOL_BUILD_FAILED. */
export function goFailure(tool: string, output: string): PlatformError {
  const lines = output.trimEnd().split("\n");
  const full = lines.find((line) => FULL.test(line));
  if (full !== undefined) {
    return caught(() =>
      cacheFull(fullDirectory(full), undefined, `the disk became full while ${tool} was built`),
    );
  }
  const unreachable = lines.find((line) => UNREACHABLE.test(line));
  if (unreachable !== undefined) {
    return new PlatformError({
      id: "TOOL_NO_NETWORK",
      key: tool,
      value: moduleIn(unreachable),
      rule: "it is not in the tool cache, and the Go module that it needs cannot be fetched",
      remedy:
        "Connect to the network once (or set GOPROXY to a proxy that you can reach) and run the same command again; " +
        "or copy the tool cache from a machine that has it and set PLATFORM_CACHE",
      cause: unreachable.trim(),
    });
  }
  return new PlatformError({
    id: "TOOL_BUILD_FAILED",
    key: tool,
    rule: `go ended with an error; its last lines:\n${lines.slice(-20).join("\n")}\n`,
    remedy: "Run the same command again; if it fails in the same way, please report it with these lines",
  });
}

function caught(raise: () => never): PlatformError {
  try {
    return raise();
  } catch (error) {
    if (error instanceof PlatformError) {
      return error;
    }
    throw error;
  }
}

/** The directory that Go was writing to: its own caches and the temporary directory may be on other disks than ours. */
function fullDirectory(line: string): string {
  const file = /(\/[^\s:]+): (?:no space|disk quota)/i.exec(line)?.[1];
  return file === undefined ? toolsHome() : dirname(file);
}

function moduleIn(line: string): string | undefined {
  return /([\w.~-]+(?:\/[\w.~-]+)+@v[\w.+-]+)/.exec(line)?.[1];
}
