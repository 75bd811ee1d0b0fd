import assert from "node:assert/strict";

import type { ECRClient } from "@aws-sdk/client-ecr";

import { ecrRegistry } from "../../automation/ecr.ts";
import type { Image } from "../../automation/images.ts";

const environment = { accountId: "111122223333", region: "ap-south-1" };

function image(repository: string, tag: string): Image {
  return {
    system: "calculator",
    service: "x",
    version: "v1",
    repository,
    tag,
    reference: `${repository}:${tag}`,
  };
}

interface Request {
  registryId?: string;
  repositoryName: string;
  imageIds: { imageTag: string }[];
}

/** A registry with these tags; what it does not know as a repository it refuses, as the real one does. */
async function fake(
  repositories: Record<string, string[]>,
  requests: Request[] = [],
): Promise<Pick<ECRClient, "send">> {
  const { RepositoryNotFoundException } = await import("@aws-sdk/client-ecr");
  const send = async ({ input }: { input: Request }): Promise<unknown> => {
    requests.push(input);
    const tags = repositories[input.repositoryName];
    if (tags === undefined)
      throw new RepositoryNotFoundException({ message: "no such repository", $metadata: {} });
    const present = input.imageIds.filter(({ imageTag }) => tags.includes(imageTag));
    return { images: present.map((imageId) => ({ imageId })), failures: [] };
  };
  return { send: send as ECRClient["send"] };
}

describe("the environment's own registry", () => {
  it("says which images it does not hold", async () => {
    const registry = ecrRegistry(environment, await fake({ "qa/a": ["1", "2"], "qa/b": [] }));
    const missing = await registry.missing([image("qa/a", "1"), image("qa/a", "3"), image("qa/b", "1")]);
    assert.deepEqual(
      missing.map(({ reference }) => reference),
      ["qa/a:3", "qa/b:1"],
    );
  });

  it("takes an image of a repository that does not exist for missing", async () => {
    const registry = ecrRegistry(environment, await fake({}));
    assert.equal((await registry.missing([image("qa/a", "1")])).length, 1);
  });

  it("asks for the environment's account, once a repository, a hundred images at most at a time", async () => {
    const requests: Request[] = [];
    const tags = Array.from({ length: 150 }, (_, index) => String(index));
    const registry = ecrRegistry(environment, await fake({ "qa/a": tags }, requests));
    assert.deepEqual(await registry.missing(tags.map((tag) => image("qa/a", tag))), []);
    assert.deepEqual(
      requests.map(({ registryId, imageIds }) => [registryId, imageIds.length]),
      [
        ["111122223333", 100],
        ["111122223333", 50],
      ],
    );
  });

  it("does not take a refusal for a missing image", async () => {
    const send = async (): Promise<never> => {
      throw new Error("AccessDeniedException");
    };
    await assert.rejects(ecrRegistry(environment, { send }).missing([image("qa/a", "1")]), /AccessDenied/);
  });
});
