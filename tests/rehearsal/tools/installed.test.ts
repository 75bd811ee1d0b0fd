import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { installedEngine, realPlugin } from "../../../rehearsal/tools/installed.ts";

describe("what Pulumi the user has installed", () => {
  let home: string;
  let env: Record<string, string>;

  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), "installed-")));
    env = { HOME: home, PATH: "/usr/bin:/bin", PLATFORM_CACHE: join(home, "cache") };
  });
  afterEach(() => rmSync(home, { recursive: true }));

  /** A native executable that prints its arguments: `echo version` prints "version". */
  function native(path: string): string {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    cpSync(realpathSync("/bin/echo"), join(home, path));
    return join(home, path);
  }

  function shim(path: string): void {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), "#!/bin/sh\nexit 9\n");
    chmodSync(join(home, path), 0o755);
  }

  it("is used when the command line is of the same version and has its language host beside it", async () => {
    const cli = native(".pulumi/bin/pulumi");
    assert.equal(await installedEngine("version", env), undefined);
    const languageHost = native(".pulumi/bin/pulumi-language-nodejs");
    assert.deepEqual(await installedEngine("version", env), { cli, languageHost });
    assert.equal(await installedEngine("9.9.9", env), undefined);
  });

  it("is looked for on the PATH and in PULUMI_HOME too", async () => {
    const cli = native("opt/pulumi");
    const languageHost = native("opt/pulumi-language-nodejs");
    assert.deepEqual(await installedEngine("version", { ...env, PATH: join(home, "opt") }), {
      cli,
      languageHost,
    });
    const other = { ...env, PULUMI_HOME: join(home, "other") };
    native("other/versions/version/bin/pulumi-language-nodejs");
    assert.equal((await installedEngine("version", other))?.cli, undefined);
    assert.equal((await installedEngine("version", other))?.cli, undefined);
    const own = native("other/versions/version/bin/pulumi");
    assert.equal((await installedEngine("version", other))?.cli, own);
  });

  it("is never a script: the npm package would download, and a rehearsal's home would find itself", async () => {
    shim("opt/pulumi");
    native("opt/pulumi-language-nodejs");
    assert.equal(await installedEngine("version", { ...env, PATH: join(home, "opt") }), undefined);
    native("own/pulumi");
    shim("own/pulumi-language-nodejs");
    assert.equal(await installedEngine("version", { ...env, PATH: join(home, "own") }), undefined);
  });

  it("lends its resource plugins, of exactly the version that is asked for", async () => {
    native(".pulumi/plugins/resource-kubernetes-v4.34.2/pulumi-resource-kubernetes");
    assert.equal(
      await realPlugin("kubernetes", "4.34.2", { env }),
      join(home, ".pulumi/plugins/resource-kubernetes-v4.34.2"),
    );
    assert.equal(await realPlugin("kubernetes", "4.34.3", { env }), undefined);
    shim(".pulumi/plugins/resource-aws-v7.48.0/pulumi-resource-aws");
    assert.equal(await realPlugin("aws", "7.48.0", { env }), undefined);
  });

  it("is asked to fetch a plugin only where downloads can be reached and the user allows them", async () => {
    let looked = 0;
    const search = { cli: "/bin/false", reachable: async () => (looked += 1) > 100 };
    assert.equal(
      await realPlugin("kubernetes", "4.34.2", { ...search, env: { ...env, PLATFORM_OFFLINE: "1" } }),
      undefined,
    );
    assert.equal(
      await realPlugin("kubernetes", "4.34.2", { ...search, env: { ...env, CI_OFFLINE: "yes" } }),
      undefined,
    );
    assert.equal(looked, 0);
    assert.equal(await realPlugin("kubernetes", "4.34.2", { ...search, env }), undefined);
    assert.equal(looked, 1);
  });

  it("fetches a plugin into the tool cache, not into the user's home", async () => {
    const cli = join(home, "fake-pulumi");
    const plugin = "$PULUMI_HOME/plugins/resource-$4-v$5";
    const line = `mkdir -p "${plugin}" && cp /bin/echo "${plugin}/pulumi-resource-$4"`;
    writeFileSync(cli, `#!/bin/sh\n${line}\n`);
    chmodSync(cli, 0o755);
    const found = await realPlugin("kubernetes", "4.34.2", { env, cli, reachable: async () => true });
    assert.equal(found, join(home, "cache/pulumi/plugins/resource-kubernetes-v4.34.2"));
    assert.equal(await realPlugin("kubernetes", "4.34.2", { env }), found);
  });
});
