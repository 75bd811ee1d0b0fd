import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { packageVersion } from "../../../rehearsal/home.ts";
import { manifestSources } from "../../../rehearsal/tools/manifests.ts";
import { engineVersion, minimumGo, tools } from "../../../rehearsal/tools/table.ts";

const folder = join(import.meta.dirname, "../../../rehearsal/tools");

function pinned(module: string): string {
  return readFileSync(join(folder, module, "go.mod"), "utf8");
}

describe("the table of tools", () => {
  it("has a module folder for every tool, with the version that the table says", () => {
    for (const tool of tools) {
      const major = tool.package.replace(/\/cmd\/.*/, "");
      const required = [
        ...pinned(tool.module).matchAll(/^\s*(?:require )?(\S+) v(\S+?)(?: \/\/ indirect)?$/gm),
      ];
      const match = required.find(([, path = ""]) => major === path || tool.package.startsWith(`${path}/`));
      assert.equal(match?.[2], tool.version, tool.name);
    }
  });

  it("asks for the Go that the modules ask for", () => {
    const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const wanted = folders.map(({ name }) => /^go (\d+\.\d+)/m.exec(pinned(name))?.[1] ?? "");
    assert.equal(wanted.sort((a, b) => a.localeCompare(b, undefined, { numeric: true })).at(-1), minimumGo);
  });

  it("builds the engine of the version that the program's SDK is of", () => {
    assert.equal(packageVersion(join(folder, "../.."), "pulumi"), engineVersion);
  });

  it("pins every module of manifests by version and checksum", () => {
    const sums = readFileSync(join(folder, "manifests/go.sum"), "utf8");
    for (const { module } of Object.values(manifestSources)) {
      const version = new RegExp(`^\\t${module} (v\\S+)$`, "m").exec(pinned("manifests"))?.[1];
      assert.ok(version, module);
      assert.ok(sums.includes(`${module} ${version} h1:`), module);
    }
  });
});
