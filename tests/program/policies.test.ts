import assert from "node:assert/strict";

import type { Manifest } from "../../lib/manifests.ts";
import { meshNames } from "../../lib/mesh-names.ts";
import { graphOf, type Graph } from "../helpers/graph.ts";
import type { Recorded } from "../helpers/mocks.ts";
import { placedObjects, podOf, type Placed } from "../helpers/objects.ts";
import { program, stacks } from "../helpers/program.ts";
import { leaves } from "../helpers/walk.ts";

interface AuthorizationSpec {
  selector?: unknown;
  action?: string;
  rules?: unknown[];
}

interface NetworkSpec {
  podSelector: object;
  policyTypes?: string[];
  ingress?: unknown[];
  egress?: unknown[];
}

const authorization = (object: Manifest): AuthorizationSpec => object["spec"] ?? {};
const network = (object: Manifest): NetworkSpec => object["spec"] as NetworkSpec;

/** Applies to everything and allows nothing. */
function deniesAll({ kind, ...rest }: Manifest): boolean {
  const object = { kind, ...rest } as Manifest;
  if (kind === "AuthorizationPolicy") {
    const { selector, action = "ALLOW", rules = [] } = authorization(object);
    return selector === undefined && action === "ALLOW" && rules.length === 0;
  }
  const { podSelector, policyTypes = [], ingress = [], egress = [] } = network(object);
  const both = ["Ingress", "Egress"].every((type) => policyTypes.includes(type));
  return Object.keys(podSelector).length === 0 && both && ingress.length + egress.length === 0;
}

for (const stack of stacks) {
  describe(`the policies of ${stack}`, () => {
    let objects: Placed[] = [];
    let resources: Recorded[] = [];
    let graph: Graph;
    before(async () => {
      objects = await placedObjects(stack);
      resources = (await program(stack)).resources;
      graph = graphOf(resources);
    });
    const ofKind = (kind: string): Manifest[] =>
      objects.map(({ object }) => object).filter((object) => object.kind === kind);
    /** Resources of a kind that deny everything, and the others. */
    const split = (kind: string): [deny: Recorded[], allow: Recorded[]] => {
      const all = resources.filter(({ type }) => type.startsWith("kubernetes:") && type.endsWith(`:${kind}`));
      const denies = ({ inputs }: Recorded): boolean => deniesAll(inputs as unknown as Manifest);
      return [all.filter(denies), all.filter((resource) => !denies(resource))];
    };

    it("refuse every call in the mesh that nothing allows", () => {
      const deny = ofKind("AuthorizationPolicy").filter(deniesAll);
      assert.deepEqual(
        deny.map(({ metadata }) => metadata.namespace),
        [meshNames.rootNamespace],
      );
    });

    it("refuse calls before they allow any", () => {
      const [[deny], allows] = split("AuthorizationPolicy");
      assert.ok(deny !== undefined && allows.length > 0);
      // Another layer's allows come after the whole of mesh.
      const together = allows.filter(({ urn }) => urn.split("::")[1] === deny.urn.split("::")[1]);
      assert.deepEqual(
        together.filter((allow) => !graph.follows(allow, deny)).map(({ name }) => name),
        [],
      );
    });

    it("demand mutual TLS of everyone", () => {
      const peers = ofKind("PeerAuthentication");
      const meshWide = peers.filter(({ metadata, ...rest }) => {
        return (
          metadata.namespace === meshNames.rootNamespace &&
          (rest["spec"] as { selector?: unknown }).selector === undefined
        );
      });
      assert.equal(meshWide.length, 1);
      const modes = leaves(peers.map((peer) => peer["spec"])).filter(({ key }) => key === "mode");
      assert.deepEqual(new Set(modes.map(({ value }) => value)), new Set(["STRICT"]));
    });

    it("name callers by identity, never by wildcard", () => {
      for (const object of ofKind("AuthorizationPolicy")) {
        const wide = leaves(authorization(object).rules ?? []).filter(
          ({ value }) => typeof value === "string" && value.includes("*"),
        );
        assert.deepEqual(
          wide.map(({ path }) => path),
          [],
          object.metadata.name,
        );
      }
    });

    it("refuse every connection of a workload's namespace that nothing allows", () => {
      const spaces = new Set(
        objects
          .filter(({ object }) => podOf(object) !== undefined)
          .map(({ object }) => object.metadata.namespace),
      );
      const denied = new Set(
        ofKind("NetworkPolicy")
          .filter(deniesAll)
          .map(({ metadata }) => metadata.namespace),
      );
      assert.ok(spaces.size > 0);
      assert.deepEqual(
        [...spaces].filter((space) => !denied.has(space)),
        [],
      );
    });

    it("refuse connections before they allow any", () => {
      const [denies, allows] = split("NetworkPolicy");
      const spaceOf = ({ inputs }: Recorded): unknown =>
        (inputs["metadata"] as Manifest["metadata"]).namespace;
      for (const allow of allows) {
        const deny = denies.find((candidate) => spaceOf(candidate) === spaceOf(allow));
        assert.ok(deny !== undefined && graph.follows(allow, deny), allow.name);
      }
    });

    it("open the namespaces' pods to the mesh before a workload starts", () => {
      const spaces = ofKind("Namespace").filter(({ metadata }) => {
        return objects.some(
          ({ object }) => podOf(object) !== undefined && object.metadata.namespace === metadata.name,
        );
      });
      assert.ok(spaces.length > 0);
      for (const { metadata } of spaces) assert.equal(metadata.labels?.["istio.io/rev"], "default");
    });
  });
}
