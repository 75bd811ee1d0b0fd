import assert from "node:assert/strict";

import { goEnvironment, goFailure, isGoNewEnough } from "../../../rehearsal/tools/go.ts";

describe("running Go", () => {
  it("takes any Go from the oldest that builds the tools", () => {
    assert.deepEqual(["go1.26", "go1.26.8", "go1.30rc1", "go2.0", "devel go1.27-abc"].map(isGoNewEnough), [
      true,
      true,
      true,
      true,
      true,
    ]);
    assert.deepEqual(["go1.25.9", "go1.3", "", "gccgo"].map(isGoNewEnough), [false, false, false, false]);
  });

  it("builds for this machine and from the pinned modules, whatever the user has set", () => {
    const env = goEnvironment({
      HOME: "/h",
      GOOS: "plan9",
      GOFLAGS: "-mod=mod",
      GOPROXY: "https://goproxy.example",
    });
    assert.equal(env["GOOS"], "");
    assert.equal(env["GOFLAGS"], "-mod=readonly -buildvcs=false");
    assert.equal(env["GOPROXY"], "https://goproxy.example");
    assert.equal(env["GOCACHE"], undefined);
    assert.equal(goEnvironment({ PLATFORM_CACHE: "/c" })["GOCACHE"], "/c/go-build");
  });

  it("tells a missing network from a broken build", () => {
    const lines = [
      'Get "http://127.0.0.1:9/x": dial tcp 127.0.0.1:9: connect: connection refused',
      "module lookup disabled by GOPROXY=off",
      "net/http: TLS handshake timeout",
      "read: connection reset by peer",
    ];
    for (const line of lines) {
      const error = goFailure(
        "etcd 3.6.8",
        `go: downloading x\ngo: go.etcd.io/etcd/server/v3@v3.6.8: ${line}\n`,
      );
      assert.equal(error.id, "TOOL_NO_NETWORK", line);
      assert.equal(error.value, "go.etcd.io/etcd/server/v3@v3.6.8");
    }
    assert.equal(goFailure("etcd 3.6.8", "main.go:1: undefined: x").id, "TOOL_BUILD_FAILED");
    assert.equal(goFailure("a", "verifying x@v1: checksum mismatch\nSECURITY ERROR").id, "TOOL_BUILD_FAILED");
  });
});
