import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { ensureTools, progressLine, toolsHome, type ToolsProgress } from "../../rehearsal/tools.ts";
import { tools } from "../../rehearsal/tools/table.ts";
import { rejects } from "../helpers/raises.ts";
import { FakeGo } from "./tools/fake-go.ts";

describe("the tools of a rehearsal", () => {
  let go: FakeGo;
  let told: ToolsProgress[];

  beforeEach(() => {
    go = new FakeGo();
    told = [];
  });

  afterEach(() => go.remove());

  function ensure(signal?: AbortSignal): ReturnType<typeof ensureTools> {
    return ensureTools({ cache: go.cache, onProgress: (progress) => told.push(progress), signal });
  }

  it("are built once, each from the folder that pins it, and found at once after that", async () => {
    const built = await ensure();
    const calls = go.calls();
    assert.equal(calls.filter((call) => call.includes(": build ")).length, tools.length);
    assert.equal(calls.filter((call) => call.startsWith("manifests: mod download")).length, 1);
    assert.ok(
      calls.some((call) => /^etcd: build -ldflags -s -w -o \S+ go\.etcd\.io\/etcd\/server\/v3$/.test(call)),
    );
    assert.deepEqual(readdirSync(built.dir).sort(), tools.map(({ name }) => name).sort());
    assert.equal(built.path("etcd"), join(go.cache, "tools/etcd-3.6.8/etcd"));
    assert.equal(readFileSync(join(built.dir, "etcd"), "utf8"), readFileSync(built.path("etcd"), "utf8"));
    assert.deepEqual(told.at(-1)?.building, []);
    assert.deepEqual([told.at(-1)?.done, told.at(-1)?.total], [8, 8]);
    assert.equal(built.engine.origin, "built");
    assert.equal(built.engine.languageHost, undefined);

    go.uninstall();
    told = [];
    assert.equal((await ensure()).dir, built.dir);
    assert.deepEqual(told, []);
  });

  it("are built two at a time, of one module one after the other", async () => {
    const note =
      'echo "+$name" >> "$directory/order"; sleep 0.1; echo "-$name" >> "$directory/order"; echo > "$out"';
    go.behave({ build: note });
    await ensure();
    const events = readFileSync(join(go.directory, "order"), "utf8").trimEnd().split("\n");
    const running = new Set<string>();
    let most = 0;
    for (const event of events) {
      const name = event.slice(1);
      if (event.startsWith("+")) {
        running.add(name);
      } else {
        running.delete(name);
      }
      most = Math.max(most, running.size);
      assert.ok([...running].filter((tool) => tool.startsWith("kube")).length <= 1, event);
    }
    assert.equal(most, 2);
  });

  it("are wanted only where they are needed", async () => {
    const { dir } = await ensureTools({ cache: go.cache, only: ["helm"], onProgress: () => undefined });
    assert.deepEqual(readdirSync(dir), ["helm"]);
    assert.equal(go.calls().length, 1);
  });

  it("appear finished or not at all: a build that was interrupted goes on in the next run", async () => {
    go.behave({ build: 'echo half > "$out"; if [ "$name" = kubectl ]; then exit 1; fi' });
    await rejects("TOOL_BUILD_FAILED", ensure());
    assert.ok(!existsSync(join(go.cache, "tools/kubectl-1.36.2/kubectl")));
    const leftover = join(go.cache, "tools/.building-999999999-helm");
    writeFileSync(leftover, "half");
    go.behave({});
    go.calls();
    await ensure();
    assert.ok(go.calls().length < tools.length, "what was finished is not built again");
    assert.ok(!existsSync(leftover));
    assert.deepEqual(
      readdirSync(join(go.cache, "tools")).filter((name) => name.startsWith(".") || name.endsWith(".lock")),
      [],
    );
  });

  it("stop building when they are told to, and leave no compiler behind", async () => {
    go.behave({ build: 'echo $$ >> "$directory/pids"; sleep 30; echo > "$out"' });
    const stop = new AbortController();
    const ensuring = ensure(stop.signal);
    const pids = join(go.directory, "pids");
    while (!existsSync(pids) || readFileSync(pids, "utf8").trimEnd().split("\n").length < 2) {
      await sleep(20);
    }
    stop.abort(new Error("enough"));
    await assert.rejects(ensuring, /enough/);
    for (const pid of readFileSync(pids, "utf8").trimEnd().split("\n").map(Number)) {
      assert.throws(() => process.kill(pid, 0), `process ${pid} still runs`);
    }
  });

  it("can be built by two processes at once: one builds, the other waits for it", async () => {
    go.behave({ build: 'sleep 0.2; echo "$name" > "$out"' });
    await Promise.all([ensure(), ensure()]);
    assert.equal(go.calls().filter((call) => call.includes(": build ")).length, tools.length);
  });

  it("need Go, and a Go that is new enough", async () => {
    go.behave({ version: "go1.22.1" });
    assert.equal((await rejects("TOOL_GO_MISSING", ensure())).value, "go1.22.1");
    go.uninstall();
    assert.match((await rejects("TOOL_GO_MISSING", ensure())).message, /Install Go/);
  });

  it("say which module is missing when nothing can be fetched", async () => {
    const line =
      'go: golang.org/x/net@v0.9.0: Get "https://proxy.golang.org/x": dial tcp: lookup proxy.golang.org: no such host';
    go.behave({ build: `echo '${line}' >&2; exit 1` });
    const error = await rejects("TOOL_NO_NETWORK", ensure());
    assert.equal(error.value, "golang.org/x/net@v0.9.0");
  });

  it("name the full disk, be it the cache's or the compiler's", async () => {
    go.behave({ build: "echo 'link: write /var/tmp/go-build1/a.out: no space left on device' >&2; exit 1" });
    const error = await rejects("CACHE_FULL", ensure());
    assert.equal(error.key, "/var/tmp/go-build1");
    assert.match(error.remedy, /PLATFORM_CACHE/);
  });

  it("show the compiler's last words when they do not build", async () => {
    go.behave({ build: "i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo line $i >&2; done; exit 1" });
    const error = await rejects("TOOL_BUILD_FAILED", ensure());
    assert.match(error.message, /line 30/);
    assert.doesNotMatch(error.message, /line 10\n/);
  });

  it("need a cache that can be written", async () => {
    mkdirSync(go.cache);
    writeFileSync(join(go.cache, "file"), "");
    const error = await rejects("CACHE_UNWRITABLE", ensureTools({ cache: join(go.cache, "file", "below") }));
    assert.equal(error.value, join(go.cache, "file", "below"));
    rmSync(go.cache, { recursive: true });
  });

  it("lie where the user says, else in the user's cache", () => {
    assert.equal(toolsHome({ PLATFORM_CACHE: "/c", XDG_CACHE_HOME: "/x", HOME: "/h" }), "/c");
    assert.equal(toolsHome({ XDG_CACHE_HOME: "/x", HOME: "/h" }), "/x/mesh-platform");
    assert.equal(toolsHome({ HOME: "/h" }), "/h/.cache/mesh-platform");
  });

  it("tell in one line how far they are", () => {
    const progress = { done: 3, total: 8, building: ["helm", "kubectl"], seconds: 125, estimate: 236 };
    assert.equal(
      progressLine(progress),
      "tools: 3 of 8 ready after 2m 05s, about 4 min left; building helm, kubectl",
    );
    assert.match(progressLine({ ...progress, estimate: 31 }), /about 40 s left/);
    assert.equal(progressLine({ ...progress, done: 8, building: [] }), "tools: 8 of 8 ready after 2m 05s");
  });
});
