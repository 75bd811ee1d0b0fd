import assert from "node:assert/strict";

import fc from "fast-check";

import { errorJson, explain, parsePlatformError, type Place } from "../../automation/errors.ts";
import { errorIds, PlatformError, type ErrorId } from "../../lib/errors.ts";
import { raises } from "../helpers/raises.ts";
import { urnOf } from "./events.ts";

const place: Place = { environment: "prod", layer: "mesh", command: "platform up prod" };

/** Raises what the engine's message is turned into. */
function raise(message: string, at: Place = place, urn?: string): never {
  throw explain([{ urn, message }], at)[0] ?? new Error("nothing was explained");
}

describe("errors of the engine", () => {
  it("names who holds the lock, and how to get rid of one that was left", () => {
    const error = raises("STACK_LOCKED", () =>
      raise(
        "the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///state/.pulumi/locks/organization/platform-mesh/prod/beded47d.json?no_tmp_dir=true: created by ana@laptop (pid 9318) at 2026-11-21T08:40:47Z",
      ),
    );
    assert.equal(error.value, "created by ana@laptop (pid 9318) at 2026-11-21T08:40:47Z");
    assert.match(error.remedy, /'pulumi cancel --stack prod' in mesh\//);
  });

  it("knows the lock of Pulumi Cloud too", () => {
    const text = "[409] Conflict: Another update is currently in progress.";
    assert.doesNotMatch(
      raises("STACK_LOCKED", () => raise(text, { ...place, layer: "all" })).remedy,
      / in all/,
    );
  });

  it("turns a lower stack that is not there into the layer to run first", () => {
    const error = raises("CONTRACT_MISSING", () =>
      raise('Preview failed: unknown stack "organization/platform-infra/prod"'),
    );
    assert.equal(error.remedy, "Run layer infra first: platform up prod --layer infra.");
  });

  it("says what is wrong with the passphrase", () => {
    const unset =
      "get stack secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables";
    assert.match(raises("PASSPHRASE_WRONG", () => raise(unset)).rule, /encrypted/);
    assert.match(raises("PASSPHRASE_WRONG", () => raise("incorrect passphrase")).rule, /not the passphrase/);
  });

  it("knows a place for the state that is not there", () => {
    raises("BACKEND_UNREACHABLE", () =>
      raise("PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions"),
    );
    const error = raises("BACKEND_UNREACHABLE", () =>
      raise('unable to open state directory "file:///x": stat /x: no such file'),
    );
    assert.match(error.rule, /file:\/\/\/x/);
  });

  it("names the account that the credentials belong to", () => {
    const text = "Invalid credentials configured for AWS provider: AWS account ID not allowed: 444455556666";
    assert.equal(raises("ACCOUNT_MISMATCH", () => raise(text)).value, "444455556666");
  });

  it("knows missing and expired credentials", () => {
    for (const text of [
      "configuring provider: no valid credential sources for AWS provider found.",
      "operation error STS: GetCallerIdentity, ExpiredToken: the security token included in the request is expired",
      "Could not load credentials from any providers",
    ]) {
      assert.match(raises("CREDENTIALS_MISSING", () => raise(text)).remedy, /aws sso login/);
    }
  });

  it("shows anything else with its resource and the command that goes on", () => {
    const urn = urnOf("platform:infra:Infra$aws:ec2/vpc:Vpc", "infra-vpc");
    const error = raises("ENGINE_FAILED", () => raise("VpcLimitExceeded.", place, urn));
    assert.equal(
      error.message,
      "ENGINE_FAILED: aws:ec2/vpc:Vpc infra-vpc: VpcLimitExceeded. Put right what it says, then run 'platform up prod' again: it goes on from here.",
    );
  });

  it("tells the platform's own errors before those that follow from them, each once", () => {
    const own =
      "CONTRACT_MISSING: platform-infra.region: the layer has not exported it. Run layer infra first: platform up qa --layer infra.";
    const errors = explain([{ message: "the program ended" }, { message: own }, { message: own }], place);
    assert.deepEqual(
      errors.map(({ id }) => id),
      ["CONTRACT_MISSING", "ENGINE_FAILED"],
    );
    assert.equal(errors[0]?.message, own);
  });

  it("finds the parts of an error that the program raised", () => {
    const text = `CONFIG_INVALID: infra:cluster = {"version":"1: 2"}: it is wrong: very. Set it in Pulumi.qa.yaml.`;
    const error = parsePlatformError(`Error: while reading\n${text}`);
    assert.deepEqual(
      [error?.key, error?.value, error?.rule, error?.remedy],
      ["infra:cluster", { version: "1: 2" }, "it is wrong: very", "Set it in Pulumi.qa.yaml."],
    );
  });

  it("leaves alone what merely looks like one of the platform's errors", () => {
    assert.equal(parsePlatformError("NO_SUCH_ID: a: b. C."), undefined);
    assert.equal(parsePlatformError("VpcLimitExceeded: too many"), undefined);
  });

  it("reads back whatever the platform writes", () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const words = fc.array(word, { minLength: 1, maxLength: 5 }).map((list) => list.join(" "));
    const details = fc.record({
      id: fc.constantFrom(...(Object.keys(errorIds) as ErrorId[])),
      key: fc.tuple(word, word).map(([bag, key]) => `${bag}:${key}.[0]`),
      value: fc.option(fc.jsonValue(), { nil: undefined }),
      rule: fc.oneof(
        words,
        fc.tuple(words, words).map(([a, b]) => `${a}: ${b}`),
      ),
      remedy: words.map((text) => `Then ${text}. And: ${text}.`),
    });
    fc.assert(
      fc.property(details, (given) => {
        const written = new PlatformError(given);
        const read = parsePlatformError(`Error: ${written.message}`);
        assert.equal(read?.message, written.message);
        assert.deepEqual(
          [read?.id, read?.key, read?.rule, read?.remedy],
          [given.id, given.key, given.rule, given.remedy],
        );
      }),
    );
  });

  it("is printed as JSON with the layer, but for the one stack that holds all", () => {
    const error = new PlatformError({ id: "ENGINE_FAILED", key: "k", rule: "r", remedy: "m" });
    assert.deepEqual(JSON.parse(JSON.stringify(errorJson(error, "mesh"))), {
      id: "ENGINE_FAILED",
      key: "k",
      rule: "r",
      remedy: "m",
      layer: "mesh",
    });
    assert.equal(errorJson(error, "all")["layer"], undefined);
  });
});
