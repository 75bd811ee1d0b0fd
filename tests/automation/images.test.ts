import assert from "node:assert/strict";

import { imagesOf, pushCommands, requireImages } from "../../automation/images.ts";
import { placeAll } from "../../lib/systems.ts";
import { raises } from "../helpers/raises.ts";

const environment = {
  name: "qa",
  domain: "mesh.example.com",
  accountId: "111122223333",
  region: "ap-south-1",
};
const images = imagesOf(placeAll(environment, { calculator: { delivery: "pulumi" } }), environment);

describe("the images of an environment", () => {
  it("are one for each version of each service, in the environment's own repositories", () => {
    assert.equal(images.length, 8);
    const api = images.filter(({ service }) => service === "calculator-api");
    assert.deepEqual(
      api.map(({ repository }) => repository),
      ["qa/calculator/calculator-api", "qa/calculator/calculator-api"],
    );
    assert.equal(new Set(api.map(({ tag }) => tag)).size, 2);
  });

  it("are listed sorted and each once", () => {
    const references = images.map(({ reference }) => reference);
    assert.deepEqual(references, [...new Set(references)].sort());
    assert.match(
      references[0] ?? "",
      /^111122223333\.dkr\.ecr\.ap-south-1\.amazonaws\.com\/qa\/calculator\/.+:.+$/,
    );
  });

  it("are refused while some are missing, with the commands that push them", () => {
    const missing = images.slice(0, 2);
    const error = raises("IMAGES_MISSING", () => requireImages(missing, environment));
    assert.deepEqual(
      error.value,
      missing.map(({ repository, tag }) => `${repository}:${tag}`),
    );
    for (const { reference } of missing) assert.ok(error.remedy.includes(`docker push ${reference}`));
    assert.match(error.remedy, /'platform up qa' again/);
    assert.match(
      error.remedy,
      /docker build --platform linux\/amd64 --tag \S+ '<sources of add-service v1>'/,
    );
  });

  it("are no hindrance once all are there", () => {
    requireImages([], environment);
  });

  it("are pushed after one sign-in to the environment's registry", () => {
    const [login, ...pushes] = pushCommands(images, environment);
    assert.equal(
      login,
      "aws ecr get-login-password --region ap-south-1 | docker login --username AWS --password-stdin 111122223333.dkr.ecr.ap-south-1.amazonaws.com",
    );
    assert.equal(pushes.length, images.length);
  });
});
