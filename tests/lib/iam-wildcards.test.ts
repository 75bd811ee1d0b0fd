import assert from "node:assert/strict";
import fc from "fast-check";

import { isWideAction, isWideResource } from "../../lib/iam-wildcards.ts";

const word = fc.stringMatching(/^[a-z0-9-]{1,8}$/);
const wildcard = fc.constantFrom("*", "?");
const separator = fc.constantFrom("/", ":");
/** `arn:aws:<service>:<region>:<account>` */
const fields = fc.tuple(fc.constant("arn"), fc.constant("aws"), word, word, word);

describe("an action", () => {
  it("is wide by any wildcard in it", () => {
    fc.assert(fc.property(word, wildcard, word, (a, b, c) => isWideAction(`s3:${a}${b}${c}`)));
    fc.assert(fc.property(word, word, (a, b) => !isWideAction(`${a}:${b}`)));
  });
});

describe("a resource", () => {
  it("is wide where it stands for everything, for a kind, or for the same elsewhere", () => {
    for (const resource of [
      "*",
      "arn:*",
      "arn:aws:s3:::*",
      "arn:aws:secretsmanager:*:*:secret:*",
      "arn:aws:kms:*:*:key/*",
      "arn:aws:kms:ap-south-1:*:key/k",
      "arn:aws:iam::111122223333:role/*",
      "arn:aws:iam::111122223333:r*",
      "arn:aws:logs:ap-south-1:111122223333:log-group:*:*",
      "arn:aws:secretsmanager:ap-south-1:111122223333:secret:?*",
    ]) {
      assert.ok(isWideResource(resource), resource);
    }
  });

  it("is wide by a wildcard in any of the first five fields, whatever follows", () => {
    fc.assert(
      fc.property(fields, fc.nat(4), wildcard, word, word, (parts, index, wild, type, name) => {
        const wide = parts.map((part, at) => (at === index ? `${part}${wild}` : part));
        return isWideResource([...wide, `${type}/${name}`].join(":"));
      }),
    );
  });

  it("is wide if it says nothing but its kind, and not if it says the start of a name", () => {
    fc.assert(
      fc.property(fields, word, separator, wildcard, word, (parts, type, between, wild, name) => {
        const resource = (rest: string): string => [...parts, rest].join(":");
        assert.ok(isWideResource(resource(wild)));
        assert.ok(isWideResource(resource(`${type}${between}${wild}`)));
        assert.ok(isWideResource(resource(`${type}${wild}`)));
        assert.ok(!isWideResource(resource(`${type}${between}${name}/${wild}`)));
        assert.ok(!isWideResource(resource(`${type}${between}${name}${wild}`)));
        assert.ok(!isWideResource(resource(`${type}${between}${name}`)));
      }),
    );
  });
});
