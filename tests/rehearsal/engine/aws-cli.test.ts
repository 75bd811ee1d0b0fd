import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { answer } from "../../../rehearsal/engine/aws-cli.ts";

const kubeconfig = `
apiVersion: v1
kind: Config
current-context: admin
contexts:
  - name: other
    context: { cluster: c, user: nobody }
  - name: admin
    context: { cluster: c, user: root }
users:
  - name: nobody
    user: { token: wrong }
  - name: root
    user: { token: right }
`;

describe("the aws command of a rehearsal", () => {
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "aws-cli-"));
    file = join(directory, "kubeconfig");
    writeFileSync(file, kubeconfig);
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it("answers a kubeconfig of EKS with the token of the rehearsal's cluster", () => {
    const args = [
      "--region",
      "eu-north-1",
      "eks",
      "get-token",
      "--cluster-name",
      "platform",
      "--output",
      "json",
    ];
    const { code, stdout } = answer(args, { REHEARSAL_KUBECONFIG: file });
    assert.equal(code, 0);
    const credential = JSON.parse(stdout) as {
      kind: string;
      apiVersion: string;
      status: Record<string, string>;
    };
    assert.equal(credential.kind, "ExecCredential");
    assert.equal(credential.apiVersion, "client.authentication.k8s.io/v1beta1");
    assert.equal(credential.status["token"], "right");
    assert.ok(Date.parse(credential.status["expirationTimestamp"] ?? "") > Date.now());
  });

  it("answers in the version that the caller asks for", () => {
    const wanted = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential" };
    const env = { REHEARSAL_KUBECONFIG: file, KUBERNETES_EXEC_INFO: JSON.stringify(wanted) };
    assert.match(answer(["eks", "get-token"], env).stdout, /"apiVersion":"client.authentication.k8s.io\/v1"/);
  });

  it("says its version, which is all that some programs look for", () => {
    assert.match(answer(["--version"], {}).stdout, /^aws-cli\/2/);
  });

  it("refuses everything else", () => {
    for (const args of [
      ["sts", "get-caller-identity"],
      ["eks", "update-kubeconfig", "--name", "get-token"],
      [],
    ]) {
      const { code, stdout, stderr } = answer(args, { REHEARSAL_KUBECONFIG: file });
      assert.deepEqual([code, stdout], [1, ""], args.join(" "));
      assert.match(stderr, /reaches no account/);
    }
  });

  it("says what is missing when there is no cluster", () => {
    assert.match(answer(["eks", "get-token"], {}).stderr, /REHEARSAL_KUBECONFIG is not set/);
    writeFileSync(file, "users: [{ name: a, user: {} }]\n");
    assert.match(answer(["eks", "get-token"], { REHEARSAL_KUBECONFIG: file }).stderr, /holds no token/);
  });
});
