import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { directoriesOf } from "../../rehearsal/directories.ts";
import { environmentScript, rehearsalEnvironment } from "../../rehearsal/environment.ts";

const args = {
  directories: directoriesOf("/srv/it's mine", "qa", "/shared/aws"),
  tools: { dir: "/cache/bin/abc" },
  cache: "/cache",
};
const root = "/srv/it's mine/.rehearsal/qa";
const users = {
  HOME: "/home/me",
  TERM: "xterm",
  LC_ALL: "C.UTF-8",
  AWS_PROFILE: "prod",
  AWS_ACCESS_KEY_ID: "AKIA",
  KUBECONFIG: "/home/me/.kube/config",
  PULUMI_ACCESS_TOKEN: "pul-1",
  PULUMI_HOME: "/home/me/.pulumi",
  HTTPS_PROXY: "http://proxy",
  NODE_OPTIONS: "--inspect",
  PATH: "/home/me/bin:/usr/bin",
};

describe("the environment of a rehearsal", () => {
  it("holds what its parts tell each other, and dead ends where AWS would be", () => {
    const { PATH, HOME, ...rest } = rehearsalEnvironment(args, users);
    assert.deepEqual(rest, {
      TERM: "xterm",
      LC_ALL: "C.UTF-8",
      REHEARSAL_DIR: root,
      REHEARSAL_AWS: "/shared/aws",
      REHEARSAL_TOOLS: "/cache/bin/abc",
      REHEARSAL_KUBECONFIG: `${root}/kubernetes/kubeconfig`,
      REHEARSAL_CHECKOUT: "/srv/it's mine",
      PLATFORM_CACHE: "/cache",
      PULUMI_HOME: `${root}/home`,
      PULUMI_BACKEND_URL: `file://${root}/backend`,
      PULUMI_CONFIG_PASSPHRASE: "rehearsal",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    });
    assert.equal(HOME, `${root}/home/user`);
    assert.deepEqual(PATH?.split(":").slice(0, 2), [`${root}/home/bin`, dirname(process.execPath)]);
    assert.doesNotMatch(PATH ?? "", /\/home\/me/);
  });

  it("brings a shell inside: the user's accounts are gone, the user's programs stay behind ours", () => {
    const directory = mkdtempSync(join(tmpdir(), "environment-"));
    const file = join(directory, "env.sh");
    writeFileSync(file, environmentScript(args));
    const shown = execFileSync("/bin/sh", ["-euc", `. ${file}; env`], { env: users, encoding: "utf8" });
    rmSync(directory, { recursive: true });
    const inside = new Map(
      shown
        .trimEnd()
        .split("\n")
        .map((line): [string, string] => {
          const at = line.indexOf("=");
          return [line.slice(0, at), line.slice(at + 1)];
        }),
    );
    const wanted = rehearsalEnvironment(args, users);
    assert.deepEqual(
      Object.keys(wanted).filter((key) => inside.get(key) !== wanted[key]),
      ["PATH"],
    );
    assert.ok(inside.get("PATH")?.startsWith(`${root}/home/bin:`));
    assert.ok(inside.get("PATH")?.endsWith(":/home/me/bin:/usr/bin"));
    for (const key of [
      "AWS_PROFILE",
      "AWS_ACCESS_KEY_ID",
      "KUBECONFIG",
      "PULUMI_ACCESS_TOKEN",
      "NODE_OPTIONS",
    ]) {
      assert.equal(inside.get(key), undefined, key);
    }
  });
});
