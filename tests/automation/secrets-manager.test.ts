import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

import { secretsManager } from "../../automation/secrets-manager.ts";
import type { SecretEntry } from "../../automation/secrets.ts";

const environment = { region: "ap-south-1" };

function entry(name: string): SecretEntry {
  return { system: "calculator", name, keys: ["apiKey"] };
}

/** What the server knows of each entry; it refuses `forbidden`. */
const entries: Record<string, object> = {
  set: { VersionIdsToStages: { one: ["AWSPREVIOUS"], two: ["AWSCURRENT"] } },
  fresh: {},
  pending: { VersionIdsToStages: { one: ["AWSPENDING"] } },
  deleted: { DeletedDate: 1_700_000_000, VersionIdsToStages: { one: ["AWSCURRENT"] } },
};

describe("the account's own Secrets Manager", () => {
  const targets = new Set<string | undefined>();
  let server: Server;
  let client: SecretsManagerClient;

  const answer = async (request: IncomingMessage): Promise<[number, object]> => {
    targets.add(request.headers["x-amz-target"]?.toString());
    const { SecretId } = (await json(request)) as { SecretId: string };
    if (SecretId === "forbidden") return [400, { __type: "AccessDeniedException", message: "not allowed" }];
    const found = entries[SecretId];
    return found === undefined
      ? [400, { __type: "ResourceNotFoundException" }]
      : [200, { Name: SecretId, ...found }];
  };

  before(async () => {
    server = createServer((request, response) => {
      void answer(request).then(([status, body]) => {
        response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    client = new SecretsManagerClient({
      ...environment,
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: "x", secretAccessKey: "x" },
      maxAttempts: 1,
    });
  });

  after(() => {
    client.destroy();
    server.close();
  });

  it("says which entries have no current value, without reading any", async () => {
    const all = ["set", "fresh", "pending", "deleted", "unknown"].map(entry);
    const empty = await secretsManager(environment, client).empty(all);
    assert.deepEqual(
      empty.map(({ name }) => name),
      ["fresh", "pending", "deleted", "unknown"],
    );
    assert.deepEqual([...targets], ["secretsmanager.DescribeSecret"]);
  });

  it("does not take a refusal for a missing value", async () => {
    await assert.rejects(secretsManager(environment, client).empty([entry("forbidden")]), /not allowed/);
  });
});
