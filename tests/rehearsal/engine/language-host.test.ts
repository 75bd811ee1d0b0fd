import assert from "node:assert/strict";
import { join } from "node:path";

import proto from "@pulumi/pulumi/proto/language_pb.js";

import { programCommand, runResponse } from "../../../rehearsal/engine/language-host.ts";
import { toStruct } from "../../../rehearsal/plugins/wire.ts";

const checkout = join(import.meta.dirname, "../../..");

function request(entryPoint: string, options: Record<string, unknown>): proto.RunRequest {
  const info = new proto.ProgramInfo();
  info.setProgramDirectory(checkout);
  info.setRootDirectory(checkout);
  info.setEntryPoint(entryPoint);
  info.setOptions(toStruct(options));
  const run = new proto.RunRequest();
  run.setInfo(info);
  run.setPwd(checkout);
  run.setMonitorAddress("127.0.0.1:1");
  run.setProject("platform");
  run.setStack("qa");
  run.setOrganization("organization");
  run.setParallel(16);
  run.getConfigMap().set("infra:zones", "3");
  run.setConfigsecretkeysList(["infra:token"]);
  return run;
}

describe("the language host", () => {
  it("starts a program with the addresses, the names and the configuration of its run", () => {
    const { args, env, cwd } = programCommand(request("index.ts", { typescript: false }), "127.0.0.1:2");
    assert.equal(cwd, checkout);
    assert.match(args[0] ?? "", /@pulumi\/pulumi\/cmd\/run\/index\.js$/);
    assert.deepEqual(args.slice(1), [
      "--monitor=127.0.0.1:1",
      "--engine=127.0.0.1:2",
      "--project=platform",
      "--stack=qa",
      "--organization=organization",
      `--root-directory=${checkout}`,
      `--pwd=${checkout}`,
      "--parallel=16",
      join(checkout, "index.ts"),
    ]);
    assert.deepEqual(env, {
      PULUMI_CONFIG: '{"infra:zones":"3"}',
      PULUMI_CONFIG_SECRET_KEYS: '["infra:token"]',
      PULUMI_NODEJS_TYPESCRIPT: "false",
    });
  });

  it("says when it is a preview", () => {
    const preview = request("index.ts", {});
    preview.setDryrun(true);
    assert.ok(programCommand(preview, "a").args.includes("--dry-run"));
    assert.ok(!programCommand(request("index.ts", {}), "a").args.includes("--dry-run"));
  });

  it("leaves an entry point of `.` to the SDK, and passes Node's own arguments first", () => {
    const { args, env } = programCommand(
      request(".", { nodeargs: " --max-old-space-size=400  --trace-warnings " }),
      "a",
    );
    assert.deepEqual(args.slice(0, 2), ["--max-old-space-size=400", "--trace-warnings"]);
    assert.equal(args.at(-1), ".");
    assert.equal(env["PULUMI_NODEJS_TYPESCRIPT"], "true");
  });

  it("adds nothing to a failure that the program has reported itself", () => {
    assert.deepEqual(runResponse(0, null).toObject(), { error: "", bail: false });
    assert.deepEqual(runResponse(32, null).toObject(), { error: "", bail: true });
    assert.match(runResponse(1, null).getError(), /code 1/);
    assert.match(runResponse(null, "SIGKILL").getError(), /SIGKILL/);
  });
});
